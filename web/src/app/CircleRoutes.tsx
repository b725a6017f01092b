import { useEffect } from 'preact/hooks';
import type { VNode } from 'preact';
import { lazy, Route, Router } from 'preact-iso';
import { useIncoming } from './useIncoming.ts';
import Home from '../screens/Home.tsx';
import { Newer } from '../screens/Newer.tsx';
import { NotFound } from '../screens/NotFound.tsx';
import Pay from '../screens/Pay.tsx';
import PayAmount from '../screens/PayAmount.tsx';
import { Starting } from '../screens/Starting.tsx';

const About = lazy(() => import('../screens/About.tsx'));
const Book = lazy(() => import('../screens/Book.tsx'));
const Circle = lazy(() => import('../screens/Circle.tsx'));
const GetPaid = lazy(() => import('../screens/GetPaid.tsx'));
const HandOver = lazy(() => import('../screens/HandOver.tsx'));
const Invite = lazy(() => import('../screens/Invite.tsx'));
const JoinLanding = lazy(() => import('../screens/JoinLanding.tsx'));
const Look = lazy(() => import('../screens/Look.tsx'));
const Me = lazy(() => import('../screens/Me.tsx'));
const People = lazy(() => import('../screens/People.tsx'));
const Person = lazy(() => import('../screens/Person.tsx'));
const PhoneLock = lazy(() => import('../screens/PhoneLock.tsx'));
const Receipt = lazy(() => import('../screens/Receipt.tsx'));
const Rules = lazy(() => import('../screens/Rules.tsx'));
const Scan = lazy(() => import('../screens/Scan.tsx'));
const Sharing = lazy(() => import('../screens/Sharing.tsx'));
const Storage = lazy(() => import('../screens/Storage.tsx'));
const Talk = lazy(() => import('../screens/Talk.tsx'));
const Wipe = lazy(() => import('../screens/Wipe.tsx'));

/** Fetched as soon as a finger rests on a link to them. */
const BY_PATH: readonly (readonly [RegExp, { preload(): Promise<unknown> }])[] = [
  [/^\/get-paid/, GetPaid],
  [/^\/scan/, Scan],
  [/^\/receipt/, Receipt],
  [/^\/circle\/?$/, Circle],
  [/^\/me\/?$/, Me],
  [/^\/people\/?$/, People],
  [/^\/people\/./, Person],
  [/^\/invite/, Invite],
];

const preloadOn = (event: Event): void => {
  const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
  const path = link?.getAttribute('href') ?? '';
  const found = BY_PATH.find(([pattern]) => pattern.test(path));
  // offline it may not be there; the screen itself says so when it is opened
  found?.[1].preload().catch(() => undefined);
};

/** The screens of a circle. Home and Pay are in the first load; the others come when they are wanted. */
export function CircleRoutes(): VNode {
  useIncoming();
  useEffect(() => {
    addEventListener('pointerover', preloadOn, { passive: true });
    addEventListener('touchstart', preloadOn, { passive: true });
    addEventListener('focusin', preloadOn);
    return () => {
      removeEventListener('pointerover', preloadOn);
      removeEventListener('touchstart', preloadOn);
      removeEventListener('focusin', preloadOn);
    };
  }, []);
  return (
    <Router>
      <Route path="/" component={Home} />
      <Route path="/found" component={Home} />
      <Route path="/pay" component={Pay} />
      <Route path="/pay/:device" component={PayAmount} />
      <Route path="/get-paid" component={GetPaid} />
      <Route path="/scan" component={Scan} />
      <Route path="/hand-over/:id" component={HandOver} />
      <Route path="/receipt/:id" component={Receipt} />
      <Route path="/people" component={People} />
      <Route path="/people/:member" component={Person} />
      <Route path="/invite" component={Invite} />
      <Route path="/circle" component={Circle} />
      <Route path="/circle/rules" component={Rules} />
      <Route path="/circle/book" component={Book} />
      <Route path="/circle/talk" component={Talk} />
      <Route path="/me" component={Me} />
      <Route path="/me/lock" component={PhoneLock} />
      <Route path="/me/sharing" component={Sharing} />
      <Route path="/me/storage" component={Storage} />
      <Route path="/me/look" component={Look} />
      <Route path="/me/wipe" component={Wipe} />
      <Route path="/me/about" component={About} />
      <Route path="/join" component={JoinLanding} />
      <Route path="/newer" component={Newer} />
      <Route path="/demo" component={Starting} />
      <Route default component={NotFound} />
    </Router>
  );
}
