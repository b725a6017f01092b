import { createSimulator } from '../src/sim/runSeed.ts';
import type { Plan } from '../src/sim/plan.ts';
import { expect, test } from 'vitest';

/** One world for so many of the others; `test:long` asks for more. */
const WORLDS = Math.ceil(Number(process.env['CORRIDOR_SEEDS'] ?? 5000) / 250);
const TEST_MS = 24 * 3600 * 1000;
/** One of the four who keep the book lies; that is what four bear [P7]. */
const plan: Partial<Plan> = {
  hostility: 'liar',
  shape: { devices: 4, second: false, stewards: 4 },
  motions: 3,
};
const simulate = await createSimulator();

test(
  '[I1] [I2] [I9] [I11] [P7] one of four stewards lies: the others settle, decide and close books all the same',
  { timeout: TEST_MS },
  async () => {
    let settled = 0;
    let decided = 0;
    let proofs = 0;
    for (let seed = 0; seed < WORLDS; seed++) {
      const { violations, tail, ...outcome } = await simulate(seed, {
        plan,
        inspect({ devices }) {
          const ledger = devices.find(({ honest }) => honest)?.peer?.circle()?.replica.ledger;
          proofs += ledger?.doubleVotes.length ?? 0;
        },
      });
      expect(violations, `seed ${seed}:\n${tail.slice(-40).join('\n')}`).toEqual([]);
      settled += outcome.settled;
      for (const count of outcome.acts.values()) decided += count;
    }
    expect(settled).toBeGreaterThan(3 * WORLDS);
    expect(decided).toBeGreaterThan(WORLDS / 2);
    // Where it contradicts itself, the others have that side by side.
    if (WORLDS >= 10) expect(proofs).toBeGreaterThan(0);
  },
);
test('the simulator sees it when the others are as careless as the liar', async () => {
  const { violations } = await simulate(0, { plan, planted: { witness: () => [] } });
  expect(violations).not.toEqual([]);
});
