/** All that one honest witness may have in front of it when it speaks: see `explore.ts` for why this is enough. */
import { type HeightFacts, type Id, type Step } from '@corridor/ledger';
import { idOf, lastOf, letterAt, roundOf, stepOf, type Lane, type Letter } from './lanes.ts';

export const N = 4;
/** The witness that speaks, the liar; the other two are honest. */
export const OWN = 0;
export const LIAR = 3;
const [X, Y, U] = ['x', 'y', 'u'] as unknown as readonly [Id, Id, Id];

export interface Menu {
  /** What the liar may say in one step to one listener, several letters if it says several things at once. */
  readonly lies: readonly string[];
  /** Whose turn to propose it may be. */
  readonly turns: readonly number[];
  /** Whether any set of proposals may stand in a round, or only those of the preferred and of one other. */
  readonly everyOffer: boolean;
}
export const SHORT_MENU: Menu = { lies: ['', 'x', 'y', '0'], turns: [OWN, LIAR], everyOffer: false };
/** Contradictions told to one and the same listener, and every turn. */
export const LONG_MENU: Menu = {
  lies: ['', 'x', 'y', 'u', '0', 'xy', 'x0', 'y0'],
  turns: [0, 1, 2, 3],
  everyOffer: false,
};
export const FULL_MENU: Menu = { ...LONG_MENU, everyOffer: true };

type Rounds = Map<number, Record<Step, Map<Id | null, number>>>;

/** What the first of the honest may know when it says something in that layer: its own lane whole, the others' so far. */
export function* viewsOf(lanes: readonly Lane[], layer: number, menu: Menu): Generator<HeightFacts> {
  const round = roundOf(layer);
  for (const lies of liesUpTo(layer, menu))
    // Whoever has prevoted looks at no proposals any more, nor at whose turn it was.
    for (const turn of stepOf(layer) === 'precommit' ? [LIAR] : menu.turns)
      for (const { offers, wish } of offersFor(turn, layer, menu)) {
        const rounds = heard(lanes, lies);
        for (const [witness, ids] of offers) for (const id of ids) say(rounds, round, 'propose', id, witness);
        if (lastOf(lanes[OWN] ?? '') < 2 * round) bringOthersTo(rounds, round);
        const offered = new Set([...offers.values()].flat());
        for (const known of offered.has(X) && offered.has(Y) ? [offered] : [offered, new Set([X, Y])])
          yield {
            n: N,
            height: ((turn - round + N * round) % N) + N,
            own: OWN,
            rounds,
            isLawful: (id) => id !== U && (known.has(id) || id === wish),
            isReady: () => true,
            wish,
            hasExpired: () => false,
          };
      }
}

/** By layer, what the liar has let this listener hear. Its precommits of a round are no part of what is said there. */
function* liesUpTo(layer: number, menu: Menu): Generator<readonly string[]> {
  const last = layer % 2 === 0 ? layer : layer - 1;
  const choose = function* (at: number, lies: readonly string[]): Generator<readonly string[]> {
    if (at > last) yield lies;
    else if (at % 2 === 1) yield* choose(at + 1, [...lies, '']);
    else for (const lie of menu.lies) yield* choose(at + 1, [...lies, lie]);
  };
  yield* choose(0, []);
}
interface Offer {
  readonly offers: ReadonlyMap<number, readonly Id[]>;
  readonly wish: Id | null;
}
/** Proposals that stand in the round, whoever made them, and a wish where none do. */
function* offersFor(turn: number, layer: number, menu: Menu): Generator<Offer> {
  yield { offers: new Map(), wish: null };
  if (stepOf(layer) === 'precommit') return;
  for (const wish of [X, Y]) yield { offers: new Map(), wish };
  const sets: readonly (readonly Id[])[] = [[], [X], [Y], [X, Y], [U]];
  const seats = Array.from({ length: N }, (_, i) => (turn + i) % N);
  if (menu.everyOffer) {
    for (let at = 1; at < sets.length ** N; at++)
      yield {
        offers: new Map(
          seats.map((seat, i) => [seat, sets[Math.floor(at / sets.length ** i) % sets.length] ?? []]),
        ),
        wish: null,
      };
    return;
  }
  const [preferred = OWN, other = OWN] = seats;
  for (const ids of sets.slice(1)) {
    yield { offers: new Map([[preferred, ids]]), wish: null };
    yield { offers: new Map([[other, ids]]), wish: null };
  }
  for (const [first, second] of [
    [[X], [Y]],
    [[Y], [X]],
    [[U], [X]],
  ] as const)
    yield {
      offers: new Map([
        [preferred, first],
        [other, second],
      ]),
      wish: null,
    };
}

function heard(lanes: readonly Lane[], lies: readonly string[]): Rounds {
  const rounds: Rounds = new Map();
  for (const [witness, lane] of lanes.entries())
    for (let layer = 0; layer <= lastOf(lane); layer++) {
      const letter = letterAt(lane, layer);
      if (letter !== '-') say(rounds, roundOf(layer), stepOf(layer), idOf(letter), witness);
    }
  for (const [layer, lie] of lies.entries())
    for (const letter of lie) say(rounds, roundOf(layer), stepOf(layer), idOf(letter as Letter), LIAR);
  return rounds;
}
function say(rounds: Rounds, round: number, step: Step, id: Id | null, witness: number): void {
  let votes = rounds.get(round);
  if (votes === undefined) {
    votes = { propose: new Map(), prevote: new Map(), precommit: new Map() };
    rounds.set(round, votes);
  }
  votes[step].set(id, (votes[step].get(id) ?? 0) | (1 << witness));
}
/** Everybody else has proposed something unlawful there: whoever hears that comes along. */
function bringOthersTo(rounds: Rounds, round: number): void {
  for (let witness = OWN + 1; witness < N; witness++) say(rounds, round, 'propose', U, witness);
}
