/** The book as the disk holds it, opened and folded through the same gate as what a peer sends. */
import { ok, type Entry, type Id, type Ledger, type Sha256, type Signature } from '@corridor/ledger';
import type { CheckBudget, SignatureChecker } from '../ports.ts';
import type { BookKeys } from '../sealing.ts';
import type { BookStore } from './bookStore.ts';
import { passGate } from './gate.ts';
import { chainsOf, openRuns, type OpenRun } from './opening.ts';

/** Entries opened at once. */
const LOAD_BATCH = 4096;
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
export async function loadBook({
  circle,
  ledger,
  book,
  keys,
  sha256,
  checker,
  signal,
}: Loading): Promise<void> {
  const all = [...book.all()].filter(([id]) => id !== circle);
  const entries: Entry[] = [];
  const signatures = new Map<Id, Signature>();
  const damaged: Id[] = [];
  for (let from = 0; from < all.length; from += LOAD_BATCH) {
    const part = all.slice(from, from + LOAD_BATCH);
    const runs = part.map(([id, sealed]) => ({
      items: [{ sealed, signature: book.signature(id) ?? null }],
    }));
    let opened = await openRuns({ circle, keys, sha256 }, runs, signal);
    // One damaged row must not cost the rest: open them one by one then.
    for (const [i, run] of opened.ok ? [] : runs.entries()) {
      const one = await openRuns({ circle, keys, sha256 }, [run], signal);
      const id = part[i]?.[0];
      if (!one.ok && id !== undefined) damaged.push(id);
      else if (one.ok) opened = opened.ok ? ok([...opened.value, ...one.value]) : one;
    }
    if (!opened.ok) continue;
    for (const run of opened.value) {
      entries.push(...run.entries);
      for (const [id, signature] of run.signatures) signatures.set(id, signature);
    }
  }
  book.write({ entries: [], signatures: [], forget: damaged });
  await foldChains(entries, signatures);

  /** Folds what the disk holds; what hangs on nothing any more is asked for again from the others. */
  async function foldChains(
    entries: readonly Entry[],
    signatures: ReadonlyMap<Id, Signature>,
  ): Promise<void> {
    let rest = chainsOf(entries);
    while (rest.length > 0) {
      const runs = rest.map((chainEntries): OpenRun => ({
        entries: chainEntries,
        signatures,
        sealed: new Map(),
      }));
      const left: (readonly Entry[])[] = [];
      for (const [i, run] of runs.entries()) {
        const outcome = await passGate(ledger, [run], checker, OWN_BUDGET(), signal);
        const waits = outcome.unlinked.length + outcome.later.length > 0;
        const own = rest[i];
        if (waits && own !== undefined) left.push(own.filter((entry) => !ledger.entries.has(entry.id)));
      }
      const before = rest.reduce((sum, c) => sum + c.length, 0);
      rest = left;
      if (left.reduce((sum, c) => sum + c.length, 0) === before) break;
    }
    const lost = entries.filter((entry) => !ledger.entries.has(entry.id)).map((entry) => entry.id);
    book.write({ entries: [], signatures: [], forget: lost });
  }
}
