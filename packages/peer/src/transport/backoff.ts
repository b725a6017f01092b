import type { RandomBytes } from '../ports.ts';

/** A number in [0, 1) from the random port, so that a simulation can replay it. */
export function fraction(random: RandomBytes): number {
  const [high = 0, low = 0] = random(2);
  return (high * 256 + low) / 65536;
}

/**
 * Milliseconds until the next attempt: doubles with each failure in a row up to `longest`, and takes a random
 * half off, so that everyone whom one restart cut off does not come back in the same moment.
 */
export function backoff(
  failures: number,
  bounds: { readonly first: number; readonly longest: number },
  random: RandomBytes,
): number {
  const full = Math.min(bounds.longest, bounds.first * 2 ** Math.min(failures, 20));
  return Math.round(full * (0.5 + fraction(random) / 2));
}
