/**
 * Closed books that this device let go of and is to keep after all [B4], fetched from whoever keeps them: the newest first,
 * one at a time, each from the opening that stayed here to the decision from which the next one goes on.
 */
import type { Clock } from '../ports.ts';
import type { ClosedBooks } from './closedBooks.ts';
import type { Library } from './library.ts';
import { OLDER_OPEN_MS } from './limits.ts';
import { oneAtATime } from './oneAtATime.ts';

export interface Fetching {
  /** The book that is being fetched; null: none. */
  book(): number | null;
  /** Goes on as far as it can now. Calls while it works run it once more. */
  work(): Promise<void>;
  stop(): void;
}
export function createFetching(options: {
  readonly library: Library;
  readonly closed: ClosedBooks;
  readonly clock: Clock;
  /** Another book is open, or wants its texts: sessions should hear of it. */
  readonly onOpen: () => void;
  readonly failed: (error: unknown) => void;
}): Fetching {
  const { library, closed, clock, onOpen, failed } = options;
  let book: number | null = null;
  let cancel: (() => void) | undefined;
  let isStopped = false;
  let hasParted = false;

  const turn = async (): Promise<void> => {
    // One that has come stays open for a while, for what belongs to it and has not come yet.
    if (isStopped || hasParted || cancel !== undefined) return;
    book = await closed.missing();
    if (book === null || !(await closed.beginFetched(book))) return;
    const isNew = library.shelf.at(book) === undefined;
    const replica = await library.open(book);
    if (replica === undefined || isStopped) return;
    if (isNew) onOpen();
    const came = await closed.keepFetched(replica);
    if (came === 'not-yet') return;
    book = null;
    // Who sends another history once would send it again: nothing more until the next start.
    hasParted = came === 'parted';
    if (hasParted) return;
    await closed.attach(replica);
    onOpen();
    const { book: fetched } = replica.ledger;
    cancel = clock.after(OLDER_OPEN_MS, () => {
      cancel = undefined;
      shut(fetched).then(work).catch(failed);
    });
  };
  const shut = async (fetched: number): Promise<void> => {
    // The one before the book in use stays open, as always.
    if (isStopped || fetched >= library.current().ledger.book - 1) return;
    closed.detach(fetched);
    await library.shut(fetched);
  };
  const work = oneAtATime(turn);
  return {
    book: () => book,
    work,
    stop() {
      isStopped = true;
      cancel?.();
    },
  };
}
