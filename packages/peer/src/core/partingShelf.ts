/**
 * What a removed device may still read [S1]: each book as it was until the decision that removed it, so that it learns of
 * that decision and of nothing after it. With the removal the book's key changes, so what it may not read is what was
 * written under a later key.
 */
import { decidedAt, type DeviceKey, type Feed, type Ledger } from '@corridor/ledger';
import type { FeedHead, FeedName, Shelf } from '@corridor/sync';
import type { Replica } from './replica.ts';
import { feedByName } from './sealedShelf.ts';

/** The newest epoch that a device may read in this book; undefined: nothing of it. */
function lastEpochFor({ log }: Ledger, device: DeviceKey): number | undefined {
  const record = log.devices.get(device);
  if (record === undefined) return undefined;
  let { epoch } = log;
  let removedBefore: number | undefined;
  for (let { height } = log; height > log.from.height; height--) {
    const act = decidedAt(log, height)?.act;
    if (act == null || !('key' in act) || act.key === null) continue;
    epoch--;
    const isGivenUp = act.type === 'replace' && act.closings.some((closing) => closing.device === device);
    const isExpelled = act.type === 'standing' && act.standing === 'expelled' && act.member === record.member;
    if (isGivenUp || isExpelled) removedBefore ??= epoch;
  }
  if (removedBefore !== undefined) return removedBefore;
  const wasRemoved = record.heir !== null || log.standings.get(record.member) === 'expelled';
  return wasRemoved ? undefined : log.epoch;
}
/** How many entries of a feed's chain were written by then: the epoch never falls along a chain. */
function lengthUntil({ main }: Feed, epoch: number): number {
  let length = main.length;
  for (let at = main[length - 1]; at !== undefined && at.entry.epoch > epoch; at = main[length - 1]) length--;
  return length;
}

/** `replicas`: the books that are open, ascending. */
export function createPartingShelf(replicas: () => readonly Replica[], device: DeviceKey): Shelf {
  /** What a log says of the device changes with its height alone. */
  const known = new Map<Replica, { readonly height: number; readonly epoch: number | undefined }>();
  const epochIn = (replica: Replica): number | undefined => {
    const { ledger } = replica;
    const { height } = ledger.log;
    let said = known.get(replica);
    if (said?.height !== height) {
      said = { height, epoch: lastEpochFor(ledger, device) };
      known.set(replica, said);
    }
    return said.epoch;
  };
  const open = (): readonly { readonly replica: Replica; readonly epoch: number }[] =>
    replicas().flatMap((replica) => {
      const epoch = epochIn(replica);
      return epoch === undefined ? [] : [{ replica, epoch }];
    });
  const bookOf = (feed: FeedName) => open().find(({ replica }) => replica.ledger.book === feed.book);
  /** The head as it was then: what a signature stands at, since every epoch of a chain ends with one [F2]. */
  const cut = (head: FeedHead, ledger: Ledger, epoch: number): readonly FeedHead[] => {
    const feed = feedByName(ledger, head.feed);
    const length = feed === undefined ? 0 : lengthUntil(feed, epoch);
    if (head.seq < length) return [head];
    const last = feed?.main[length - 1];
    return last === undefined ? [] : [{ ...head, seq: length - 1, head: last.entry.id }];
  };
  const headOf = (name: FeedName): FeedHead | undefined => {
    const book = bookOf(name);
    const head = book?.replica.shelf.head(name);
    return book && head && cut(head, book.replica.ledger, book.epoch)[0];
  };
  return {
    books: () => open().map(({ replica }) => replica.ledger.book),
    takes: () => false,
    heads: () =>
      open().flatMap(({ replica, epoch }) =>
        replica.shelf.heads().flatMap((head) => cut(head, replica.ledger, epoch)),
      ),
    head: headOf,
    idAt(name, seq) {
      const head = headOf(name);
      return head === undefined || seq > head.seq ? undefined : bookOf(name)?.replica.shelf.idAt(name, seq);
    },
    read(name, fromSeq, maxBytes) {
      const book = bookOf(name);
      const feed = book && feedByName(book.replica.ledger, name);
      if (book === undefined || feed === undefined) return [];
      const items = book.replica.shelf.read(name, fromSeq, maxBytes);
      const length = lengthUntil(feed, book.epoch);
      return length === feed.main.length ? items : items.slice(0, Math.max(0, length - fromSeq));
    },
    text: () => ({ state: 'unknown' }),
    proofs: (name) => bookOf(name)?.replica.shelf.proofs(name) ?? [],
  };
}
