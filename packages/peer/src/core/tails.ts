/**
 * A message holds so many bytes, so a run may be cut before the signature that vouches for its end [F2]. What came
 * unsigned waits here, for each link, until its next run brings one; nobody else ever sees it.
 */
import { MAX_LINKS } from '@corridor/ledger';
import { feedKey, type Run, type SealedItem } from '@corridor/sync';
import { MAX_TAILS } from './limits.ts';

export interface Tails {
  /** The run with what its link left waiting put in front. */
  joined(source: string, run: Run): Run;
  /** Keeps the unsigned end. False: it is longer than any honest sender leaves it. */
  keep(source: string, run: Run, signedCount: number): boolean;
  drop(source: string): void;
}
export function createTails(): Tails {
  const bySource = new Map<string, Map<string, Run>>();
  return {
    joined(source, run) {
      const waiting = bySource.get(source);
      const tail = waiting?.get(feedKey(run.feed));
      if (waiting === undefined || tail === undefined) return run;
      waiting.delete(feedKey(run.feed));
      // It can only be continued where it ended.
      if (run.fromSeq !== tail.fromSeq + tail.items.length) return run;
      return { ...tail, items: [...tail.items, ...run.items] };
    },
    keep(source, run, signedCount) {
      const items: readonly SealedItem[] = run.items.slice(signedCount);
      if (items.length === 0) return true;
      if (items.length > MAX_LINKS) return false;
      const waiting = bySource.get(source) ?? new Map<string, Run>();
      bySource.set(source, waiting);
      waiting.set(feedKey(run.feed), { feed: run.feed, fromSeq: run.fromSeq + signedCount, items });
      // A sender goes on with the feed that it cut: more than a few are nobody's honest doing.
      const [oldest] = waiting.keys();
      if (waiting.size > MAX_TAILS && oldest !== undefined) waiting.delete(oldest);
      return true;
    },
    drop: (source) => void bySource.delete(source),
  };
}
