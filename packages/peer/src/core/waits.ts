/** The waits of a witness's rounds [L1]: each is started once, and what is over stays over while its height lasts. */
import type { RoundTimer } from '@corridor/ledger';
import type { Clock } from '../ports.ts';

export interface Waits {
  /** Starts this wait unless it runs or is over; null: nothing is waited for. */
  start(timer: RoundTimer | null): void;
  expired(): readonly RoundTimer[];
  forgetBelow(height: number): void;
  stop(): void;
}
const nameOf = ({ height, round, step }: RoundTimer): string => `${height}/${round}/${step}`;

export function createWaits(clock: Clock, over: () => void): Waits {
  const running = new Map<string, () => void>();
  const expired = new Map<string, RoundTimer>();
  return {
    start(timer) {
      if (timer === null) return;
      const name = nameOf(timer);
      if (running.has(name) || expired.has(name)) return;
      running.set(
        name,
        clock.after(timer.ms, () => {
          running.delete(name);
          expired.set(name, timer);
          over();
        }),
      );
    },
    expired: () => [...expired.values()],
    forgetBelow(height) {
      for (const [name, timer] of expired) if (timer.height < height) expired.delete(name);
    },
    stop() {
      for (const cancel of running.values()) cancel();
      running.clear();
    },
  };
}
