import type { VNode } from 'preact';
import { Route, Router } from 'preact-iso';
import { laterScreen, screen } from './screen.tsx';
import { Newer } from '../screens/Newer.tsx';
import { Starting } from '../screens/Starting.tsx';
import { Welcome } from '../screens/Welcome.tsx';

const Found = screen(() => import('../screens/Found.tsx'));
const JoinLanding = screen(() => import('../screens/JoinLanding.tsx'));
const Scan = screen(() => import('../screens/Scan.tsx'));
const Recover = laterScreen(() => import('../screens/Recover.tsx'));
const SavedBook = screen(() => import('../screens/SavedBook.tsx'));
const About = screen(() => import('../screens/About.tsx'));

/** The screen of an invite, asked for before anything is drawn: another one must not flash up under the thumb first. */
export const fetchInviteScreen = (): Promise<unknown> => JoinLanding.preload();

/** What can be opened before this phone has a circle. */
export function OutsideRoutes(): VNode {
  return (
    <Router>
      <Route path="/found" component={Found} />
      <Route path="/join" component={JoinLanding} />
      <Route path="/recover" component={Recover} />
      <Route path="/scan" component={Scan} />
      <Route path="/saved-book" component={SavedBook} />
      <Route path="/about" component={About} />
      <Route path="/newer" component={Newer} />
      <Route path="/demo" component={Starting} />
      <Route default component={Welcome} />
    </Router>
  );
}
