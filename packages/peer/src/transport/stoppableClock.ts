import type { Clock } from '../ports.ts';

/** A clock whose timers all end with `stop`; afterwards it starts no new ones. */
export interface StoppableClock extends Clock {
  stop(): void;
}

/** Wraps `clock`, so that nothing a transport began still runs when it has stopped. */
export function stoppable(clock: Clock): StoppableClock {
  const running = new Set<() => void>();
  let stopped = false;
  return {
    now: () => clock.now(),
    after(ms, task) {
      if (stopped) return () => undefined;
      const cancelTimer = clock.after(ms, () => {
        running.delete(cancel);
        task();
      });
      const cancel = (): void => {
        if (running.delete(cancel)) cancelTimer();
      };
      running.add(cancel);
      return cancel;
    },
    stop() {
      stopped = true;
      for (const cancel of running) cancel();
    },
  };
}
