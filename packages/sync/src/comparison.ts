/**
 * Rounds of ROOT and FRONTIER. In each round each side sends one ROOT and, if those two differ in a book that both
 * have, one FRONTIER; both decide on the same pair of roots, however their shelves move meanwhile.
 */
import { differingBooks, rootIn, rootsOf, sameRoot, sharedBooks } from './bookRoots.ts';
import { sessionFault } from './faults.ts';
import type { SessionFault } from './faults.ts';
import { compareRow, frontierMessages } from './frontier.ts';
import type { RowFindings, SessionMacs } from './frontier.ts';
import { MAX_FEEDS } from './limits.ts';
import { encodeMessage } from './messageCodec.ts';
import type { BookRoot, FrontierMessage, FrontierRow, RootMessage } from './messages.ts';
import { feedKey } from './shelf.ts';
import type { Shelf } from './shelf.ts';

interface Round {
  mine: readonly BookRoot[] | undefined;
  theirs: readonly BookRoot[] | undefined;
  /** We spoke first, in a later round: our rows can wait for theirs and leave out what is the same. */
  patient: boolean;
  told: boolean;
  heard: boolean;
  rows: number;
  /** Feeds whose rows were the same. */
  readonly same: Set<string>;
}

export interface Comparison {
  /** Whether a round is open. */
  readonly open: () => boolean;
  /** The other side has opened a round and waits for our ROOT. */
  readonly owesRoot: () => boolean;
  /** We wait for its ROOT or FRONTIER. */
  readonly waiting: () => boolean;
  /** Whether its first ROOT has come. */
  readonly begun: () => boolean;
  /** Whether a book that both have differs from the last root that either side has told the other, or one more is open. */
  readonly hasNews: () => boolean;
  /** Whether a book is open here that our last ROOT did not name. */
  readonly namesMore: () => boolean;
  /** Whether the other side has this book open as well, as far as it has said. */
  readonly isShared: (book: number) => boolean;
  /** The books that its last ROOT named. */
  readonly theirBooks: () => readonly number[];
  /** Our ROOT, opening a round or answering one, and what follows from it. */
  readonly speak: (credit: number) => readonly Uint8Array[];
  /** Their ROOT; a fault if it cannot come now. */
  readonly hear: (message: RootMessage) => SessionFault | undefined;
  /** Their FRONTIER, row by row; a fault if it cannot come now. */
  readonly frontier: (
    message: FrontierMessage,
    found: (row: FrontierRow, findings: RowFindings) => void,
  ) => SessionFault | undefined;
  /** Our FRONTIER, if it is due; ends the round when both are through. */
  readonly advance: () => readonly Uint8Array[];
}

/** `mayWait`: exactly one of the two sides may hold back its FRONTIER for the other's. */
export const createComparison = (shelf: Shelf, macs: SessionMacs, mayWait: boolean): Comparison => {
  let round: Round | undefined;
  let rounds = 0;
  let lastMine: readonly BookRoot[] | undefined;
  let lastTheirs: readonly BookRoot[] | undefined;
  /** The books that were open here when we last spoke. */
  let named: readonly number[] = [];

  const openRound = (): Round => {
    rounds++;
    return {
      mine: undefined,
      theirs: undefined,
      patient: false,
      told: false,
      heard: false,
      rows: 0,
      same: new Set(),
    };
  };

  const isShared = (book: number): boolean =>
    lastMine !== undefined && lastTheirs !== undefined && sharedBooks(lastMine, lastTheirs, macs).has(book);

  /** Who has no book open names none: it asks once, and again when it holds something. */
  const namesMore = (): boolean => shelf.books().some((book) => !named.includes(book));

  const advance = (): readonly Uint8Array[] => {
    if (round === undefined || round.mine === undefined || round.theirs === undefined) return [];
    const differing = differingBooks(round.mine, round.theirs, macs);
    if (differing.size === 0) {
      round = undefined;
      return [];
    }
    const sent: Uint8Array[] = [];
    if (!round.told && (round.heard || !round.patient)) {
      round.told = true;
      const { same } = round;
      const heads = shelf.heads().filter(({ feed }) => differing.has(feed.book) && !same.has(feedKey(feed)));
      sent.push(...frontierMessages(heads, macs).map(encodeMessage));
    }
    if (round.told && round.heard) round = undefined;
    return sent;
  };

  return {
    open: () => round !== undefined,
    owesRoot: () => round !== undefined && round.mine === undefined,
    waiting: () => round !== undefined && round.mine !== undefined && !round.heard,
    begun: () => lastTheirs !== undefined,
    hasNews: () =>
      // The other side must hear of a book also if it begins alike on both.
      namesMore() ||
      rootsOf(shelf, macs).some(
        ({ book, root }) =>
          isShared(book) &&
          !sameRoot(root, rootIn(lastMine, book)) &&
          !sameRoot(root, rootIn(lastTheirs, book)),
      ),
    namesMore,
    isShared,
    theirBooks: () => lastTheirs?.map(({ book }) => book) ?? [],
    speak: (credit) => {
      round ??= openRound();
      if (round.mine !== undefined) throw new Error('one ROOT a round');
      round.patient = mayWait && rounds > 1 && round.theirs === undefined;
      round.mine = rootsOf(shelf, macs);
      named = [...shelf.books()];
      lastMine = round.mine;
      return [encodeMessage({ type: 'root', roots: round.mine, credit }), ...advance()];
    },
    hear: (message) => {
      round ??= openRound();
      if (round.theirs !== undefined) return sessionFault('out-of-order', 'second ROOT of a round');
      round.theirs = message.roots;
      lastTheirs = message.roots;
      return undefined;
    },
    frontier: (message, found) => {
      if (round === undefined || round.mine === undefined || round.theirs === undefined || round.heard)
        return sessionFault('out-of-order', 'FRONTIER outside a round');
      round.rows += message.rows.length;
      if (round.rows > MAX_FEEDS || (message.more && message.rows.length === 0))
        return sessionFault('too-many-requests', 'rows');
      const differing = differingBooks(round.mine, round.theirs, macs);
      for (const row of message.rows) {
        if (!differing.has(row.feed.book)) return sessionFault('out-of-order', 'rows of another book');
        const findings = compareRow(row, shelf, macs);
        if (findings.same && round.patient) round.same.add(feedKey(row.feed));
        found(row, findings);
      }
      round.heard = !message.more;
      return undefined;
    },
    advance,
  };
};
