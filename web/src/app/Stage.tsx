import { useEffect } from 'preact/hooks';
import type { VNode } from 'preact';
import { useLocation } from 'preact-iso';
import { CircleRoutes } from './CircleRoutes.tsx';
import { OutsideRoutes } from './OutsideRoutes.tsx';
import { useApp } from './app.ts';
import { useArrival } from './useArrival.ts';
import { Broken } from '../screens/Broken.tsx';
import { Insecure } from '../screens/Insecure.tsx';
import { Joining } from '../screens/Joining.tsx';
import { Locked } from '../screens/Locked.tsx';
import { Starting } from '../screens/Starting.tsx';

/** Which screens there are, by what the engine says it is. */
export function Stage(): VNode {
  const app = useApp();
  const { path, query, route } = useLocation();
  const view = app.engine.value.view.value;
  useArrival();
  useEffect(() => {
    if (path !== '/demo') return;
    void app.openDemo(query['with']?.split(',')).then(() => route('/', true));
  }, [app, path, query, route]);
  useEffect(() => {
    window.scrollTo(0, 0);
    if (path !== app.loadedAt.peek()) app.loadedAt.value = null;
  }, [app, path]);
  if (!isSecureContext && !app.isDemo.value) return <Insecure />;
  switch (view.stage) {
    case 'starting':
      return <Starting />;
    case 'locked':
      return <Locked lock={view.lock} />;
    case 'none':
      return <OutsideRoutes />;
    case 'joining':
      return <Joining view={view} />;
    case 'circle':
      return <CircleRoutes />;
    case 'broken':
      return <Broken reason={view.reason} />;
  }
}
