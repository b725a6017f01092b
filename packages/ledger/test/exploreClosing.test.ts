import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CLOSING_RULES } from '@corridor/ledger';
import { chooser } from '@corridor/testing';
import { allClosingCases, createClosingWorld, randomClosingCase } from '@corridor/testing/explore';
import { PLANTS } from './closingPlants.ts';
import { RUNS } from './runs.ts';

/** A dozen seconds of one processor; more where others want it as well. */
const TEST_MS = 600_000;

test(
  '[C1] [C2] [I1] [I2] [I6] [I9] [I11] one place and its closing, four witnesses, one of them a liar: every case',
  { timeout: TEST_MS },
  () => {
    const world = createClosingWorld(4);
    const outcomes: Record<string, number> = {};
    for (const chosen of allClosingCases(4)) {
      const { outcome, broken } = world.play(chosen);
      if (broken.length > 0) expect(broken, JSON.stringify(chosen)).toEqual([]);
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
    // So many there are, and each way in which a closing can end is among them.
    expect(outcomes).toEqual({ open: 284, left: 15_668, right: 11_960, void: 1_424, unusable: 2_159 });
  },
);
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

test.each(PLANTS)(
  '[C2] the explorer sees it when $what',
  { timeout: TEST_MS },
  ({ rules, faults, reports, seen }) => {
    const world = createClosingWorld(4, { ...CLOSING_RULES, ...rules }, faults);
    const broken = new Set<string>();
    for (const chosen of allClosingCases(4, reports)) {
      for (const fault of world.play(chosen).broken) broken.add(fault);
      if (broken.has(seen)) return;
    }
    expect([...broken]).toContain(seen);
  },
);
