import { useEffect } from 'preact/hooks';
import type { VNode } from 'preact';
import { Route, Router } from 'preact-iso';
import { useIncoming } from './useIncoming.ts';
import { screen } from './screen.ts';
import Home from '../screens/Home.tsx';
import { Newer } from '../screens/Newer.tsx';
import { NotFound } from '../screens/NotFound.tsx';
import Pay from '../screens/Pay.tsx';
import PayAmount from '../screens/PayAmount.tsx';
import { Starting } from '../screens/Starting.tsx';

const About = screen(() => import('../screens/About.tsx'));
const Book = screen(() => import('../screens/Book.tsx'));
const Circle = screen(() => import('../screens/Circle.tsx'));
const GetPaid = screen(() => import('../screens/GetPaid.tsx'));
const HandOver = screen(() => import('../screens/HandOver.tsx'));
const Invite = screen(() => import('../screens/Invite.tsx'));
const JoinLanding = screen(() => import('../screens/JoinLanding.tsx'));
const Look = screen(() => import('../screens/Look.tsx'));
const Me = screen(() => import('../screens/Me.tsx'));
const People = screen(() => import('../screens/People.tsx'));
const Person = screen(() => import('../screens/Person.tsx'));
const PhoneLock = screen(() => import('../screens/PhoneLock.tsx'));
const Receipt = screen(() => import('../screens/Receipt.tsx'));
const Rules = screen(() => import('../screens/Rules.tsx'));
const Scan = screen(() => import('../screens/Scan.tsx'));
const Sharing = screen(() => import('../screens/Sharing.tsx'));
const Storage = screen(() => import('../screens/Storage.tsx'));
const Talk = screen(() => import('../screens/Talk.tsx'));
const Wipe = screen(() => import('../screens/Wipe.tsx'));
const YourData = screen(() => import('../screens/YourData.tsx'));

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
  void found?.[1].preload();
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
      <Route path="/me/data" component={YourData} />
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
