/** What the gate kept goes into the book, sealed, and from there to sessions and screens. */
import { headOf, type Change, type Id, type Ledger, type Stored } from '@corridor/ledger';
import type { FeedName, Run, SealedItem } from '@corridor/sync';
import { sealEntries, sealSignatures } from '../sealing.ts';
import type { BookKey } from '../sealingKey.ts';
import { keepsSignature, type BookStore } from './bookStore.ts';
import type { GateOutcome } from './gate.ts';
import type { OpenRun } from './opening.ts';
import { nameOfFeed } from './sealedShelf.ts';

/** What reached the replica: for sessions to push, for the book keeper to act on, for screens to show. */
export interface ReplicaNews {
  readonly runs: readonly Run[];
  readonly changes: readonly Change[];
  /** The session it came by; null: made here. */
  readonly source: string | null;
}
/** Whether what follows is sealed with a newer key: who has only the older one gets so far, and must be able to check it. */
const endsEpoch = ({ feed, entry }: Stored): boolean => {
  const next = feed.main[entry.seq + 1];
  return next !== undefined && next.entry.epoch !== entry.epoch;
};
export type BookWriter = (
  outcome: GateOutcome,
  runs: readonly OpenRun[],
  source: string | null,
) => Promise<void>;

export function createBookWriter(
  ledger: Ledger,
  book: BookStore,
  key: BookKey,
  onNews: (news: ReplicaNews) => void,
): BookWriter {
  /** Writes what the gate kept: sealed entries, and the signatures that stay. */
  const write: BookWriter = async (outcome, runs, source) => {
    const sealedOf = new Map(runs.flatMap((run) => [...run.sealed]));
    const signatureOf = new Map(runs.flatMap((run) => [...run.signatures]));
    const unsealed = outcome.kept.filter((s) => !sealedOf.has(s.entry.id));
    const sealed = await sealEntries(
      key,
      unsealed.map((s) => s.entry.bytes),
    );
    const fresh = new Map(unsealed.map((s, i) => [s.entry.id, sealed[i]] as const));
    const toSeal = outcome.signed.flatMap((id) => {
      const value = signatureOf.get(id);
      return value !== undefined && !sealedOf.get(id)?.signature ? [{ subject: id, value }] : [];
    });
    const sealedSignatures = await sealSignatures(key, toSeal);
    const freshSignatures = new Map(toSeal.map((s, i) => [s.subject, sealedSignatures[i]] as const));
    book.write({
      entries: outcome.kept.flatMap(({ entry: { id } }) => {
        const bytes = sealedOf.get(id)?.entry ?? fresh.get(id);
        return bytes === undefined ? [] : [{ id, sealed: bytes }];
      }),
      signatures: outcome.signed.flatMap((id) => {
        const bytes = sealedOf.get(id)?.signature ?? freshSignatures.get(id);
        return bytes ? [{ id, sealed: bytes }] : [];
      }),
      forget: [],
    });
    if (outcome.kept.length > 0 || outcome.changes.length > 0)
      onNews({ runs: runsOf(outcome.kept), changes: outcome.changes, source });
    book.dropSignatures(outdated(outcome.kept));
  };
  /** A feed's former newest signatures, now that a newer one stands [S1]. */
  const outdated = (kept: readonly Stored[]): readonly Id[] => {
    const ids: Id[] = [];
    for (const stored of kept)
      for (let at = stored.prev; at !== undefined && book.signature(at.entry.id) !== undefined; at = at.prev)
        if (!keepsSignature(at) && headOf(at.feed) !== at && !endsEpoch(at)) ids.push(at.entry.id);
        else break;
    return ids;
  };
  const runsOf = (kept: readonly Stored[]): readonly Run[] => {
    const runs: { feed: FeedName; fromSeq: number; items: SealedItem[] }[] = [];
    let last: Stored | undefined;
    for (const stored of kept) {
      const sealed = book.sealed(stored.entry.id);
      if (sealed === undefined) continue;
      const item = { sealed, signature: book.signature(stored.entry.id) ?? null };
      if (last !== undefined && stored.prev === last) runs.at(-1)?.items.push(item);
      else runs.push({ feed: nameOfFeed(ledger, stored.feed), fromSeq: stored.entry.seq, items: [item] });
      last = stored;
    }
    return runs;
  };
  return write;
}
