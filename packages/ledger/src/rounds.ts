/**
 * Rounds of propose, prevote and precommit by which several witnesses agree on one decision per height [L1]: what one
 * witness says next, as a pure function of what has been said. A relative of Tendermint with two differences. A
 * proposal names no earlier round, because everybody can read everybody's prevotes. And whoever's turn it is, every
 * witness may propose once the wait for the preferred one is over, so that a round also completes when the witnesses
 * only ever visit one after another.
 *
 * Nothing is remembered beside the lanes: the lock is one's own newest precommit, the round follows from one's own
 * newest statement and the others'. What was never said binds nobody, so a restart loses nothing [W1]. Safety rests on
 * `mayPrevote` and the quorum alone; who proposes and which timers ran out only decide how fast it goes.
 */
import type { Id } from './ids.ts';
import { MAX_ROUND_WAIT_MS, PROPOSE_WAIT_MS, VOTE_WAIT_MS } from './limits.ts';
import { quorum, safetyFigures } from './log.ts';
import { countBits } from './settle.ts';

export const STEPS = ['propose', 'prevote', 'precommit'] as const;
export type Step = (typeof STEPS)[number];
/** What one witness says in one round of one height. null: for nothing in this round; never proposed. */
export interface Statement {
  readonly round: number;
  readonly step: Step;
  readonly id: Id | null;
}
/** By step and decision, who said it: bit i is witness i. A liar may stand at several decisions of one step. */
export type RoundVotes = Readonly<Record<Step, ReadonlyMap<Id | null, number>>>;
export interface RoundTimer {
  readonly height: number;
  readonly round: number;
  readonly step: Step;
  readonly ms: number;
}
/** All that a witness's next words depend on. */
export interface HeightFacts {
  readonly n: number;
  readonly height: number;
  /** The index of the witness that asks. */
  readonly own: number;
  /** What has been said at this height, its own statements among it. */
  readonly rounds: ReadonlyMap<number, RoundVotes>;
  /** The decision is here, whole, and the rules allow it. Asked for proposals, votes and the own wish alike. */
  readonly isLawful: (id: Id) => boolean;
  /** Nothing speaks against being the first to vote for it: who takes part can go on afterwards as well [S1]. */
  readonly isReady: (id: Id) => boolean;
  /** What it would propose of its own accord. */
  readonly wish: Id | null;
  readonly hasExpired: (round: number, step: Step) => boolean;
}
/** The two rules that safety rests on; a mutation test bends one. */
export interface RoundRules {
  readonly quorum: (n: number) => number;
  /** Whether a lock allows a prevote for `id` in `round`. `backed`: what a quorum prevoted, and when. */
  readonly mayPrevote: (
    id: Id,
    round: number,
    lock: InRound | undefined,
    backed: readonly InRound[],
  ) => boolean;
}
export interface InRound {
  readonly round: number;
  readonly id: Id;
}
export const ROUND_RULES: RoundRules = {
  quorum,
  mayPrevote: (id, round, lock, backed) =>
    lock === undefined ||
    lock.id === id ||
    backed.some((b) => b.id === id && lock.round <= b.round && b.round < round),
};

/** What the witness says now, in this order, and then the one timer to run: none when only others can go on. */
export function whatNext(
  facts: HeightFacts,
  rules: RoundRules = ROUND_RULES,
): { readonly statements: readonly Statement[]; readonly timer: RoundTimer | null } {
  const statements: Statement[] = [];
  let { rounds } = facts;
  for (;;) {
    const next = think({ ...facts, rounds }, rules);
    if (next === null || 'ms' in next) return { statements, timer: next };
    statements.push(next);
    rounds = withStatement(rounds, facts.own, next);
  }
}

/** The witness whose proposal everybody waits for. */
export const preferredProposer = (n: number, height: number, round: number): number => (height + round) % n;
/** How long a step waits for the others, in milliseconds. */
export const waitOf = (round: number, step: Step): number =>
  Math.min(MAX_ROUND_WAIT_MS, (step === 'propose' ? PROPOSE_WAIT_MS : VOTE_WAIT_MS) * 2 ** round);

/** Whether a quorum precommitted one decision in one round of this height. */
export function isDecided(rounds: HeightFacts['rounds'], q: number): boolean {
  for (const { precommit } of rounds.values()) if (hasQuorumForOne(precommit, q)) return true;
  return false;
}

