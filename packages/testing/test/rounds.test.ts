import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ROUND_RULES, STEPS, whatNext, type HeightFacts, type Id, type Step } from '@corridor/ledger';
import { explore, leastName, type Exploration } from '../src/explore/explore.ts';
import { FULL_MENU, LONG_MENU, N, OWN, SHORT_MENU } from '../src/explore/views.ts';

/** `npm run test:long` looks further: at third rounds, and at a liar who contradicts itself to one and the same listener. */
const isLong = Number(process.env['CORRIDOR_RUNS'] ?? 0) > 1_000;
const RUNS = Number(process.env['CORRIDOR_RUNS'] ?? 1_000);
const TWO_ROUNDS: Exploration = { rounds: 2, menu: SHORT_MENU, rules: ROUND_RULES, bySymmetry: true };

test('[L1] two rounds, four witnesses, one liar: no way to two decisions, and nobody honest contradicts itself', () => {
  const { states, decided, situations, calls, violation } = explore(TWO_ROUNDS);
  expect(violation).toBeNull();
  // What was looked at, all of it. A change of the machine may change the figures; they must not fall by much.
  expect({ states: states.size, decided, situations }).toEqual({
    states: 27_816,
    decided: 6_644,
    situations: 13_820,
  });
  expect(calls).toBeGreaterThan(1_000_000);
});
test.runIf(isLong)('[L1] two rounds, and the liar contradicts itself to one and the same listener', () => {
  const { violation, states } = explore({ ...TWO_ROUNDS, menu: LONG_MENU });
  expect(violation).toBeNull();
  expect(states).toEqual(explore(TWO_ROUNDS).states);
});

const [X, Y] = ['x', 'y'] as unknown as readonly [Id, Id];
const PLANTED: readonly {
  readonly name: string;
  readonly fault: Partial<Exploration>;
  readonly seen: RegExp;
}[] = [
  {
    name: 'a lock holds nobody',
    fault: { rules: { ...ROUND_RULES, mayPrevote: () => true } },
    seen: /^(x and y|y and x) decided/,
  },
  {
    name: 'one vote less is a quorum',
    fault: { rules: { ...ROUND_RULES, quorum: (n) => ROUND_RULES.quorum(n) - 1 } },
    seen: /^(x and y|y and x) decided/,
  },
  {
    name: 'a prevote is given to what is not lawful',
    fault: { isLawful: () => true },
    seen: /^u taken for lawful/,
  },
];
test.each(PLANTED)('[L1] the explorer sees it when $name', ({ fault, seen }) => {
  expect(explore({ ...TWO_ROUNDS, ...fault }).violation).toMatch(seen);
});
/** A quorum prevoted x in round 0 and one locked it; y was decided in round 1, and the same one locked that. */
const RELOCKED: Exploration = { ...TWO_ROUNDS, rounds: 3, start: ['xx0y', 'x0yy', '00y0'] };
test('[L1] a third round after a lock has changed: the newest lock holds, and what was prevoted before it opens nothing', () => {
  const { violation, decided, states } = explore(RELOCKED);
  expect({ violation, states: states.size }).toEqual({ violation: null, states: decided + 1 });
  expect(decided).toBeGreaterThan(50);
});
test.runIf(isLong)('[L1] a third round after many of the ways in which two can end', () => {
  const ends = [...explore(TWO_ROUNDS).states].filter((state) => /^...[^-] ...[^-] ...[^-]$/.test(state));
  const apart = Math.ceil((1_000 * ends.length) / RUNS);
  for (let at = 0; at < ends.length; at += apart) {
    const start = ends[at]?.split(' ') ?? [];
    expect(explore({ ...TWO_ROUNDS, rounds: 3, start }).violation).toBeNull();
  }
});
test('[L1] the explorer sees it when a quorum from before the lock opens it', () => {
  const rules: Exploration['rules'] = {
    ...ROUND_RULES,
    mayPrevote: (id, round, lock, backed) =>
      lock === undefined || lock.id === id || backed.some((b) => b.id === id && b.round < round),
  };
  expect(explore({ ...RELOCKED, rules }).violation).toMatch(/^(x and y|y and x) decided/);
});

test('[L1] what the explorer takes for one, or leaves out of the menu, makes no difference where all can be tried', () => {
  const one = explore({ ...TWO_ROUNDS, rounds: 1 });
  const byName = explore({ ...TWO_ROUNDS, rounds: 1, bySymmetry: false });
  expect(new Set([...byName.states].map((state) => leastName(state.split(' '))))).toEqual(one.states);
  expect(byName.states.size).toBeGreaterThan(7 * one.states.size);
  const swapped = (state: string): string => state.replace(/[xy]/g, (letter) => (letter === 'x' ? 'y' : 'x'));
  for (const state of byName.states) expect(byName.states).toContain(swapped(state));
  const full = explore({ ...TWO_ROUNDS, rounds: 1, menu: FULL_MENU });
  expect(full.states).toEqual(one.states);
  expect(full.violation).toBeNull();
});

/** Anything three others and oneself may have said in three rounds. */
const heard = fc.array(
  fc.record({
    round: fc.nat({ max: 2 }),
    step: fc.constantFrom(...STEPS),
    id: fc.constantFrom(X, Y, null),
    witness: fc.nat({ max: N - 1 }),
  }),
  { maxLength: 24 },
);
type Rounds = Map<number, Record<Step, Map<Id | null, number>>>;
function roundsOf(said: readonly { round: number; step: Step; id: Id | null; witness: number }[]): Rounds {
  const rounds: Rounds = new Map();
  for (const { round, step, id, witness } of said) {
    if (step === 'propose' && id === null) continue;
    const votes = rounds.get(round) ?? { propose: new Map(), prevote: new Map(), precommit: new Map() };
    votes[step].set(id, (votes[step].get(id) ?? 0) | (1 << witness));
    rounds.set(round, votes);
  }
  return rounds;
}
test('[L1] what is said in a round depends on no later round, nor on what others precommit in it', () => {
  const expired = fc.subarray([...STEPS]);
  const wish = fc.constantFrom(null, X, Y);
  let compared = 0;
  fc.assert(
    fc.property(heard, expired, wish, fc.nat({ max: 3 }), (said, late, wished, height) => {
      const facts: HeightFacts = {
        n: N,
        height,
        own: OWN,
        rounds: roundsOf(said),
        isLawful: (id) => id === X || id === Y,
        isReady: () => true,
        wish: wished,
        hasExpired: (_, step) => late.includes(step),
      };
      const first = whatNext(facts).statements.find(({ step }) => step !== 'propose');
      if (first === undefined) return;
      compared++;
      const less = said.filter(
        ({ round, step, witness }) =>
          round < first.round || (round === first.round && (step !== 'precommit' || witness === OWN)),
      );
      const present = [1, 2, 3].map((witness) => ({
        round: first.round,
        step: 'propose' as const,
        id: 'u' as string as Id,
        witness,
      }));
      const again = whatNext({ ...facts, rounds: roundsOf([...less, ...present]) });
      expect(again.statements.find(({ step }) => step !== 'propose')).toEqual(first);
    }),
    { numRuns: 10 * RUNS },
  );
  expect(compared).toBeGreaterThan(RUNS);
});
