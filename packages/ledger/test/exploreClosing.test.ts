import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CLOSING_RULES, quorum, type ClosingRules } from '@corridor/ledger';
import { chooser } from '@corridor/testing';
import {
  allClosingCases,
  createClosingWorld,
  randomClosingCase,
  type Faults,
} from '@corridor/testing/explore';
import { RUNS } from './runs.ts';

test('[C1] [C2] [I1] [I2] [I6] [I9] [I11] one place and its closing, four witnesses, one of them a liar: every case', () => {
  const world = createClosingWorld(4);
  const outcomes: Record<string, number> = {};
  for (const chosen of allClosingCases(4)) {
    const { outcome, broken } = world.play(chosen);
    if (broken.length > 0) expect(broken, JSON.stringify(chosen)).toEqual([]);
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  }
  // So many there are, and each way in which a closing can end is among them.
  expect(outcomes).toEqual({ open: 284, left: 15_668, right: 11_960, void: 1_424, unusable: 2_159 });
});
test.each([7, 10])(
  '[C2] [I1] [I2] [I6] [I9] random cases of %i witnesses with as many liars as they bear',
  (n) => {
    const world = createClosingWorld(n);
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        expect(world.play(randomClosingCase(n, chooser(seed))).broken).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  },
);

interface Plant {
  readonly what: string;
  readonly rules?: Partial<ClosingRules>;
  readonly faults?: Faults;
  readonly reports?: number;
  /** What it breaks at least. */
  readonly seen: string;
}
const PLANTS: readonly Plant[] = [
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
test.each(PLANTS)('[C2] the explorer sees it when $what', ({ rules, faults, reports, seen }) => {
  const world = createClosingWorld(4, { ...CLOSING_RULES, ...rules }, faults);
  const broken = new Set<string>();
  for (const chosen of allClosingCases(4, reports)) {
    for (const fault of world.play(chosen).broken) broken.add(fault);
    if (broken.has(seen)) return;
  }
  expect([...broken]).toContain(seen);
});
