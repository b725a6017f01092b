import { MAX_RATE_KEYS } from './limits.ts';

/** True if `key` may do it once more at `now` (ms). */
export type Rate = (key: string, now: number) => boolean;

/**
 * Token buckets: `perSecond` on average and `burst` at once for each key. Remembers a bounded number of
 * keys; the longest unused is forgotten first, so a flood of keys costs no memory.
 */
export const createRate = (perSecond: number, burst: number, maxKeys = MAX_RATE_KEYS): Rate => {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return (key, now) => {
    const old = buckets.get(key);
    const elapsed = old === undefined ? 0 : Math.max(0, now - old.at);
    const tokens = old === undefined ? burst : Math.min(burst, old.tokens + (elapsed / 1000) * perSecond);
    const allowed = tokens >= 1;
    // Deleted and set again: a Map lists keys by when they came, so the first is the longest unused.
    buckets.delete(key);
    buckets.set(key, { tokens: allowed ? tokens - 1 : tokens, at: now });
    if (buckets.size > maxKeys) {
      const [first] = buckets.keys();
      if (first !== undefined) buckets.delete(first);
    }
    return allowed;
  };
};
