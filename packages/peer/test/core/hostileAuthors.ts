/**
 * Members whose keys are real and whose entries are not: what they sign has another's ids in it, other numbers, links to
 * other places, claims of what is not theirs. Each life is one replica that takes it in, run after run.
 */
import {
  decodeEntry,
  draftBytes,
  draftClaim,
  draftDuty,
  draftNext,
  draftPayment,
  draftProposal,
  feedOf,
  findViolations,
  firstGrantFor,
  KIND,
  LANE,
  signWithSeed,
  keepingStatement,
  type Act,
  type Body,
  type Entry,
  type EntryDraft,
  type Id,
  type JoinRequest,
  type Lane,
  type Ledger,
  type Signature,
  type VerifiedEntry,
} from '@corridor/ledger';
import { sha256 } from '@noble/hashes/sha2.js';
import {
  chooser,
  deliver,
  joinRequest,
  openLedger,
  person,
  playHistory,
  settleVillage,
  shuffled,
  type Person,
  type Village,
} from '@corridor/testing';
import { createValueMutator, valueCorpus } from '../../../testing/src/fuzz/mutateValue.ts';
import type { Subject } from '../../../testing/src/fuzz/subject.ts';
import type { Rng } from '../../../testing/src/sim/rng.ts';
import type { SignatureChecker, SignatureVerdict } from '../../src/ports.ts';
import { OWN_SIGNATURES, passGate, type GateOutcome } from '../../src/core/gate.ts';
import type { OpenRun } from '../../src/core/opening.ts';

/** Runs that one replica is handed. */
const MAX_RUNS = 30;
/** Entries of a history that a replica begins with; the rest comes changed, or as it was. */
const KNOWN = 30;
/** Changes tried for one that can be decoded: the others do not reach the gate. */
const TRIES = 5;
const SIGNATURE = 'ab'.repeat(64) as Signature;
const NEWCOMER = person('Nobody yet');

interface World {
  readonly village: Village;
  readonly made: readonly VerifiedEntry[];
  /** Made once: signing takes longer than the gate does. */
  readonly requests: readonly JoinRequest[];
  readonly consents: ReadonlyMap<Person, Signature>;
}
const people = ['Alice', 'Bob', 'Carol', 'Dora', 'Emil'].map(person);
/** Histories of one keeper, who may lie and hand the book on, and of four witnesses, one of whom lies. */
const WORLDS: readonly World[] = [1, 1, 1, 4, 4].map((witnesses, i) => {
  const village = settleVillage(witnesses, people);
  const choose = chooser(i);
  const plan = {
    village,
    replicas: 2,
    hostile: i % 2 === 0 ? [] : [3],
    liars: i === 2 || i === 4 ? [0] : [],
    handOvers: witnesses === 1,
  };
  const { made } = playHistory(
    plan,
    Array.from({ length: 120 }, () => choose(2 ** 31 - 1)),
  );
  const { circle, book } = openLedger(village.founding, village.options);
  const offer = ({ seed, device, witness }: Person): Signature =>
    signWithSeed(seed, keepingStatement(circle, book, device, witness));
  return {
    village,
    made,
    requests: people.map((inviter) =>
      joinRequest(openLedger(village.founding, village.options), inviter, NEWCOMER),
    ),
    consents: new Map(people.map((one) => [one, offer(one)])),
  };
});

/** What an honest author might write next; undefined while there is nothing. */
function honestBody(
  rng: Rng,
  ledger: Ledger,
  world: World,
  { device }: Person,
  lane: Lane,
): Body | undefined {
  const other = rng.pick(people);
  const ids = [...ledger.entries.keys()];
  const request = rng.pick(world.requests);
  const consent = world.consents.get(other) ?? SIGNATURE;
  switch (lane) {
    case LANE.account: {
      if (rng.chance(0.2)) return draftClaim(ledger, device);
      const drafted = draftPayment(ledger, device, {
        to: other.device,
        amount: rng.pick([0, 1, 500, 14_000]),
        need: rng.chance(0.5) ? { category: rng.below(9), quantity: 3 } : null,
        invoice: rng.chance(0.3) ? rng.pick(ids) : null,
        memo: null,
        attachment: rng.chance(0.2) ? { hash: rng.pick(ids), length: 9, erasable: rng.chance(0.5) } : null,
        at: 1_700_000_000,
        claims: rng.pick(['oldest', 'least']),
      });
      return drafted.ok ? drafted.value.payment : undefined;
    }
    case LANE.voice:
      if (rng.chance(0.2)) return { kind: KIND.joinRequest, request };
      if (rng.chance(0.2)) return { kind: KIND.offerKeeping, witness: other.witness, consent };
      return { kind: KIND.have, ids: [rng.pick(ids), rng.pick(ids)] };
    case LANE.witness: {
      if (rng.chance(0.6)) return draftDuty(ledger, device)?.body;
      const act: Act = rng.chance(0.5)
        ? { type: 'admit', request, grant: firstGrantFor(ledger.log, request) }
        : { type: 'keeper', device: other.device, witness: other.witness, consent };
      const draft = draftProposal(ledger, device, act);
      return draft.ok ? draft.value.body : undefined;
    }
    case LANE.founding:
      return undefined;
  }
}
function honestDraft(rng: Rng, ledger: Ledger, world: World): EntryDraft {
  const author = rng.pick(people);
  const lane = rng.pick([LANE.account, LANE.account, LANE.voice, LANE.witness]);
  const isMember = feedOf(ledger, author.device, lane) !== undefined;
  const isWitness = ledger.log.terms.some((term) => term.device === author.device && term.toSeq === null);
  const body =
    isMember && (lane !== LANE.witness || isWitness) && rng.chance(0.7)
      ? honestBody(rng, ledger, world, author, lane)
      : undefined;
  if (body !== undefined) return draftNext(ledger, author.device, lane, body);
  const next = world.made.filter(({ id, prev }) => !ledger.entries.has(id) && ledger.entries.has(prev));
  return rng.pick(next.length > 0 && rng.chance(0.9) ? next : world.made);
}

