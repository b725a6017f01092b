import type { VNode } from 'preact';
import { LocationProvider } from 'preact-iso';
import { AppContext } from './app.ts';
import type { App } from './app.ts';
import { Boundary } from './Boundary.tsx';
import { Stage } from './Stage.tsx';
import { LiveRegion } from '../parts/LiveRegion.tsx';
import { Toasts } from '../parts/Toasts.tsx';

/** The whole app below one context. */
export function Root({ app }: { readonly app: App }): VNode {
  return (
    <AppContext.Provider value={app}>
      <LocationProvider>
        <Boundary>
          <Stage />
        </Boundary>
        <Toasts />
        <LiveRegion />
      </LocationProvider>
    </AppContext.Provider>
  );
}
