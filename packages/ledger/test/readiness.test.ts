import { expect, test } from 'vitest';
import { whatNext, type HeightFacts, type Id } from '@corridor/ledger';

test('[L1] [S1] what is not ready gets no first vote; it gets one once an honest other must have found it ready', () => {
  const X = 'a'.repeat(64) as Id;
  const others = (prevote: number): HeightFacts['rounds'] =>
    new Map([
      [
        0,
        {
          propose: new Map([[X, 0b0001]]),
          prevote: new Map(prevote === 0 ? [] : [[X, prevote]]),
          precommit: new Map(),
        },
      ],
    ]);
  const facts: HeightFacts = {
    n: 4,
    height: 4,
    own: 1,
    rounds: others(0b0001),
    isLawful: () => true,
    isReady: () => false,
    wish: null,
    hasExpired: () => false,
  };
  const prevoteFor = (id: Id | null) => [{ round: 0, step: 'prevote', id }];
  expect(whatNext({ ...facts, isReady: () => true }).statements).toEqual(prevoteFor(X));
  expect(whatNext(facts)).toEqual({
    statements: [],
    timer: { height: 4, round: 0, step: 'propose', ms: 4_000 },
  });
  expect(whatNext({ ...facts, hasExpired: () => true }).statements[0]).toEqual(prevoteFor(null)[0]);
  expect(whatNext({ ...facts, rounds: others(0b1001) }).statements[0]).toEqual(prevoteFor(X)[0]);
  // Nor is it proposed again, in a turn of one's own.
  const isPast: HeightFacts['rounds'] = new Map([
    ...others(0b0001),
    [1, { propose: new Map(), prevote: new Map([[null, 0b1101]]), precommit: new Map() }],
  ]);
  expect(whatNext({ ...facts, rounds: isPast }).statements).toEqual([]);
  expect(whatNext({ ...facts, rounds: isPast, isReady: () => true }).statements[0]).toEqual({
    round: 1,
    step: 'propose',
    id: X,
  });
});