const SILENCE: RoundVotes = { propose: new Map(), prevote: new Map(), precommit: new Map() };
function withStatement(
  rounds: HeightFacts['rounds'],
  witness: number,
  { round, step, id }: Statement,
): HeightFacts['rounds'] {
  const before = rounds.get(round) ?? SILENCE;
  const votes = new Map(before[step]);
  votes.set(id, (votes.get(id) ?? 0) | (1 << witness));
  return new Map(rounds).set(round, { ...before, [step]: votes });
}

/** One statement, or the timer to wait for, or null: it is the others' turn. */
function think(facts: HeightFacts, rules: RoundRules): Statement | RoundTimer | null {
  const { n, own, height } = facts;
  const q = rules.quorum(n);
  if (isDecided(facts.rounds, q)) return null;
  const newest = newestRounds(facts);
  if (!takesPart(facts, newest)) return null;
  const round = currentRound(facts, newest, q);
  const here = facts.rounds.get(round) ?? SILENCE;
  const hasSaid = (step: Step): boolean => (speakers(here[step]) & (1 << own)) !== 0;
  const wait = (step: Step): RoundTimer => {
    // Once a quorum precommitted there is no use in waiting for less.
    const waitsFor = countBits(speakers(here.precommit)) >= q ? 'precommit' : step;
    return { height, round, step: waitsFor, ms: waitOf(round, waitsFor) };
  };

  if (hasSaid('precommit')) return countBits(speakers(here.precommit)) >= q ? wait('precommit') : null;
  if (!hasSaid('prevote')) return openRound(facts, rules, round, here) ?? wait('propose');
  for (const [id, bits] of here.prevote)
    if (id !== null && countBits(bits) >= q && facts.isLawful(id)) return { round, step: 'precommit', id };
  if (countBits(speakers(here.prevote)) < q) return null;
  return canStillWin(here.prevote, n, q) && !facts.hasExpired(round, 'prevote')
    ? wait('prevote')
    : { round, step: 'precommit', id: null };
}

/** Its proposal or its prevote; undefined while it waits for the preferred proposer. */
function openRound(
  facts: HeightFacts,
  rules: RoundRules,
  round: number,
  here: RoundVotes,
): Statement | undefined {
  const { n, own, height, isLawful, isReady } = facts;
  const { lock, backed } = memory(facts, rules);
  const mayTake = (id: Id): boolean => isLawful(id) && rules.mayPrevote(id, round, lock, backed);
  // What a quorum stands behind, honest ones among it, need not wait for this witness.
  const isKnown = (id: Id): boolean => isReady(id) || backed.some((b) => b.id === id && b.round < round);
  const mayStart = (id: Id): boolean => mayTake(id) && isKnown(id);
  const preferred = preferredProposer(n, height, round);
  const prevote = (id: Id | null): Statement => ({ round, step: 'prevote', id });
  const propose = (): Statement | undefined => {
    if ((speakers(here.propose) & (1 << own)) !== 0) return undefined;
    const id = valueToPropose(facts, round, lock, backed);
    return id === undefined ? undefined : { round, step: 'propose', id };
  };

  // So many prevotes that an honest one is among them: it has waited for all of us.
  const popular = mostPrevoted(here.prevote, safetyFigures(n).mayLie + 1, mayTake);
  if (popular !== undefined) return prevote(popular);
  const ownTurn = own === preferred ? propose() : undefined;
  if (ownTurn !== undefined) return ownTurn;
  const offered = proposalsOf(here, preferred).filter(isLawful);
  const taken = offered.find(mayStart);
  if (taken !== undefined) return prevote(taken);
  if (offered.length > 0 && offered.every(isKnown)) return prevote(null);
  if (!facts.hasExpired(round, 'propose')) return undefined;
  for (let rank = 1; rank < n; rank++) {
    const other = proposalsOf(here, (preferred + rank) % n).find(mayStart);
    if (other !== undefined) return prevote(other);
  }
  return propose() ?? prevote(null);
}

/** What a quorum has prevoted must be proposed again; else the own wish; else what somebody proposed before. */
function valueToPropose(
  { rounds, wish, isLawful, isReady }: HeightFacts,
  round: number,
  lock: InRound | undefined,
  backed: readonly InRound[],
): Id | undefined {
  let valid: InRound | undefined;
  for (const b of backed)
    if (b.round < round && (valid === undefined || b.round > valid.round) && isLawful(b.id)) valid = b;
  if (lock !== undefined) {
    if (valid !== undefined && valid.round >= lock.round) return valid.id;
    return isLawful(lock.id) ? lock.id : undefined;
  }
  if (valid !== undefined) return valid.id;
  if (wish !== null && isLawful(wish)) return wish;
  for (const before of [...rounds.keys()].filter((r) => r < round).sort((a, b) => b - a)) {
    const proposed = idsOf(rounds.get(before)?.propose ?? SILENCE.propose).find(
      (id) => isLawful(id) && isReady(id),
    );
    if (proposed !== undefined) return proposed;
  }
  return undefined;
}

