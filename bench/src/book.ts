/**
 * A book as a circle of that size would write it: payments that claim what came in, CLAIMs, votes and receipts of
 * the one witness, and "I have it". Everything is drafted by the ledger's own rules and signed with real keys.
 */
import {
  applyEntry,
  createLedger,
  draftClaim,
  draftDuty,
  draftNext,
  draftPayment,
  draftProposal,
  encodeEntry,
  entryStatement,
  firstGrantFor,
  isAnchor,
  KIND,
  LANE,
  toHex,
  verifyFounding,
  type Body,
  type EntryDraft,
  type FoundBody,
  type Id,
  type Ledger,
  type PayBody,
  type Policy,
  type Sha256,
  type Signature,
  type VerifiedEntry,
} from '@corridor/ledger';
import { foundingDraft, joinRequest, person, type Person } from '@corridor/testing';
import { createSha256 } from '../../packages/peer/src/node/sha256.ts';
import { createDice, type Dice } from './random.ts';
import { createSigner } from './signer.ts';

/** Limits wide enough that no payment of a measurement is refused, in minor units. */
const GRANT = { lowestBalance: -(2 ** 30), highestBalance: 2 ** 30 };
export const BENCH_POLICY: Policy = {
  admission: 'inviter',
  firstGrant: GRANT,
  smallAmount: 5_000,
  offlineAmount: 3_000,
  maxEntries: 2 ** 22,
  maxBytes: 2 ** 31,
};

export interface Book {
  readonly founding: VerifiedEntry<FoundBody>;
  readonly keeper: Person;
  readonly people: readonly Person[];
  /** In the order in which they were made, without the founding entry. */
  readonly entries: readonly VerifiedEntry[];
  /** The replica on which it was written. */
  readonly ledger: Ledger;
  readonly sha256: Sha256;
  readonly sign: (entry: VerifiedEntry) => Signature;
}
export interface BookPlan {
  readonly entries: number;
  /** Feeds that hold entries, the founding one and the witness's among them. */
  readonly feeds: number;
  readonly seed?: number;
}

/** An entry that its own author just drafted is authentic: there is nothing to verify. */
const ownEntry = (draft: EntryDraft, sha256: Sha256): VerifiedEntry =>
  encodeEntry(draft, sha256) as VerifiedEntry;

/** A circle of that many people, all admitted, whose founder keeps the book. */
export async function foundCircle(members: number): Promise<Book & { readonly entries: VerifiedEntry[] }> {
  const sha256 = await createSha256();
  const people = Array.from({ length: members }, (_, i) => person(`neighbour ${i}`));
  const [keeper] = people;
  if (keeper === undefined) throw new RangeError('a circle needs somebody');
  const verified = verifyFounding(encodeEntry(foundingDraft(keeper, BENCH_POLICY), sha256), 'valid');
  if (!verified.ok) throw new Error(verified.fault.code);
  const ledger = createLedger(verified.value, { sha256, isOrdinaryKey: () => true });
  const entries: VerifiedEntry[] = [];
  for (const newcomer of people.slice(1)) {
    const request = joinRequest(ledger, keeper, newcomer);
    const draft = draftProposal(ledger, keeper.device, {
      type: 'admit',
      request,
      grant: firstGrantFor(ledger.log, request),
    });
    if (!draft.ok) throw new Error(draft.fault.code);
    const entry = ownEntry(draft.value, sha256);
    keep(ledger, entry);
    entries.push(entry);
  }
  const sign = createSigner();
  const seeds = new Map(people.map((p) => [p.device, p]));
  const signEntry = (entry: VerifiedEntry): Signature => {
    const author = seeds.get(entry.device);
    if (author === undefined) throw new Error('nobody of this circle');
    return sign(entry.lane === LANE.witness ? author.witnessSeed : author.seed, entryStatement(entry.id));
  };
  return { founding: verified.value, keeper, people, entries, ledger, sha256, sign: signEntry };
}
/** Applies an entry that must be kept. */
export function keep(ledger: Ledger, entry: VerifiedEntry): void {
  const applied = applyEntry(ledger, entry);
  if (applied.type !== 'kept') throw new Error(`not kept: ${JSON.stringify(applied)}`);
}

