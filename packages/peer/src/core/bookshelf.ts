/**
 * The books of a circle that are open on this device, as sessions see them [B1]: the one in use, the one before it for
 * whoever is behind, and older ones while they are fetched or handed on. What comes goes to the book that it names; of a
 * book that is not open here nothing is taken, and nobody is to blame.
 */
import { feedKey, type FeedName, type Run, type Shelf } from '@corridor/sync';
import type { CheckBudget } from '../ports.ts';
import type { Replica, SealedOutcome } from './replica.ts';

export interface Bookshelf {
  readonly shelf: Shelf;
  /** Ascending. */
  all(): readonly Replica[];
  at(book: number): Replica | undefined;
  put(replica: Replica): void;
  /** Takes a book off the shelf; the caller closes it. */
  remove(book: number): Replica | undefined;
  takeSealed(runs: readonly Run[], budget: CheckBudget, source: string): Promise<SealedOutcome>;
  /** A session ended. */
  forget(source: string): void;
}
export function createBookshelf(first: readonly Replica[]): Bookshelf {
  let replicas: readonly Replica[] = [];
  const put = (replica: Replica): void => {
    const others = replicas.filter(({ ledger }) => ledger.book !== replica.ledger.book);
    replicas = [...others, replica].sort((a, b) => a.ledger.book - b.ledger.book);
  };
  for (const replica of first) put(replica);
  const at = (book: number): Replica | undefined => replicas.find(({ ledger }) => ledger.book === book);
  const of = ({ book }: FeedName): Shelf | undefined => at(book)?.shelf;
  return {
    shelf: {
      books: () => replicas.map(({ ledger }) => ledger.book),
      takes: (feed) => of(feed)?.takes(feed) === true,
      heads: () => replicas.flatMap(({ shelf }) => shelf.heads()),
      head: (feed) => of(feed)?.head(feed),
      idAt: (feed, seq) => of(feed)?.idAt(feed, seq),
      read: (feed, fromSeq, maxBytes) => of(feed)?.read(feed, fromSeq, maxBytes) ?? [],
      text(hash) {
        for (const { shelf } of [...replicas].reverse()) {
          const text = shelf.text(hash);
          if (text.state !== 'unknown') return text;
        }
        return { state: 'unknown' };
      },
      proofs: (feed) => of(feed)?.proofs(feed) ?? [],
    },
    all: () => replicas,
    at,
    put,
    remove(book) {
      const removed = at(book);
      replicas = replicas.filter((replica) => replica !== removed);
      return removed;
    },
    async takeSealed(runs, budget, source) {
      const unlinked = new Map<string, FeedName>();
      // The older book first: how it ended says who is in the next one.
      for (const { ledger, takeSealed } of replicas) {
        const own = runs.filter(({ feed }) => feed.book === ledger.book);
        if (own.length === 0) continue;
        const outcome = await takeSealed(own, budget, source);
        if (outcome.type === 'fault') return outcome;
        if (outcome.type === 'unlinked') for (const feed of outcome.feeds) unlinked.set(feedKey(feed), feed);
      }
      return unlinked.size > 0 ? { type: 'unlinked', feeds: [...unlinked.values()] } : { type: 'settled' };
    },
    forget: (source) => replicas.forEach((replica) => replica.forget(source)),
  };
}
