/** The book as the disk holds it, opened and folded. */
import {
  createDecoder,
  type Entry,
  type Id,
  type Ledger,
  type Sha256,
  type Signature,
} from '@corridor/ledger';
import type { CheckBudget, SignatureChecker } from '../ports.ts';
import type { BookKeys } from '../sealing.ts';
import { foldBook } from './bookFolding.ts';
import type { BookStore } from './bookStore.ts';
import { passGate } from './gate.ts';
import { chainsOf, openItems, type OpenRun } from './opening.ts';

/** Entries opened at once. */
const LOAD_BATCH = 1024;
const OWN_BUDGET = (): CheckBudget => ({ left: Number.POSITIVE_INFINITY });

export interface Loading {
  readonly circle: Id;
  readonly ledger: Ledger;
  readonly book: BookStore;
  readonly keys: BookKeys;
  readonly sha256: Sha256;
  readonly checker: SignatureChecker;
  readonly signal?: AbortSignal | undefined;
}
/** Fills the ledger from the book; what cannot be read or hangs on nothing leaves the book. */
export async function loadBook(loading: Loading): Promise<void> {
  const { ledger, book, checker, signal } = loading;
  const { entries, signatures, damaged } = await openBook(loading);
  const chains = chainsOf(entries);
  await foldBook(ledger, chains, signatures, checker, signal);
  if (ledger.entries.size <= entries.length) await foldRest(loading, chains, signatures);
  const lost = entries.filter((entry) => !ledger.entries.has(entry.id)).map((entry) => entry.id);
  if (damaged.length + lost.length > 0)
    book.write({ entries: [], signatures: [], forget: [...damaged, ...lost] });
}

interface OpenBook {
  readonly entries: readonly Entry[];
  readonly signatures: ReadonlyMap<Id, Signature>;
  /** Rows that cannot be read: the rest does without them. */
  readonly damaged: readonly Id[];
}
/** Opens everything; while one part is decoded, a cipher that works elsewhere is at the next. */
async function openBook({ circle, book, keys, sha256, signal }: Loading): Promise<OpenBook> {
  const all = [...book.all()].filter(([id]) => id !== circle);
  const opening = { keys, decoder: createDecoder(circle, sha256, all.length) };
  const entries: Entry[] = [];
  const signatures = new Map<Id, Signature>();
  const damaged: Id[] = [];
  const openFrom = (from: number): ReturnType<typeof openItems> => {
    const part = all.slice(from, from + LOAD_BATCH);
    const items = part.map(([id, sealed]) => ({ sealed, signature: book.signature(id) ?? null }));
    const opened = openItems(opening, items, 'own-book', signal);
    // An abort is told once, by the part that is waited for.
    opened.catch(() => undefined);
    return opened;
  };
  let ahead = openFrom(0);
  for (let from = 0; from < all.length; from += LOAD_BATCH) {
    const part = ahead;
    if (from + LOAD_BATCH < all.length) ahead = openFrom(from + LOAD_BATCH);
    for (const [at, opened] of (await part).entries()) {
      const id = all[from + at]?.[0];
      // A row under another's name is as good as damaged.
      if (!opened.ok || opened.value.entry.id !== id) {
        if (id !== undefined) damaged.push(id);
        continue;
      }
      const { entry, signature } = opened.value;
      entries.push(entry);
      if (signature !== null) signatures.set(entry.id, signature);
    }
  }
  return { entries, signatures, damaged };
}

/** What the quick way left: forks, and what came in an order of its own, through the gate as from a peer. */
async function foldRest(
  { ledger, checker, signal }: Loading,
  chains: readonly (readonly Entry[])[],
  signatures: ReadonlyMap<Id, Signature>,
): Promise<void> {
  const missing = (chain: readonly Entry[]): readonly Entry[] =>
    chain.filter((entry) => !ledger.entries.has(entry.id));
  const count = (some: readonly (readonly Entry[])[]): number => some.reduce((sum, c) => sum + c.length, 0);
  let rest = chains.map(missing).filter((chain) => chain.length > 0);
  for (let before = -1; rest.length > 0 && count(rest) !== before;) {
    before = count(rest);
    for (const entries of rest) {
      const run: OpenRun = { entries, signatures, sealed: new Map() };
      await passGate(ledger, [run], checker, OWN_BUDGET(), signal);
    }
    rest = rest.map(missing).filter((chain) => chain.length > 0);
  }
}
