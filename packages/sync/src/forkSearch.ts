/**
 * Where two histories of one feed part. A branch can be put beside ours only where it starts on an entry that both
 * hold, and neither side can name that place: an answer that does not link says that they part before it, one that
 * holds nothing new says that they part after it.
 */
import { MAX_LINKS } from '@corridor/ledger';
import { MAX_FORK_STEPS } from './limits.ts';

export interface ForkSearch {
  /** They part in this stretch, both ends within it. */
  readonly from: number;
  readonly to: number;
  /** Questions it has taken. */
  readonly steps: number;
}
/** What the host made of a branch of `count` items from `seq` on. */
export interface BranchFinding {
  readonly seq: number;
  readonly count: number;
  readonly linked: boolean;
}

/** The histories are known to differ at `seq`, whatever lies before. */
export const searchBelow = (seq: number): ForkSearch => ({ from: 0, to: seq, steps: 1 });

/** The search after one more answer that brought no proof; undefined where there is nothing left to ask. */
export const narrowed = (
  search: ForkSearch,
  { seq, count, linked }: BranchFinding,
): ForkSearch | undefined => {
  const from = linked ? Math.max(search.from, seq + count) : search.from;
  const to = linked ? search.to : Math.min(search.to, seq - 1);
  const steps = search.steps + 1;
  return count === 0 || from > to || steps > MAX_FORK_STEPS ? undefined : { from, to, steps };
};

/**
 * Where to ask next: first right before the end, as a fork is mostly met soon, then in the middle. At a multiple of
 * 64 where it can be, because a branch ends with its first signature and every 64th is kept [F2].
 */
export const nextQuestion = ({ from, to, steps }: ForkSearch): number => {
  const at = steps === 2 ? to : from + Math.floor((to - from) / 2);
  return Math.max(from, at - (at % MAX_LINKS));
};
