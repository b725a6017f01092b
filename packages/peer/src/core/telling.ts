/** When screens are told: the first changes at once, a long run of them together. */
import type { Clock } from '../ports.ts';
import { VIEW_BURST, VIEW_MS } from './limits.ts';

export interface Telling {
  /** Something changed. */
  show(): void;
  /** Told now, whatever was told before. */
  now(): void;
  stop(): void;
}
export function createTelling(clock: Clock, tell: () => void): Telling {
  /** Tellings that may go at once; each VIEW_MS without one gives one more. */
  let burst = VIEW_BURST;
  let toldAt = 0;
  let cancel: (() => void) | undefined;
  let stopped = false;
  const now = (): void => {
    const at = clock.now();
    burst = Math.max(0, Math.min(VIEW_BURST, burst + Math.max(0, at - toldAt) / VIEW_MS) - 1);
    toldAt = at;
    if (!stopped) tell();
  };
  return {
    now,
    show() {
      if (stopped || cancel !== undefined) return;
      const due = toldAt + VIEW_MS - clock.now();
      // A clock that jumps back waits no longer than that.
      const wait = burst >= 1 ? 0 : Math.min(VIEW_MS, Math.max(0, due));
      cancel = clock.after(wait, () => {
        cancel = undefined;
        now();
      });
    },
    stop() {
      stopped = true;
      cancel?.();
    },
  };
}