/** Signatures on all, on the last alone, on some, on none. */
function signed(rng: Rng, entries: readonly Entry[]): ReadonlyMap<Id, Signature> {
  const how = rng.below(8);
  const isSigned = (at: number): boolean =>
    how < 5 || (how === 5 ? at === entries.length - 1 : how === 6 && rng.chance(0.5));
  return new Map(entries.flatMap(({ id }, at) => (isSigned(at) ? [[id, SIGNATURE] as const] : [])));
}
const always = (verdict: SignatureVerdict): SignatureChecker => ({
  check: (checks) => Promise.resolve(checks.map(() => verdict)),
});
const wordOf = ({ fault, unlinked, later, kept }: GateOutcome): string => {
  if (fault !== null) return fault.code;
  if (unlinked.length > 0) return 'unlinked';
  return later.length > 0 ? 'later' : kept.length > 0 ? 'kept' : 'aside';
};

/** The gate of one replica, in front of authors who sign anything. */
export const hostileAuthors: Subject = {
  name: 'the gate',
  *episode(rng) {
    const world = rng.pick(WORLDS);
    const { village, made } = world;
    const ledger = openLedger(village.founding, village.options);
    deliver(ledger, made.slice(0, rng.below(KNOWN)));
    const run = runsOf(rng, ledger, world);
    for (let runs = 0; runs < MAX_RUNS; runs++) {
      const handed = Array.from({ length: rng.chance(0.8) ? 1 : 3 }, run);
      const checker = rng.chance(0.94) ? OWN_SIGNATURES : always(rng.pick(['invalid', 'undecided']));
      yield {
        input: handed.map(({ entries }) => entries.map(({ bytes }) => bytes)),
        feed: async () => wordOf(await passGate(ledger, handed, checker, { left: 1000 })),
      };
    }
    // Who lies for a quorum can certify two entries at one place [I1]; nobody can do anything else.
    const other = openLedger(village.founding, village.options);
    deliver(other, shuffled(taken(ledger), chooser(rng.below(2 ** 31))));
    agree(ledger, other);
    const broken = findViolations(ledger).filter(({ invariant }) => invariant !== 'I1');
    if (broken.length > 0) throw new Error(`${broken[0]?.invariant} ${broken[0]?.what}`);
  },
};
const taken = (ledger: Ledger): readonly VerifiedEntry[] =>
  [...ledger.entries.values()].flatMap(({ entry }) => (entry.id === ledger.circle ? [] : [entry]));
/** Who took the same in another order says the same of it [P2] [P9]; a fork's room is whose came first [F3]. */
function agree(ledger: Ledger, other: Ledger): void {
  if (ledger.halt !== null || other.halt !== null) return;
  const isWhole = [ledger, other].every(({ forks, doubleVotes }) => forks.length + doubleVotes.length === 0);
  for (const { entry, verdict, settled } of ledger.entries.values()) {
    const there = other.entries.get(entry.id);
    if (isWhole && there?.settled !== settled) throw new Error(`[P9] ${entry.id} settled: ${settled}`);
    if (there !== undefined && there.verdict.type !== verdict.type)
      throw new Error(`[P2] ${entry.id} ${verdict.type}, and ${there.verdict.type}`);
  }
}
function runsOf(rng: Rng, ledger: Ledger, world: World): () => OpenRun {
  const { made } = world;
  const change = mutatorOf(made);
  const decoded = (draft: EntryDraft): Entry | undefined => {
    try {
      const read = decodeEntry(draftBytes(draft), ledger.circle, sha256);
      return read.ok ? read.value : undefined;
    } catch {
      return undefined;
    }
  };
  const entry = (before: Entry | undefined): Entry | undefined => {
    const honest = before !== undefined && rng.chance(0.7) ? before : honestDraft(rng, ledger, world);
    for (let tries = 0; tries < TRIES; tries++) {
      const { device, lane } = rng.chance(0.97) ? honest : rng.pick(made);
      const changed = rng.chance(0.2) ? honest : change(rng, honest);
      const linked =
        before !== undefined && rng.chance(0.95)
          ? { seq: before.seq + 1, prev: before.id, device: before.device, lane: before.lane }
          : {};
      const whole = decoded({ ...changed, circle: ledger.circle, device, lane, ...linked });
      if (whole !== undefined) return whole;
    }
    return undefined;
  };
  return () => {
    const entries: Entry[] = [];
    for (let left = rng.pick([1, 1, 2, 3, 9]); left > 0; left--) {
      const next = entry(entries.at(-1));
      if (next !== undefined) entries.push(next);
    }
    return { entries, signatures: signed(rng, entries), sealed: new Map() };
  };
}
const mutators = new Map<readonly VerifiedEntry[], (rng: Rng, draft: EntryDraft) => EntryDraft>();
/** Fields of other entries in the place of those that were there. */
function mutatorOf(made: readonly VerifiedEntry[]): (rng: Rng, draft: EntryDraft) => EntryDraft {
  const known = mutators.get(made);
  if (known !== undefined) return known;
  const drafts = made.map(({ bytes: _bytes, id: _id, ...draft }): EntryDraft => draft);
  const fresh = createValueMutator(valueCorpus(drafts));
  mutators.set(made, fresh);
  return fresh;
}
