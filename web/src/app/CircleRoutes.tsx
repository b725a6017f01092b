import { useEffect } from 'preact/hooks';
import type { VNode } from 'preact';
import { Route, Router } from 'preact-iso';
import { useIncoming } from './useIncoming.ts';
import { useApp } from './app.ts';
import { laterScreen, screen } from './screen.tsx';
import Home from '../screens/Home.tsx';
import { Newer } from '../screens/Newer.tsx';
import { NotFound } from '../screens/NotFound.tsx';
import Pay from '../screens/Pay.tsx';
import PayAmount from '../screens/PayAmount.tsx';
import { Starting } from '../screens/Starting.tsx';

const About = screen(() => import('../screens/About.tsx'));
const GetPaid = screen(() => import('../screens/GetPaid.tsx'));
const HandOver = screen(() => import('../screens/HandOver.tsx'));
const JoinLanding = screen(() => import('../screens/JoinLanding.tsx'));
const Look = screen(() => import('../screens/Look.tsx'));
const People = screen(() => import('../screens/People.tsx'));
const PhoneLock = screen(() => import('../screens/PhoneLock.tsx'));
const Receipt = screen(() => import('../screens/Receipt.tsx'));
const Scan = screen(() => import('../screens/Scan.tsx'));
const Sharing = screen(() => import('../screens/Sharing.tsx'));
const Storage = screen(() => import('../screens/Storage.tsx'));
const Wipe = screen(() => import('../screens/Wipe.tsx'));
const YourData = screen(() => import('../screens/YourData.tsx'));

// with sentences of their own
const Book = laterScreen(() => import('../screens/Book.tsx'));
const ChangePerson = laterScreen(() => import('../screens/ChangePerson.tsx'));
const ChangeRule = laterScreen(() => import('../screens/ChangeRule.tsx'));
const Charter = laterScreen(() => import('../screens/Charter.tsx'));
const CharterWrite = laterScreen(() => import('../screens/CharterWrite.tsx'));
const Meetings = laterScreen(() => import('../screens/Meetings.tsx'));
const MeetingWrite = laterScreen(() => import('../screens/MeetingWrite.tsx'));
const Circle = laterScreen(() => import('../screens/Circle.tsx'));
const Device = laterScreen(() => import('../screens/Device.tsx'));
const Devices = laterScreen(() => import('../screens/Devices.tsx'));
const GoOn = laterScreen(() => import('../screens/GoOn.tsx'));
const Invite = laterScreen(() => import('../screens/Invite.tsx'));
const Me = laterScreen(() => import('../screens/Me.tsx'));
const Motion = laterScreen(() => import('../screens/Motion.tsx'));
const Person = laterScreen(() => import('../screens/Person.tsx'));
const Pot = laterScreen(() => import('../screens/Pot.tsx'));
const ProposeStewards = laterScreen(() => import('../screens/ProposeStewards.tsx'));
const Recover = laterScreen(() => import('../screens/Recover.tsx'));
const Recovery = laterScreen(() => import('../screens/Recovery.tsx'));
const RecoveryNeighbours = laterScreen(() => import('../screens/RecoveryNeighbours.tsx'));
const RecoveryPractise = laterScreen(() => import('../screens/RecoveryPractise.tsx'));
const RecoveryWords = laterScreen(() => import('../screens/RecoveryWords.tsx'));
const Requests = laterScreen(() => import('../screens/Requests.tsx'));
const Rules = laterScreen(() => import('../screens/Rules.tsx'));
const Stewards = laterScreen(() => import('../screens/Stewards.tsx'));
const Talk = laterScreen(() => import('../screens/Talk.tsx'));

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
  [/^\/circle\/rules\/?$/, Rules],
  [/^\/circle\/changes/, Motion],
  [/^\/circle\/stewards\/?$/, Stewards],
];
/** Where more sentences are needed than the first load has. */
const NEEDS_ALL_WORDS = /^\/(?:circle|me|invite|people\/.)/;

/** The screens of a circle. Home and Pay are in the first load; the others come when they are wanted. */
export function CircleRoutes(): VNode {
  useIncoming();
  const { WithAllWords } = useApp();
  useEffect(() => {
    const preloadOn = (event: Event): void => {
      const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
      const path = link?.getAttribute('href') ?? '';
      void BY_PATH.find(([pattern]) => pattern.test(path))?.[1].preload();
      if (NEEDS_ALL_WORDS.test(path)) void WithAllWords.preload();
    };
    addEventListener('pointerover', preloadOn, { passive: true });
    addEventListener('touchstart', preloadOn, { passive: true });
    addEventListener('focusin', preloadOn);
    return () => {
      removeEventListener('pointerover', preloadOn);
      removeEventListener('touchstart', preloadOn);
      removeEventListener('focusin', preloadOn);
    };
  }, [WithAllWords]);
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
      <Route path="/people/:member/change/:what" component={ChangePerson} />
      <Route path="/invite" component={Invite} />
      <Route path="/circle" component={Circle} />
      <Route path="/circle/requests" component={Requests} />
      <Route path="/circle/stewards" component={Stewards} />
      <Route path="/circle/stewards/propose" component={ProposeStewards} />
      <Route path="/circle/rules" component={Rules} />
      <Route path="/circle/rules/:rule" component={ChangeRule} />
      <Route path="/circle/changes/:id" component={Motion} />
      <Route path="/circle/charter" component={Charter} />
      <Route path="/circle/charter/write" component={CharterWrite} />
      <Route path="/circle/meetings" component={Meetings} />
      <Route path="/circle/meetings/:at" component={MeetingWrite} />
      <Route path="/circle/book" component={Book} />
      <Route path="/circle/go-on" component={GoOn} />
      <Route path="/circle/pot" component={Pot} />
      <Route path="/circle/talk" component={Talk} />
      <Route path="/me" component={Me} />
      <Route path="/me/devices" component={Devices} />
      <Route path="/me/devices/:device" component={Device} />
      <Route path="/me/recovery" component={Recovery} />
      <Route path="/me/recovery/words" component={RecoveryWords} />
      <Route path="/me/recovery/practise" component={RecoveryPractise} />
      <Route path="/me/recovery/neighbours" component={RecoveryNeighbours} />
      <Route path="/me/lock" component={PhoneLock} />
      <Route path="/me/sharing" component={Sharing} />
      <Route path="/me/data" component={YourData} />
      <Route path="/me/storage" component={Storage} />
      <Route path="/me/look" component={Look} />
      <Route path="/me/wipe" component={Wipe} />
      <Route path="/me/about" component={About} />
      <Route path="/join" component={JoinLanding} />
      <Route path="/recover" component={Recover} />
      <Route path="/newer" component={Newer} />
      <Route path="/demo" component={Starting} />
      <Route default component={NotFound} />
    </Router>
  );
}