/** A payment of a few coins from one to another; the body as the payer would sign it. */
export function paymentBodies(ledger: Ledger, dice: Dice, payer: Person, payee: Person): readonly Body[] {
  const drafted = draftPayment(ledger, payer.device, {
    to: payee.device,
    amount: 50 + dice.below(2_000),
    need: dice.below(2) === 0 ? { category: dice.below(12), quantity: 1000 * (1 + dice.below(5)) } : null,
    invoice: dice.below(3) === 0 ? (toHex(dice.bytes(32)) as Id) : null,
    memo: dice.below(2) === 0 ? (toHex(dice.bytes(32)) as NonNullable<PayBody['memo']>) : null,
    attachment: null,
    at: 1_800_000_000 + dice.below(30_000_000),
    claims: 'oldest',
  });
  if (!drafted.ok) throw new Error(drafted.fault.code);
  return [...drafted.value.claimsFirst, drafted.value.payment];
}

/**
 * Writes a book. Payments come one to six at a time before the witness looks; who was paid says "I have it" every
 * other time; one in twelve takes its credits in by a CLAIM.
 */
export async function writeBook({ entries: wanted, feeds, seed = 1 }: BookPlan): Promise<Book> {
  // Each person has an account and a voice lane; the founding entry and the witness have one each.
  const circle = await foundCircle(Math.max(2, Math.floor((feeds - 2) / 2)));
  const { ledger, entries, people, keeper, sha256 } = circle;
  const dice = createDice(seed);
  const add = (draft: EntryDraft): VerifiedEntry => {
    const entry = ownEntry(draft, sha256);
    keep(ledger, entry);
    entries.push(entry);
    return entry;
  };
  const someone = (): Person => people[dice.below(people.length)] ?? keeper;
  const received = new Map<Person, Id[]>();
  const pay = (payer: Person, payee: Person): void => {
    for (const body of paymentBodies(ledger, dice, payer, payee)) {
      const { id } = add(draftNext(ledger, payer.device, LANE.account, body));
      if (body.kind === KIND.pay) received.set(payee, [...(received.get(payee) ?? []), id]);
    }
  };
  while (entries.length < wanted) {
    for (let payments = 1 + dice.below(6); payments > 0; payments--) {
      const payer = someone();
      const payee = someone();
      if (payer !== payee) pay(payer, payee);
    }
    if (dice.below(12) === 0) {
      const owner = someone();
      const claim = draftClaim(ledger, owner.device);
      if (claim !== undefined) add(draftNext(ledger, owner.device, LANE.account, claim));
    }
    const duty = draftDuty(ledger, keeper.device);
    if (duty !== undefined) add(duty);
    for (const [payee, ids] of received) {
      if (dice.below(4) !== 0 && ids.length < 16) continue;
      received.delete(payee);
      add(draftNext(ledger, payee.device, LANE.voice, { kind: KIND.have, ids }));
    }
  }
  return circle;
}

/** Ids whose signature a replica keeps: each feed's newest and every 64th [S1]. */
export function signedIds(entries: readonly VerifiedEntry[]): ReadonlySet<Id> {
  const newest = new Map<string, Id>();
  const signed = new Set<Id>();
  for (const entry of entries) {
    newest.set(`${entry.device}/${entry.lane}`, entry.id);
    if (isAnchor(entry.seq)) signed.add(entry.id);
  }
  for (const id of newest.values()) signed.add(id);
  return signed;
}
/** The entries of each chain, oldest first, the log's own lane first. */
export function chains(entries: readonly VerifiedEntry[]): readonly (readonly VerifiedEntry[])[] {
  const byFeed = new Map<string, VerifiedEntry[]>();
  for (const entry of entries) {
    const name = `${entry.device}/${entry.lane}`;
    const chain = byFeed.get(name);
    if (chain === undefined) byFeed.set(name, [entry]);
    else chain.push(entry);
  }
  return [...byFeed.values()].toSorted((a, b) => (b[0]?.lane ?? 0) - (a[0]?.lane ?? 0));
}
