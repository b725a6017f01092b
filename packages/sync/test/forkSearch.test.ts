import fc from 'fast-check';
import { expect, test } from 'vitest';
import { narrowed, nextQuestion, searchBelow } from '../src/forkSearch.ts';
import { MAX_FORK_STEPS } from '../src/index.ts';

/** Carol's two histories are the same before `fork`; Bob answers from a chain of `length` with every 64th signed. */
const stepsToFind = (fork: number, length: number, differsAt: number): number | undefined => {
  let seq = differsAt;
  for (let search = searchBelow(seq); ; seq = nextQuestion(search)) {
    const count = Math.max(0, Math.min(64 - (seq % 64), length - seq));
    const linked = seq <= fork;
    if (linked && fork < seq + count) return search.steps;
    const next = narrowed(search, { seq, count, linked });
    if (next === undefined) return undefined;
    search = next;
  }
};

test('[F3] [I16] wherever two histories part, it is found within the bound, and soon when it was soon met', () => {
  expect(stepsToFind(70, 72, 71)).toBe(2);
  expect(stepsToFind(0, 2 ** 32, 2 ** 32 - 1)).toBeLessThanOrEqual(MAX_FORK_STEPS);
  fc.assert(
    fc.property(fc.nat({ max: 2 ** 32 - 2 }), fc.nat(), fc.nat(), (fork, above, more) => {
      const differsAt = Math.min(fork + above, 2 ** 32 - 1);
      const steps = stepsToFind(fork, differsAt + 1 + (more % 200), differsAt);
      expect(steps).toBeDefined();
      expect(steps ?? Infinity).toBeLessThanOrEqual(MAX_FORK_STEPS);
    }),
    { numRuns: 1_000 },
  );
});

test('[I16] a search ends when the other side has nothing, says that all is the same, or never lets go', () => {
  const search = searchBelow(500);
  expect(narrowed(search, { seq: 500, count: 0, linked: true })).toBeUndefined();
  expect(narrowed(search, { seq: 500, count: 1, linked: true })).toBeUndefined();
  expect(narrowed(search, { seq: 0, count: 64, linked: false })).toBeUndefined();
  let steps = 0;
  let stubborn: ReturnType<typeof narrowed> = searchBelow(2 ** 32 - 1);
  for (; stubborn !== undefined; steps++)
    stubborn = narrowed(stubborn, { seq: stubborn.from, count: 1, linked: true });
  expect(steps).toBe(MAX_FORK_STEPS);
});
