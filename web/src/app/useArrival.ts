import { useEffect, useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { Arrival } from '../boot.ts';
import { useApp } from './app.ts';
import { useReadCode } from './useReadCode.ts';

/** Sends a link that was opened to the screen it is for. An invite stays in memory only: it is a secret [S2]. */
export const useArrival = (): void => {
  const app = useApp();
  const { path, route } = useLocation();
  const readCode = useReadCode();
  const arrival = app.arrival.value;
  const led = useRef<Arrival | null>(null);
  const stage = app.engine.value.view.value.stage;
  useEffect(() => {
    if (!arrival) return;
    if (arrival.kind === 'j') {
      // once: whoever looks around first finds the invite still there afterwards
      if (led.current === arrival) return;
      led.current = arrival;
      if (path !== '/join') route('/join', true);
      return;
    }
    if (stage === 'starting' || stage === 'locked') return;
    if (arrival.kind === 'p' || arrival.kind === 'r') {
      if (stage !== 'circle') return;
      app.arrival.value = null;
      void readCode(arrival.link, false);
      return;
    }
    app.arrival.value = null;
    route('/newer', true);
  }, [app, arrival, path, readCode, route, stage]);
};
