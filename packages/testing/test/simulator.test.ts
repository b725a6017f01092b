import { createSimulator, type SeedOutcome } from '../src/sim/runSeed.ts';
import { expect, test } from 'vitest';

/** `test:long` asks for 500,000. */
const SEEDS = Number(process.env['CORRIDOR_SEEDS'] ?? 5000);
/** One seed, to be played again. */
const ONE = process.env['CORRIDOR_SEED'];
const PARTS = 10;
const PART_MS = 24 * 3600 * 1000;
/** Payments that come through in a small and stormy circle, on average, at the least. */
const SETTLED_EACH = 3;

const each = Math.ceil(SEEDS / PARTS);
const parts =
  ONE === undefined
    ? Array.from({ length: PARTS }, (_, part) => ({ from: part * each, count: each }))
    : [{ from: Number(ONE), count: 1 }];

const simulate = await createSimulator();
const told = ({ seed, plan, violations, tail }: SeedOutcome): string =>
  [
    `seed ${seed}:`,
    ...violations,
    JSON.stringify(plan),
    ...tail.slice(-40),
    `play it again: CORRIDOR_SEED=${seed} npx vitest run packages/testing/test/simulator.test.ts`,
  ].join('\n');

test.each(parts)(
  '[I1] [I2] [I3] [I4] [I5] [I7] [I8] [I9] [I11] [I14] [P6] [W2] whole peers and bad weather, $count worlds from seed $from',
  { timeout: PART_MS },
  async ({ from, count }) => {
    let settled = 0;
    for (let seed = from; seed < from + count; seed++) {
      const outcome = await simulate(seed);
      expect(outcome.violations, told(outcome)).toEqual([]);
      settled += outcome.settled;
    }
    // Worlds in which nothing happens would hold as well.
    if (count > 1) expect(settled).toBeGreaterThan(SETTLED_EACH * count);
  },
);
