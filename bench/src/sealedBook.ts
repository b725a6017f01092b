/** A written book as replicas hold it: sealed entries in a Map, behind the product's own shelf and gate. */
import {
  createDecoder,
  createLedger,
  signWithSeed,
  type Id,
  type Ledger,
  type Stored,
  type TextHash,
  type VerifiedEntry,
} from '@corridor/ledger';
import { feedKey, type Run, type SealedItem, type Shelf } from '@corridor/sync';
import type { BookStore } from '../../packages/peer/src/core/bookStore.ts';
import { passGate } from '../../packages/peer/src/core/gate.ts';
import { openRuns } from '../../packages/peer/src/core/opening.ts';
import { createSealedShelf } from '../../packages/peer/src/core/sealedShelf.ts';
import { createNodeCipher } from '../../packages/peer/src/node/nodeCipher.ts';
import {
  sealEntries,
  sealSignature,
  sealSignatures,
  type BookKeys,
} from '../../packages/peer/src/sealing.ts';
import { prepareBookKey, type BookKey } from '../../packages/peer/src/sealingKey.ts';
import type { SignatureChecker } from '../../packages/peer/src/ports.ts';
import { keep, signedIds, type Book } from './book.ts';
import type { End } from './link.ts';

/** The book key of every measured circle: 32 bytes, no secret of anybody. */
export const BENCH_BOOK_KEY = new Uint8Array(32).fill(7);

export interface Keys {
  readonly key: BookKey;
  readonly keys: BookKeys;
}
export async function benchKeys(book: Pick<Book, 'sha256'>): Promise<Keys> {
  const key = await prepareBookKey(BENCH_BOOK_KEY, createNodeCipher(), book.sha256);
  return { key, keys: new Map([[key.id, key]]) };
}

/** What one entry is on the disk and on the wire. */
export interface SealedEntry {
  readonly entry: VerifiedEntry;
  readonly sealed: Uint8Array;
}
/** All entries of a book, sealed, in the order in which they were made. */
export async function sealBook(book: Book, { key }: Keys): Promise<readonly SealedEntry[]> {
  const sealed = await sealEntries(
    key,
    book.entries.map((entry) => entry.bytes),
  );
  return book.entries.map((entry, i) => ({ entry, sealed: sealed[i] ?? new Uint8Array(0) }));
}
/** The sealed signatures that a replica with exactly these entries keeps [S1]. */
export async function sealKeptSignatures(
  book: Book,
  { key }: Keys,
  entries: readonly VerifiedEntry[],
): Promise<ReadonlyMap<Id, Uint8Array>> {
  const ids = signedIds(entries);
  const signed = entries.filter((entry) => ids.has(entry.id));
  const sealed = await sealSignatures(
    key,
    signed.map((entry) => ({ subject: entry.id, value: book.sign(entry) })),
  );
  return new Map(signed.map((entry, i) => [entry.id, sealed[i] ?? new Uint8Array(0)]));
}

export interface Replica extends End {
  readonly ledger: Ledger;
  readonly shelf: Shelf;
}
export interface ReplicaParts {
  readonly book: Book;
  readonly keys: Keys;
  readonly checker: SignatureChecker;
  /** Who holds it: a member's place in the circle, 0 the founder. */
  readonly owner: number;
}

/** A replica that holds the first `count` entries of the book. What comes later it takes through the gate. */
export async function openReplicaOf(
  { book, keys, checker, owner }: ReplicaParts,
  all: readonly SealedEntry[],
  count: number,
): Promise<Replica> {
  const ledger = createLedger(book.founding, { sha256: book.sha256, isOrdinaryKey: () => true });
  const held = all.slice(0, count);
  const sealed = new Map<Id, Uint8Array>();
  for (const item of held) {
    keep(ledger, item.entry);
    sealed.set(item.entry.id, item.sealed);
  }
  const signatures = new Map(
    await sealKeptSignatures(
      book,
      keys,
      held.map((item) => item.entry),
    ),
  );
  // The founding entry lies in the book like any other.
  const [founding] = await sealEntries(keys.key, [book.founding.bytes]);
  if (founding !== undefined) sealed.set(book.founding.id, founding);
  signatures.set(book.founding.id, await sealSignature(keys.key, book.founding.id, book.sign(book.founding)));
  const store: Pick<BookStore, 'sealed' | 'signature' | 'text'> = {
    sealed: (id) => sealed.get(id),
    signature: (id) => signatures.get(id),
    text: (_hash: TextHash) => undefined,
  };
  const person = book.people[owner];
  if (person === undefined) throw new RangeError('nobody there');
  const { circle } = ledger;
  const opening = { keys: keys.keys, decoder: createDecoder(circle, book.sha256) };
  const tails = new Map<string, readonly SealedItem[]>();
  return {
    ledger,
    shelf: createSealedShelf(ledger, store as BookStore),
    device: person.device,
    standing: (device) => (ledger.log.devices.has(device) ? 'member' : 'unknown'),
    sign: (message) => signWithSeed(person.seed, message),
    async take(arrived: readonly Run[]) {
      const runs = arrived.map(vouchedFor).filter((run) => run.items.length > 0);
      const opened = await openRuns(opening, runs);
      if (!opened.ok) return { type: 'fault', reason: opened.fault };
      const outcome = await passGate(ledger, opened.value, checker, { left: 16 });
      if (outcome.fault !== null) return { type: 'fault', reason: outcome.fault.code };
      const items = new Map(opened.value.flatMap((run) => [...run.sealed]));
      for (const stored of outcome.kept) keepSealed(stored, items.get(stored.entry.id));
      return { type: 'settled' };
    },
  };
  /** What follows a run's last signature waits for the next run, whose signature reaches back to it [F2]. */
  function vouchedFor(run: Run): Run {
    const name = feedKey(run.feed);
    const before = tails.get(name) ?? [];
    const items = [...before, ...run.items];
    const end = items.findLastIndex((item) => item.signature !== null) + 1;
    tails.set(name, items.slice(end));
    return { feed: run.feed, fromSeq: run.fromSeq - before.length, items: items.slice(0, end) };
  }
  function keepSealed(
    { entry }: Stored,
    item: { entry: Uint8Array; signature: Uint8Array | null } | undefined,
  ) {
    if (item === undefined) throw new Error('kept, and not sealed');
    sealed.set(entry.id, item.entry);
    if (item.signature !== null) signatures.set(entry.id, item.signature);
  }
}
