/**
 * Whoever is more than a book behind names a book that we have closed long ago. If we keep it, it is opened for them, and
 * shut again when nobody has named it for a while [B4]. Few at a time: opening one takes work and memory [I18].
 */
import type { Clock } from '../ports.ts';
import type { Circle } from './circle.ts';
import { MAX_OLDER_OPEN, OLDER_OPEN_MS } from './limits.ts';

export interface HandingOn {
  /** The books that the other side of this session has open. */
  named(source: string, books: readonly number[]): void;
  ended(source: string): void;
  stop(): void;
}
export function createHandingOn(options: {
  readonly circle: () => Circle | undefined;
  readonly clock: Clock;
  /** A book was opened: sessions should hear of it. */
  readonly onOpen: () => void;
  readonly failed: (error: unknown) => void;
}): HandingOn {
  const { circle, clock, onOpen, failed } = options;
  const bySource = new Map<string, readonly number[]>();
  /** Those that we opened, and what would shut them. */
  const open = new Map<number, (() => void) | undefined>();

  const look = async (): Promise<void> => {
    const here = circle();
    if (here === undefined) return;
    const named = new Set([...bySource.values()].flat());
    for (const [book, cancel] of open) {
      if (named.has(book)) {
        cancel?.();
        open.set(book, undefined);
      } else if (cancel === undefined)
        open.set(
          book,
          clock.after(OLDER_OPEN_MS, () => shut(book)),
        );
    }
    for (const book of here.closed.kept()) {
      const isOlder = book < here.replica.ledger.book - 1;
      if (!isOlder || !named.has(book) || open.has(book) || open.size >= MAX_OLDER_OPEN) continue;
      open.set(book, undefined);
      if ((await here.library.open(book)) === undefined) open.delete(book);
      else onOpen();
    }
  };
  const shut = (book: number): void => {
    open.delete(book);
    circle()?.library.shut(book).catch(failed);
  };
  const again = (): void => void look().catch(failed);
  return {
    named(source, books) {
      bySource.set(source, books);
      again();
    },
    ended(source) {
      if (bySource.delete(source)) again();
    },
    stop() {
      for (const cancel of open.values()) cancel?.();
      open.clear();
      bySource.clear();
    },
  };
}
