/**
 * Feeds: a device's chains as this replica holds them [F1]. One branch is the main one; a second entry at a slot
 * is a proof of fault and stands on the side [F3], where it still counts for what it cites and can become the
 * main branch if the witnesses certified it.
 */
import type { Citable } from './brought.ts';
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
  /** What its claims cite, in their order, as far as it is here. */
  cited: readonly (Citable | undefined)[];
  /** The entries that claim it; shared while empty. */
  claimants: Stored[];
  /** The witness entries that vote for it; shared and empty until the first. */
  voters: readonly Stored[];
  /** Bit i: witness i voted for it. */
  votes: number;
  /** Bit i: witness i says that it holds q other witnesses' votes. */
  receipts: number;
  /** Bit i: witness i says that it holds a certificate of which its own vote is part [P7]. */
  ownReceipts: number;
  settled: boolean;
  /** A closing made it part of the chain: it needs no votes and no receipts any more [C2]. */
  fixed: boolean;
  /** Its payee's account counts it as incoming. */
  awaited: boolean;
  /** The creditor said "I have it". */
  delivered: boolean;
}
export interface Feed {
  readonly device: DeviceKey;
  readonly lane: Lane;
  /** main[seq]; no gaps [F1]. */
  readonly main: Stored[];
  readonly side: Map<Id, Stored>;
  /** The side's entries by seq. */
  readonly sideAt: Map<number, Stored[]>;
  /** Places with a kept proof of fault, by incarnation and seq [F3]. */
  readonly proofAt: Set<string>;
  /** Seq below which everything on the main branch is certified. */
  certified: number;
  /** Two entries at one slot are known. */
  forked: boolean;
  /** The newest incarnation in which they are: no more votes there, until a closing opens the next one [F3] [C1]. */
  forkedIn: number | null;
}
/** Two authentic entries at one slot, with the links that show it. One pair per slot [F3]; `left` has the lesser id. */
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
  sideAt: new Map(),
  proofAt: new Set(),
  certified: 0,
  forked: false,
  forkedIn: null,
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

export function addToSide(stored: Stored): void {
  const { side, sideAt } = stored.feed;
  const { id, seq } = stored.entry;
  side.set(id, stored);
  const here = sideAt.get(seq);
  if (here === undefined) sideAt.set(seq, [stored]);
  else here.push(stored);
}
export function takeFromSide(stored: Stored): void {
  const { side, sideAt } = stored.feed;
  const { id, seq } = stored.entry;
  if (!side.delete(id)) return;
  const rest = sideAt.get(seq)?.filter((s) => s !== stored) ?? [];
  if (rest.length === 0) sideAt.delete(seq);
  else sideAt.set(seq, rest);
}

/** Makes the branch that ends with `tip` the main one; what it displaces moves to the side. */
export function switchTo(tip: Stored): void {
  const { feed } = tip;
  const branch: Stored[] = [];
  for (let at: Stored | undefined = tip; at !== undefined && !isOnMain(at); at = at.prev) branch.push(at);
  branch.reverse();
  const from = branch[0]?.entry.seq;
  if (from === undefined) return;
  for (const displaced of feed.main.splice(from)) addToSide(displaced);
  for (const stored of branch) {
    takeFromSide(stored);
    feed.main.push(stored);
  }
  feed.certified = Math.min(feed.certified, from);
}
/**
 * The chain ends with `last`, as a closing says [C2]: what it leaves out stands on the side, certified or not. The
 * caller has seen that nothing settled is among it.
 */
export function endWith(feed: Feed, last: Stored | undefined): void {
  if (last !== undefined) switchTo(last);
  feed.certified = last === undefined ? 0 : last.entry.seq + 1;
  for (const overtaken of feed.main.splice(feed.certified)) addToSide(overtaken);
}
