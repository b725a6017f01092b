/**
 * One author says the same thing again and again with one number counted up: the thousandth entry must cost what the
 * hundredth did, or one member's quota [F4] is everybody's afternoon [I18].
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { expect, test } from 'vitest';
import {
  applyEntry,
  draftNext,
  encodeEntry,
  KIND,
  LANE,
  toHex,
  type Account,
  type Body,
  type ClaimBody,
  type DeviceKey,
  type Entry,
  type Id,
  type Lane,
  type Ledger,
  type PayBody,
  type VerifiedEntry,
  type Vote,
} from '@corridor/ledger';
import { admit, found, joinRequest, pay, person, type Person } from '@corridor/testing';

const ENTRIES = 1200;
/** Entries that are timed together, at the beginning and at the end. */
const BLOCK = 200;
/** What the last block may cost of what the first did: lists and maps that grow make a little difference. */
const MAX_GROWTH = 4;
/** Milliseconds below which a block is nothing to compare. */
const NOTHING = 20;
/** A garbage collection in between is nobody's cost. */
const TRIES = 4;
/** What one entry has room for. */
const VOTES = 46;

const [alice, bob, carol] = [person('Alice'), person('Bob'), person('Carol')];
const nobody = joinRequest(found(alice).ledger, alice, person('Nobody'));
const anId = (n: number): Id => toHex(sha256(Uint8Array.of(n, n >> 8, n >> 16, n >> 24))) as Id;
const many = <T>(count: number, i: number, make: (n: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, k) => make(i * count + k));

interface Repeat {
  readonly what: string;
  readonly author: Person;
  readonly lane: Lane;
  readonly body: (i: number, ledger: Ledger) => Body;
}
const votes = (what: string, vote: (n: number) => Partial<Vote>): Repeat => ({
  what: `votes ${what}`,
  author: alice,
  lane: LANE.witness,
  body: (i) => ({
    kind: KIND.votes,
    votes: many(VOTES, i, (n) => ({ device: bob.device, incarnation: 0, seq: 5, id: anId(0), ...vote(n) })),
    receipts: [],
  }),
});
const witness = (what: string, body: (i: number) => Body): Repeat => ({
  what,
  author: alice,
  lane: LANE.witness,
  body,
});
const voice = (what: string, id: (n: number) => Id): Repeat => ({
  what: `“I have it” ${what}`,
  author: bob,
  lane: LANE.voice,
  body: (i) => ({ kind: KIND.have, ids: many(32, i, id) }),
});
const account = { limitRef: 1, logHeight: 1, balanceAfter: 0 } as const;
const claims = (what: string, change: (i: number, ledger: Ledger) => Partial<ClaimBody>): Repeat => ({
  what: `claims ${what}`,
  author: bob,
  lane: LANE.account,
  body: (i, ledger) => ({ kind: KIND.claim, claims: [], ...account, ...change(i, ledger) }),
});
const toCarol: Account = { type: 'device', device: carol.device };
const payments = (what: string, change: (i: number) => Partial<PayBody>): Repeat => ({
  what: `payments ${what}`,
  author: bob,
  lane: LANE.account,
  body: (i) => ({
    kind: KIND.pay,
    claims: [],
    ...account,
    amount: 0,
    to: toCarol,
    need: null,
    invoice: null,
    memo: null,
    attachment: null,
    at: 0,
    ...change(i),
  }),
});
/** What Carol paid Bob before it begins. */
const credit = (ledger: Ledger): Id =>
  [...ledger.entries.values()].find(({ entry }) => entry.body.kind === KIND.pay)?.entry.id ?? anId(0);

const REPEATS: readonly Repeat[] = [
  votes('for one place in many incarnations', (n) => ({ incarnation: n })),
  votes('for many entries at one place', (n) => ({ id: anId(n) })),
  votes('for many places', (n) => ({ seq: n, id: anId(n) })),
  votes('for devices that nobody has', (n) => ({ device: anId(n) as string as DeviceKey })),
  votes('for the same', () => ({})),
  witness('receipts of what is not there', (i) => ({
    kind: KIND.votes,
    votes: [],
    receipts: many(64, i, (n) => ({ id: anId(n), votes: [{ witness: 0, seq: n }] })),
  })),
  witness('precommits at one height', (i) => ({
    kind: KIND.precommit,
    height: 9,
    round: 0,
    decision: anId(i),
  })),
  witness('precommits in many rounds', (i) => ({
    kind: KIND.precommit,
    height: 9,
    round: i,
    decision: anId(0),
  })),
  witness('proposals', (i) => ({
    kind: KIND.propose,
    round: 0,
    decision: {
      height: 100,
      prev: anId(i),
      act: { type: 'admit', request: nobody, grant: { lowestBalance: 0, highestBalance: 0 } },
      approvals: [],
    },
  })),
  voice('of what is not there', anId),
  voice('of the same', () => anId(0)),
  claims('of what is not there', (i) => ({ claims: many(32, i, (n) => ({ debit: anId(n), amount: 1 })) })),
  claims('of the same that is not there', () => ({
    claims: many(32, 0, (n) => ({ debit: anId(n), amount: 1 })),
  })),
  claims('of one credit', (_, ledger) => ({
    claims: many(32, 0, () => ({ debit: credit(ledger), amount: 1 })),
  })),
  claims('at heights to come', (i) => ({ logHeight: 100 + i })),
  payments('of nothing', () => ({})),
  payments('of one invoice', () => ({ invoice: anId(0) })),
  payments('that wait for an attachment', (i) => ({
    attachment: { hash: anId(i), length: 1, erasable: false },
  })),
];

/** Milliseconds of processor for each block of entries. */
function blocks({ author, lane, body }: Repeat): readonly number[] {
  const { ledger } = found(alice);
  admit(ledger, alice, alice, bob);
  admit(ledger, alice, alice, carol);
  pay(ledger, carol, bob, 1);
  const entries: Entry[] = [];
  for (let i = 0; i < ENTRIES; i++)
    entries.push(
      encodeEntry(draftNext(ledger, author.device, lane, body(i, ledger), entries.at(-1)), sha256),
    );
  const spent: number[] = [];
  for (let at = 0; at < ENTRIES; at += BLOCK) {
    const from = process.threadCpuUsage();
    // These are as good as verified: what is asked is what they cost.
    for (const entry of entries.slice(at, at + BLOCK)) {
      const applied = applyEntry(ledger, entry as unknown as VerifiedEntry);
      expect(applied.type).toBe('kept');
    }
    const { user, system } = process.threadCpuUsage(from);
    spent.push((user + system) / 1000);
  }
  return spent;
}

test.each(REPEATS)('[I18] $what: the thousandth costs what the hundredth did', (repeat) => {
  let growth = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < TRIES && growth > MAX_GROWTH; tries++) {
    const spent = blocks(repeat);
    growth = Math.min(growth, (spent.at(-1) ?? 0) / Math.max(NOTHING, spent[0] ?? 0));
  }
  expect(growth).toBeLessThanOrEqual(MAX_GROWTH);
});
