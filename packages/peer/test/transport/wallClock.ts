import type { Clock, RandomBytes } from '../../src/ports.ts';

/** The clock and the randomness of the machine, in a page as in Node. */
export const clock: Clock = {
  now: () => Date.now(),
  after(ms, task) {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
};
export const random: RandomBytes = (length) => crypto.getRandomValues(new Uint8Array(length));
