/** How the reports of witnesses who stopped are read [C2]. */
import type { StopReport } from './entry.ts';
import type { Id } from './ids.ts';
import { quorum } from './log.ts';

/** How reports are read, by name: what an explorer replaces to see that it would notice [C2]. */
export interface ClosingRules {
  /** How many of n witnesses must report. */
  readonly reportsNeeded: (n: number) => number;
  /** Which head wins: seq + 1, and 0 where nothing is certified. */
  readonly winningLength: (reports: readonly StopReport[]) => number;
  /** Whose votes at the place after it are looked at, of those who report that head. */
  readonly votesThere: (reports: readonly StopReport[]) => readonly Id[];
}
/** How much of its chain a report says is certified. */
export const lengthOf = ({ head }: StopReport): number => (head === null ? 0 : head.seq + 1);
export const CLOSING_RULES: ClosingRules = {
  reportsNeeded: quorum,
  winningLength: (reports) => Math.max(...reports.map(lengthOf)),
  votesThere: (reports) => reports.flatMap(({ vote }) => vote ?? []),
};
