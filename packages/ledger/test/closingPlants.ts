/** Faults planted in closings, and what the explorer says of each. */
import { quorum, type ClosingRules } from '@corridor/ledger';
import type { Faults } from '@corridor/testing/explore';

export interface Plant {
  readonly what: string;
  readonly rules?: Partial<ClosingRules>;
  readonly faults?: Faults;
  readonly reports?: number;
  /** What it breaks at least. */
  readonly seen: string;
}
export const PLANTS: readonly Plant[] = [
  {
    what: 'receipts are given after the promise',
    faults: { receiptsAfterPromise: true },
    seen: '[I2] the left one was final',
  },
  {
    what: 'votes are given after the promise',
    faults: { votesAfterPromise: true },
    seen: '[I11] an honest witness is accused',
  },
  {
    what: 'the lowest head wins',
    rules: {
      winningLength: (reports) => Math.min(...reports.map(({ head }) => (head === null ? 0 : head.seq + 1))),
    },
    seen: '[L1] halted: loses-settled',
  },
  {
    what: 'one report fewer is enough',
    rules: { reportsNeeded: (n) => quorum(n) - 1 },
    reports: quorum(4) - 1,
    seen: '[L1] halted: loses-settled',
  },
  {
    what: 'what was voted for is forgotten',
    rules: { votesThere: () => [] },
    seen: '[C2] comes to open, by the table left',
  },
];
