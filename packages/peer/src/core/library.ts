/**
 * The books of a circle on this device: which one is in use, how it goes on to the next [B1], and which older ones are
 * open besides. Between two books lies one write: until the next book's opening is on the disk, strictly, the device is
 * in the old one, and whatever was done before it is done again.
 */
import {
  statementOf,
  type ClosingStatement,
  type FoundBody,
  type Sha256,
  type VerifiedEntry,
} from '@corridor/ledger';
import type { SignatureChecker, Store } from '../ports.ts';
import type { BookRing } from './bookRing.ts';
import { createBookshelf, type Bookshelf } from './bookshelf.ts';
import type { ReplicaNews } from './bookWriting.ts';
import type { CircleRecord } from './circleRecord.ts';
import type { Openings } from './openings.ts';
import { createQueue } from './queue.ts';
import { openReplica, type Replica, type RuleOptions } from './replica.ts';

/** Who hears of what is kept in the books. */
export interface LibraryEar {
  news(news: ReplicaNews, from: Replica): void;
  /** null: the disk takes writes again. */
  storage(part: 'book' | 'journal', trouble: string | null): void;
}
/** 'open': nothing has closed the book; 'no-key': the next book's key is not here yet. */
export type GoneOn = 'gone-on' | 'open' | 'no-key' | 'storage-refused';
export interface Library {
  readonly shelf: Bookshelf;
  /** Which circle's a book is, and where its opening lies. */
  sourceOf(book: number): BookSource;
  /** The book in use. */
  current(): Replica;
  /** Who hears from now on; what came before goes to the first one. */
  listen(ear: LibraryEar): void;
  /**
   * Goes on to the next book if this one is closed. `before`: what must be on the disk first; false: it is not. The old
   * book stays open, the one before it is closed.
   */
  goOn(before: (closed: Replica) => Promise<boolean>): Promise<GoneOn>;
  /** Opens an older book that lies on the disk, for sessions as well; undefined: it is not here. */
  open(book: number): Promise<Replica | undefined>;
  /** Uses an older book without showing it to sessions. */
  read<T>(book: number, use: (replica: Replica) => Promise<T>): Promise<T | undefined>;
  /** The same with several at once; one that is not here is left out. */
  readAll<T>(books: readonly number[], use: (replicas: readonly Replica[]) => Promise<T>): Promise<T>;
  /** Closes one; the book in use stays. */
  shut(book: number): Promise<void>;
  close(): Promise<void>;
}
/** A circle's books up to the last one: those of the circle itself, and of what it was founded from [K1]. */
export interface BookSource {
  readonly record: CircleRecord;
  readonly founding: VerifiedEntry<FoundBody>;
  readonly openings: Openings;
  /** With its own keys: what is written there is for those who read there. */
  readonly ring: BookRing;
  readonly last: number;
}
export async function openLibrary(options: {
  /** In the order of their books; at least the circle itself. */
  readonly sources: readonly BookSource[];
  readonly store: Store;
  readonly sha256: Sha256;
  readonly checker: SignatureChecker;
  readonly rules?: RuleOptions | undefined;
  readonly maySign?: (() => Promise<boolean>) | undefined;
  readonly signal?: AbortSignal | undefined;
}): Promise<Library> {
  const { sources, signal, ...same } = options;
  const sourceOf = (book: number): BookSource => {
    const source = sources.find(({ last }) => book <= last);
    if (source === undefined) throw new Error('no circle');
    return source;
  };
  const { openings, ring } = sourceOf(Infinity);
  const early: [ReplicaNews, Replica][] = [];
  let ear: LibraryEar | undefined;
  const troubles = new Map<'book' | 'journal', string | null>();
  const load = async (
    start: ClosingStatement | null,
    { record, founding, ring: own }: BookSource = sourceOf(Infinity),
  ): Promise<Replica> => {
    let replica: Replica | undefined;
    const waiting: ReplicaNews[] = [];
    const tell = (news: ReplicaNews): void => {
      if (replica === undefined) waiting.push(news);
      else if (ear === undefined) early.push([news, replica]);
      else ear.news(news, replica);
    };
    replica = await openReplica({
      ...same,
      record,
      founding,
      start,
      keys: ring.keys,
      key: own.newest(),
      onNews: tell,
      onStorage: (part, reason) => {
        troubles.set(part, reason);
        ear?.storage(part, reason);
      },
      ...(signal === undefined ? {} : { signal }),
    });
    for (const news of waiting) tell(news);
    return replica;
  };
  /** No book may be opened twice: two documents of one name would not see each other's changes. */
  const oneByOne = createQueue();
  let isClosed = false;
  const loadOlder = async (book: number): Promise<Replica | undefined> => {
    const source = sourceOf(book);
    const start = book === 0 ? null : await source.openings.of(book);
    return start === undefined || isClosed ? undefined : load(start, source);
  };
  let current = await load(await openings.newest());
  const shelf = createBookshelf([current]);
  const goOn = async (before: (closed: Replica) => Promise<boolean>): Promise<GoneOn> => {
    const { log, book } = current.ledger;
    const statement = statementOf(current.ledger);
    if (statement === undefined) return 'open';
    if (!ring.keys.has(log.keys.get(log.epoch) ?? '')) return 'no-key';
    if (!(await current.flush()) || !(await before(current))) return 'storage-refused';
    if (!(await openings.keep(book + 1, statement))) return 'storage-refused';
    const start = await openings.of(book + 1);
    if (start === undefined) throw new Error('an opening that was just kept');
    current = await load(start);
    shelf.put(current);
    for (const { ledger } of shelf.all()) if (ledger.book < book) await shelf.remove(ledger.book)?.close();
    return 'gone-on';
  };
  return {
    shelf,
    sourceOf,
    current: () => current,
    listen(next) {
      ear = next;
      for (const [part, reason] of troubles) next.storage(part, reason);
      for (const [news, from] of early.splice(0)) next.news(news, from);
    },
    goOn: (before) => oneByOne(() => goOn(before)),
    open: (book) =>
      oneByOne(async () => {
        const open = shelf.at(book);
        if (open !== undefined || book >= current.ledger.book) return open;
        const replica = await loadOlder(book);
        if (replica !== undefined) shelf.put(replica);
        return replica;
      }),
    read: (book, use) =>
      oneByOne(async () => {
        const open = shelf.at(book);
        if (open !== undefined) return use(open);
        const replica = await loadOlder(book);
        if (replica === undefined) return undefined;
        try {
          return await use(replica);
        } finally {
          await replica.close();
        }
      }),
    readAll: (books, use) =>
      oneByOne(async () => {
        const opened: Replica[] = [];
        try {
          const all: Replica[] = [];
          for (const book of books) {
            const open = shelf.at(book);
            const replica = open ?? (await loadOlder(book));
            if (replica === undefined) continue;
            all.push(replica);
            if (open === undefined) opened.push(replica);
          }
          return await use(all);
        } finally {
          for (const replica of opened) await replica.close();
        }
      }),
    shut: (book) =>
      oneByOne(async () => {
        if (book !== current.ledger.book) await shelf.remove(book)?.close();
      }),
    close: () =>
      oneByOne(async () => {
        isClosed = true;
        for (const replica of shelf.all()) await replica.close();
      }),
  };
}
