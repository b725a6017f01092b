/**
 * What a replica holds of one circle, sealed, as a session needs to see it. The host implements it over its
 * store; it answers at once, from memory. A session reads it and never writes it: new items go to the host in
 * `deliver` effects, and only the host's gate lets them in.
 */
import { LANE } from '@corridor/ledger';
import type { Id, Lane, TextHash } from '@corridor/ledger';

/**
 * A feed by its place in the circle log: devices are numbered in the order in which the log admits them, the
 * founder is 0. The founding entry is (ordinal 0, lane founding, seq 0). An account goes on under one name through all
 * of its incarnations [F1].
 */
export interface FeedName {
  readonly book: number;
  readonly ordinal: number;
  readonly lane: Lane;
}
/**
 * The newest entry of a feed. When the feed is forked it is the certified head instead (`seq` −1 and the zero
 * id if nothing is certified; outside the account lane: the last entry before the fork), so that two replicas
 * that hold the same proof say the same.
 */
export interface FeedHead {
  readonly feed: FeedName;
  readonly seq: number;
  readonly head: Id;
  readonly forked: boolean;
}
/** One entry as it lies on disk [S1]. Its seq is its place in the run. */
export interface SealedItem {
  readonly sealed: Uint8Array;
  /** Sealed and verified, where it is kept: each feed's newest and every 64th. */
  readonly signature: Uint8Array | null;
}
/** Items of one feed in chain order, the first at `fromSeq`. */
export interface Run {
  readonly feed: FeedName;
  readonly fromSeq: number;
  readonly items: readonly SealedItem[];
}
/** Two branches that start with different entries at `seq`, each reaching a signature within 64 links [F3]. */
export interface SealedProof {
  readonly seq: number;
  readonly branches: readonly [readonly SealedItem[], readonly SealedItem[]];
}
/** A text the replica still holds (sealed), has erased, or never saw [E6]. */
export type ShelfText =
  { readonly state: 'text'; readonly sealed: Uint8Array } | { readonly state: 'gone' | 'unknown' };

export interface Shelf {
  /** The books that are open here, ascending; none: nothing is held, and one begins with the newest there is. */
  books(): readonly number[];
  /** Whether anything of this feed could be taken in now: of a book that is not open here nothing is asked for. */
  takes(feed: FeedName): boolean;
  /** Every feed of which something is held, in any order. */
  heads(): readonly FeedHead[];
  head(feed: FeedName): FeedHead | undefined;
  /** The id of the entry at `seq` of the chain that `head` ends; undefined if not held. */
  idAt(feed: FeedName, seq: number): Id | undefined;
  /**
   * Items from `fromSeq` on, up to the head, and beyond the head of a forked feed up to its first fork; as many as
   * fit into `maxBytes` (sealed bytes and signatures together); none if nothing is held there or not even the first
   * fits. A run either ends with an item that carries a signature, or one stands at most 64 items later, or the next
   * read goes on from there [F2].
   */
  read(feed: FeedName, fromSeq: number, maxBytes: number): readonly SealedItem[];
  text(hash: TextHash): ShelfText;
  /** The kept pairs of this feed, one per slot. */
  proofs(feed: FeedName): readonly SealedProof[];
}

/** A feed's name as a map key. */
export const feedKey = (feed: FeedName): string => `${feed.book}.${feed.ordinal}.${feed.lane}`;

/** The canonical order of feeds: book, ordinal, lane. */
export const compareFeeds = (a: FeedName, b: FeedName): number =>
  a.book - b.book || a.ordinal - b.ordinal || a.lane - b.lane;

const RANK: Readonly<Record<Lane, number>> = {
  [LANE.founding]: 0,
  [LANE.witness]: 1,
  [LANE.account]: 2,
  [LANE.voice]: 3,
};
/** Number of ranks {@link laneRank} can give. */
export const RANKS = 4;
/** In which order lanes travel: what decides who belongs, then money, then voices. */
export const laneRank = (lane: Lane): number => RANK[lane];

/** The ranks below this are those of the log's own lanes. */
export const LOG_RANKS = 2;

/** Whether the lane carries the circle log, which a peer may read before its own place in it is known. */
export const isLogLane = (lane: Lane): boolean => lane === LANE.founding || lane === LANE.witness;