/** The lock is its own newest precommit; `backed` is what quorums of prevotes stand behind. */
function memory(
  { n, own, rounds }: HeightFacts,
  rules: RoundRules,
): { readonly lock: InRound | undefined; readonly backed: readonly InRound[] } {
  let lock: InRound | undefined;
  const backed: InRound[] = [];
  for (const [round, { prevote, precommit }] of rounds) {
    for (const [id, bits] of prevote)
      if (id !== null && countBits(bits) >= rules.quorum(n)) backed.push({ round, id });
    if (lock !== undefined && lock.round > round) continue;
    for (const [id, bits] of precommit) if (id !== null && (bits & (1 << own)) !== 0) lock = { round, id };
  }
  return { lock, backed };
}

/** By witness, the newest round it spoke in; -1: it has not spoken. */
function newestRounds({ n, rounds }: HeightFacts): readonly number[] {
  const newest = new Array<number>(n).fill(-1);
  for (const [round, { propose, prevote, precommit }] of rounds) {
    const bits = speakers(propose) | speakers(prevote) | speakers(precommit);
    for (let i = 0; i < n; i++) if ((bits & (1 << i)) !== 0 && (newest[i] ?? -1) < round) newest[i] = round;
  }
  return newest;
}
/** One liar alone cannot make the others go through rounds about nothing. */
function takesPart({ n, own, rounds, wish, isLawful }: HeightFacts, newest: readonly number[]): boolean {
  if (wish !== null) return true;
  if (newest.filter((round, i) => i !== own && round >= 0).length > safetyFigures(n).mayLie) return true;
  for (const { propose } of rounds.values()) if (idsOf(propose).some(isLawful)) return true;
  return false;
}
/** Never behind what it said itself; ahead to where an honest other must be; and past every round that is over. */
function currentRound(
  { n, own, rounds, hasExpired }: HeightFacts,
  newest: readonly number[],
  q: number,
): number {
  const others = newest.filter((_, witness) => witness !== own).sort((a, b) => b - a);
  let round = Math.max(0, newest[own] ?? -1, others[safetyFigures(n).mayLie] ?? -1);
  const isOver = ({ precommit }: RoundVotes): boolean =>
    countBits(speakers(precommit)) >= q && (!canStillWin(precommit, n, q) || hasExpired(round, 'precommit'));
  for (let votes = rounds.get(round); votes !== undefined && isOver(votes); votes = rounds.get(round))
    round++;
  return round;
}

type StepVotes = RoundVotes[Step];
/** Whoever has said anything in this step, as bits. */
function speakers(votes: StepVotes): number {
  let all = 0;
  for (const bits of votes.values()) all |= bits;
  return all;
}
/** Whether so many voted for one decision, if `more` who are silent joined them. */
function hasQuorumForOne(votes: StepVotes, q: number, more = 0): boolean {
  for (const [id, bits] of votes) if (id !== null && countBits(bits) + more >= q) return true;
  return false;
}
/** Whether those who have not spoken can still make a quorum for one decision. */
const canStillWin = (votes: StepVotes, n: number, q: number): boolean =>
  hasQuorumForOne(votes, q, n - countBits(speakers(votes)));
/** Decisions that were voted for or proposed, in an order that all replicas share. */
const idsOf = (votes: StepVotes): Id[] => [...votes.keys()].filter((id) => id !== null).sort();
const proposalsOf = ({ propose }: RoundVotes, witness: number): Id[] =>
  idsOf(propose).filter((id) => ((propose.get(id) ?? 0) & (1 << witness)) !== 0);
function mostPrevoted(votes: StepVotes, least: number, mayTake: (id: Id) => boolean): Id | undefined {
  let best: Id | undefined;
  let most = least - 1;
  for (const id of idsOf(votes)) {
    const count = countBits(votes.get(id) ?? 0);
    if (count <= most || !mayTake(id)) continue;
    best = id;
    most = count;
  }
  return best;
}
