/** What two ROOTs say together: which books both have open, and in which of those they differ [B1]. */
import { rootOf } from './frontier.ts';
import type { SessionMacs } from './frontier.ts';
import type { BookRoot } from './messages.ts';
import type { FeedHead, Shelf } from './shelf.ts';

/** The roots of every book that is open here. Who has none names the first book with the root of nothing. */
export const rootsOf = (shelf: Shelf, macs: SessionMacs): readonly BookRoot[] => {
  const books = shelf.books();
  if (books.length === 0) return [{ book: 0, root: macs.root(rootOf([])) }];
  const heads = new Map<number, FeedHead[]>(books.map((book) => [book, []]));
  for (const head of shelf.heads()) heads.get(head.feed.book)?.push(head);
  return [...heads].map(([book, some]) => ({ book, root: macs.root(rootOf(some)) }));
};

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => a.every((byte, i) => byte === b[i]);
export const rootIn = (roots: readonly BookRoot[] | undefined, book: number): Uint8Array | undefined =>
  roots?.find((one) => one.book === book)?.root;
export const sameRoot = (a: Uint8Array | undefined, b: Uint8Array | undefined): boolean =>
  a !== undefined && b !== undefined && sameBytes(a, b);

/** Whether whoever told these roots holds nothing yet. */
const isNothing = (roots: readonly BookRoot[], macs: SessionMacs): boolean =>
  roots.length === 1 && roots[0]?.book === 0 && sameBytes(roots[0].root, macs.root(rootOf([])));

/** The books of which the two have something to say to each other: what both name, and for a newcomer the newest. */
export const sharedBooks = (
  mine: readonly BookRoot[],
  theirs: readonly BookRoot[],
  macs: SessionMacs,
): ReadonlySet<number> => {
  const newcomer = isNothing(mine, macs);
  if (newcomer !== isNothing(theirs, macs)) {
    const newest = (newcomer ? theirs : mine).at(-1);
    return new Set(newest === undefined ? [] : [newest.book]);
  }
  return new Set(mine.flatMap(({ book }) => (rootIn(theirs, book) === undefined ? [] : [book])));
};

/** Those of them whose roots differ. The same on both sides: it follows from the two ROOTs alone. */
export const differingBooks = (
  mine: readonly BookRoot[],
  theirs: readonly BookRoot[],
  macs: SessionMacs,
): ReadonlySet<number> => {
  const shared = sharedBooks(mine, theirs, macs);
  return new Set([...shared].filter((book) => !sameRoot(rootIn(mine, book), rootIn(theirs, book))));
};
