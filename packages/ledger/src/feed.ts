/**
 * Feeds: a device's chains as this replica holds them [F1]. One branch is the main one; a second entry at a slot
 * is a proof of fault and stands on the side [F3], where it still counts for what it cites and can become the
 * main branch if the witnesses certified it.
 */
import type { Lane } from './entry.ts';
import type { DeviceKey, Id } from './ids.ts';
import type { Verdict } from './verdict.ts';
import type { VerifiedEntry } from './verify.ts';

/** One kept entry and what the ledger knows of it. Only gate three changes it. */
export interface Stored {
  readonly entry: VerifiedEntry;
  readonly prev: Stored | undefined;
  readonly feed: Feed;
  /** Bytes of this lane up to and including this entry [F4]. */
  readonly laneBytes: number;
  verdict: Verdict;
  /** Bit i: witness i voted for it. */
  votes: number;
  /** Bit i: witness i holds its certificate. */
  receipts: number;
  settled: boolean;
  /** The creditor said "I have it". */
  delivered: boolean;
}
export interface Feed {
  readonly device: DeviceKey;
  readonly lane: Lane;
  /** main[seq]; no gaps [F1]. */
  readonly main: Stored[];
  readonly side: Map<Id, Stored>;
  /** Seq below which everything on the main branch is certified. */
  certified: number;
  /** Two entries at one slot are known: no more votes here [F3]. */
  forked: boolean;
}
/** Two authentic entries at one slot, with the links that show it. One pair per slot [F3]. */
export interface ForkProof {
  readonly device: DeviceKey;
  readonly lane: Lane;
  readonly seq: number;
  readonly left: Stored;
  readonly right: Stored;
}

export const createFeed = (device: DeviceKey, lane: Lane): Feed => ({
  device,
  lane,
  main: [],
  side: new Map(),
  certified: 0,
  forked: false,
});
export const headOf = (feed: Feed): Stored | undefined => feed.main[feed.main.length - 1];
export const isOnMain = (stored: Stored): boolean => stored.feed.main[stored.entry.seq] === stored;

/** Whether `older` lies on the chain that ends with `newest` (itself included). */
export function isInChain(older: Stored, newest: Stored | undefined): boolean {
  let at = newest;
  if (at === undefined || at.feed !== older.feed) return false;
  while (at !== undefined && at.entry.seq > older.entry.seq && !isOnMain(at)) at = at.prev;
  if (at === undefined || at.entry.seq < older.entry.seq) return false;
  return at === older || (isOnMain(at) && isOnMain(older));
}

/** Makes the branch that ends with `tip` the main one; what it displaces moves to the side. */
export function switchTo(tip: Stored): void {
  const { feed } = tip;
  const branch: Stored[] = [];
  for (let at: Stored | undefined = tip; at !== undefined && !isOnMain(at); at = at.prev) branch.unshift(at);
  const from = branch[0]?.entry.seq;
  if (from === undefined) return;
  for (const displaced of feed.main.splice(from)) feed.side.set(displaced.entry.id, displaced);
  for (const stored of branch) {
    feed.side.delete(stored.entry.id);
    feed.main.push(stored);
  }
  feed.certified = Math.min(feed.certified, from);
}
