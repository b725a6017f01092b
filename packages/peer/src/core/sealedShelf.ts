/** The replica as a sync session sees it: feeds by ordinal, sealed items in chain order. */
import {
  KIND,
  LANE,
  MAX_LINKS,
  ZERO_ID,
  type Body,
  type Feed,
  type ForkProof,
  type Id,
  type Ledger,
  type Stored,
} from '@corridor/ledger';
import type { FeedHead, FeedName, SealedItem, SealedProof, Shelf } from '@corridor/sync';
import type { BookStore } from './bookStore.ts';

/** The feed that a name stands for in this replica's log; undefined while the log does not know its ordinal. */
export function feedByName(ledger: Ledger, name: FeedName): Feed | undefined {
  if (name.book !== ledger.book) return undefined;
  if (name.lane === LANE.founding) return name.ordinal === 0 ? ledger.founding.feed : undefined;
  const device = ledger.log.ordinals[name.ordinal];
  return device && ledger.feeds.get(device)?.[name.lane];
}
export function nameOfFeed(ledger: Ledger, feed: Feed): FeedName {
  const record = ledger.log.devices.get(feed.device);
  if (record === undefined) throw new Error('a feed of a device that nobody admitted');
  return { book: ledger.book, ordinal: record.ordinal, lane: feed.lane };
}

/** How much of a feed two replicas with the same proof agree on: of a forked feed the certified part, or what is before the fork. */
function agreedLength(ledger: Ledger, book: BookStore, feed: Feed): number {
  if (!feed.forked) return vouchedLength(book, feed);
  return feed.lane === LANE.account ? feed.certified : commonLength(ledger, feed);
}
const forksOf = (ledger: Ledger, { device, lane }: Feed): readonly ForkProof[] =>
  ledger.forks.filter((fork) => fork.device === device && fork.lane === lane);
/** Up to its first fork a feed has one history. */
const commonLength = (ledger: Ledger, feed: Feed): number =>
  Math.min(feed.main.length, ...forksOf(ledger, feed).map((fork) => fork.seq));

/** How far a feed is read that somebody reads from `fromSeq` on. */
function readableLength(ledger: Ledger, book: BookStore, feed: Feed, fromSeq: number): number {
  let length = agreedLength(ledger, book, feed);
  if (!feed.forked) return length;
  // A proof hangs on what stands before it, certified or not [F3].
  if (fromSeq >= length) length = Math.max(length, commonLength(ledger, feed));
  // Such a part may owe its own proof to what comes after it [F2].
  for (let last = feed.main[length - 1]; last !== undefined; last = feed.main[length - 1]) {
    if (length === feed.main.length || book.signature(last.entry.id) !== undefined) break;
    length++;
  }
  return length;
}

/**
 * Up to the newest signature. Where a bound cut a run short [F4], the signature that vouched for what was kept is not
 * here: such an end proves nothing to anybody and is not offered [F2].
 */
function vouchedLength(book: BookStore, feed: Feed): number {
  let length = feed.main.length;
  for (let at = feed.main[length - 1]; at !== undefined; at = feed.main[length - 1]) {
    if (vouchers(book, at) !== undefined) break;
    length--;
  }
  return length;
}

/**
 * What proves an entry besides the chain that goes on after it: nothing if it is signed itself, or what a closing cut
 * off behind it, up to a signature [F2] [C2]. Undefined: nothing here does.
 */
function vouchers(book: BookStore, stored: Stored): readonly Stored[] | undefined {
  if (book.signature(stored.entry.id) !== undefined) return [];
  const { side, sideAt } = stored.feed;
  if (side.size === 0) return undefined;
  let reached: readonly (readonly Stored[])[] = [[stored]];
  for (let link = 1; link <= MAX_LINKS && reached.length > 0; link++) {
    const longer = reached.flatMap((path) =>
      (sideAt.get(stored.entry.seq + link) ?? [])
        .filter((next) => next.prev === path.at(-1))
        .map((next) => [...path, next]),
    );
    const signed = longer.find((path) => book.signature(path.at(-1)?.entry.id ?? ZERO_ID) !== undefined);
    if (signed !== undefined) return signed.slice(1);
    reached = longer;
  }
  return undefined;
}

