/** What the ledger alone costs [goals 1 and 2]: opening a whole book cold, and one more entry in a large one. */
import { hash } from 'node:crypto';
import {
  applyEntry,
  createDecoder,
  createLedger,
  currentTerm,
  decodeWith,
  draftDuty,
  draftNext,
  encodeEntry,
  LANE,
  stateRoot,
  type EntryDraft,
  type Entry,
  type Id,
  type Sha256,
  type Signature,
  type VerifiedEntry,
} from '@corridor/ledger';
import type { SignatureChecker } from '../../packages/peer/src/ports.ts';
import { foldBook } from '../../packages/peer/src/core/bookFolding.ts';
import { chainsOf } from '../../packages/peer/src/core/opening.ts';
import { chains, paymentBodies, signedIds, writeBook, type Book } from './book.ts';
import { createDice } from './random.ts';

/** OpenSSL's one-shot hash as the peer uses it in Node: a text is cheaper to make than a Buffer. */
const nodeSha256: Sha256 = (bytes) => {
  const text = hash('sha256', bytes, 'binary');
  const digest = new Uint8Array(32);
  for (let i = 0; i < 32; i++) digest[i] = text.charCodeAt(i);
  return digest;
};
/** A book as it lies on disk, opened: the bytes of each chain, and which entries come with a signature. */
export interface StoredBook {
  readonly book: Book;
  readonly chains: readonly (readonly StoredItem[])[];
  readonly entries: number;
}
/** One entry on disk: its unsigned bytes, and the signature kept beside it, if any [S1]. */
interface StoredItem {
  readonly bytes: Uint8Array;
  readonly signature: Signature | undefined;
}
export async function storedBook(plan: { entries: number; feeds: number }): Promise<StoredBook> {
  const book = await writeBook(plan);
  const signed = signedIds(book.entries);
  return {
    book,
    chains: chains(book.entries).map((chain) =>
      chain.map((entry) => ({
        bytes: Uint8Array.from(entry.bytes),
        signature: signed.has(entry.id) ? book.sign(entry) : undefined,
      })),
    ),
    entries: book.entries.length,
  };
}

/** Milliseconds of one cold open, stage by stage. */
export interface ColdOpen {
  readonly decode: number;
  /** Links, signatures and fold, as the product does it. */
  readonly fold: number;
}
/** Decode, verify, fold, by the code that opens a phone's own book. Throws unless the book comes out as it was written. */
export async function coldOpen(stored: StoredBook, checker: SignatureChecker): Promise<ColdOpen> {
  const { book } = stored;
  const { circle } = book.ledger;
  const start = performance.now();
  const ledger = createLedger(book.founding, { sha256: nodeSha256, isOrdinaryKey: () => true });
  const decoder = createDecoder(circle, nodeSha256, stored.entries);
  const signatures = new Map<Id, Signature>();
  const entries: Entry[] = [];
  for (const chain of stored.chains)
    for (const { bytes, signature } of chain) {
      const entry = decodeWith(decoder, bytes);
      if (!entry.ok) throw new Error(entry.fault.code);
      if (signature !== undefined) signatures.set(entry.value.id, signature);
      entries.push(entry.value);
    }
  const decoded = performance.now();
  await foldBook(ledger, chainsOf(entries), signatures, checker);
  const end = performance.now();
  if (ledger.settledCount !== book.ledger.settledCount || stateRoot(ledger) !== stateRoot(book.ledger))
    throw new Error('the opened book is another');
  return { decode: decoded - start, fold: end - decoded };
}
/** Milliseconds to hash the same entries as E3 says, and nothing else: the floor. */
export function hashAll(stored: StoredBook): number {
  const head = new Uint8Array(49);
  const room = new Uint8Array(8192);
  room.set(head);
  const start = performance.now();
  for (const chain of stored.chains)
    for (const { bytes } of chain) {
      room.set(bytes, head.length);
      nodeSha256(room.subarray(0, head.length + bytes.length));
    }
  return performance.now() - start;
}

/** Microseconds per entry that a device makes and folds: encode, id, apply; without signing and storage. */
export interface AppendCost {
  readonly entries: number;
  readonly microseconds: number;
}
/** Measured on top of a written book, which it makes longer by `count` entries. */
export function appendCost(book: Book, count: number, seed = 99): AppendCost {
  const { ledger, keeper, people } = book;
  const dice = createDice(seed);
  if (currentTerm(ledger.log, keeper.device) === undefined) throw new Error('not the keeper');
  const size = ledger.entries.size;
  let spent = 0;
  let made = 0;
  const add = (draft: EntryDraft): void => {
    const start = performance.now();
    const applied = applyEntry(ledger, encodeEntry(draft, nodeSha256) as VerifiedEntry);
    spent += performance.now() - start;
    made++;
    if (applied.type !== 'kept') throw new Error('not kept');
  };
  while (made < count) {
    const payer = people[dice.below(people.length)];
    const payee = people[dice.below(people.length)];
    if (payer === undefined || payee === undefined || payer === payee) continue;
    for (const body of paymentBodies(ledger, dice, payer, payee))
      add(draftNext(ledger, payer.device, LANE.account, body));
    const duty = draftDuty(ledger, keeper.device);
    if (duty !== undefined) add(duty);
  }
  return { entries: size, microseconds: (spent * 1000) / made };
}
