/** Grants as much of `wanted` as there is at `now` (ms). */
export type Allowance = (wanted: number, now: number) => number;

/** So much per second on average, and `most` at once. */
export const createAllowance = (perSecond: number, most: number): Allowance => {
  let left = most;
  let at = 0;
  return (wanted, now) => {
    left = Math.min(most, left + (Math.max(0, now - at) / 1000) * perSecond);
    at = now;
    const granted = Math.min(wanted, Math.floor(left));
    left -= granted;
    return granted;
  };
};