export function createSealedShelf(ledger: Ledger, book: BookStore): Shelf {
  const item = (stored: Stored): SealedItem | undefined => {
    const sealed = book.sealed(stored.entry.id);
    return sealed && { sealed, signature: book.signature(stored.entry.id) ?? null };
  };
  const headOfFeed = (feed: Feed, name: FeedName): FeedHead | undefined => {
    const length = agreedLength(ledger, book, feed);
    const head = feed.main[length - 1];
    if (head !== undefined) return { feed: name, seq: length - 1, head: head.entry.id, forked: feed.forked };
    return feed.forked ? { feed: name, seq: -1, head: ZERO_ID, forked: true } : undefined;
  };
  /** From a fork's slot to the first signed entry of that branch. */
  const branch = (start: Stored): readonly SealedItem[] => {
    const items: SealedItem[] = [];
    for (let at: Stored | undefined = start; at !== undefined; at = childOf(at)) {
      const next = item(at);
      if (next === undefined) break;
      items.push(next);
      if (next.signature !== null) break;
    }
    return items;
  };
  const proof = (fork: ForkProof): SealedProof => ({
    seq: fork.seq,
    branches: [branch(fork.left), branch(fork.right)],
  });
  return {
    books: () => [ledger.book],
    takes: ({ book: named }) => named === ledger.book,
    heads() {
      const heads: FeedHead[] = [];
      const founding: FeedName = { book: ledger.book, ordinal: 0, lane: LANE.founding };
      heads.push({ feed: founding, seq: 0, head: ledger.circle, forked: false });
      for (const feeds of ledger.feeds.values())
        for (const feed of feeds) {
          const head = headOfFeed(feed, nameOfFeed(ledger, feed));
          if (head !== undefined) heads.push(head);
        }
      return heads;
    },
    head(name) {
      const feed = feedByName(ledger, name);
      return feed && headOfFeed(feed, name);
    },
    idAt(name, seq): Id | undefined {
      const feed = feedByName(ledger, name);
      return feed && seq < agreedLength(ledger, book, feed) ? feed.main[seq]?.entry.id : undefined;
    },
    read(name, fromSeq, maxBytes) {
      const feed = feedByName(ledger, name);
      const items: SealedItem[] = [];
      if (feed === undefined) return items;
      const end = readableLength(ledger, book, feed, fromSeq);
      const last = feed.main[end - 1];
      const behind = (last && vouchers(book, last)) ?? [];
      let room = maxBytes;
      for (let seq = fromSeq; seq < end + behind.length; seq++) {
        const stored = seq < end ? feed.main[seq] : behind[seq - end];
        const next = stored && item(stored);
        if (next === undefined) break;
        room -= next.sealed.length + (next.signature?.length ?? 0);
        if (room < 0) break;
        items.push(next);
      }
      return items;
    },
    text(hash) {
      const sealed = book.text(hash);
      if (sealed === undefined) return { state: 'unknown' };
      return sealed.length === 0 ? { state: 'gone' } : { state: 'text', sealed };
    },
    proofs(name) {
      const feed = feedByName(ledger, name);
      if (feed === undefined || !feed.forked) return [];
      return forksOf(ledger, feed)
        .map(proof)
        .filter(({ branches }) => branches.every((items) => items.at(-1)?.signature != null));
    },
  };
}

/** The next entry of the same branch. */
function childOf(stored: Stored): Stored | undefined {
  const next = stored.feed.main[stored.entry.seq + 1];
  if (next?.prev === stored) return next;
  for (const side of stored.feed.side.values()) if (side.prev === stored) return side;
  return undefined;
}

/** Whether an entry ends the term of the witness who signed it: what follows is signed by another key. */
export const endsTerm = (entry: { readonly body: Body }): boolean =>
  entry.body.kind === KIND.propose && entry.body.decision.act.type === 'keeper';
