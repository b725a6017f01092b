/** Which part of a run that comes from a peer is news, and whether it is of the feed it came under. */
import { LANE, type Ledger } from '@corridor/ledger';
import type { Run, Shelf } from '@corridor/sync';
import type { BookStore } from './bookStore.ts';
import type { OpenRun } from './opening.ts';

/** Cuts what we hold already off the front, by comparing sealed bytes: one entry has one sealed value [S1]. */
export function withoutKnown(run: Run, shelf: Shelf, book: BookStore): Run {
  let known = 0;
  for (const item of run.items) {
    const id = shelf.idAt(run.feed, run.fromSeq + known);
    const held = id === undefined ? undefined : book.sealed(id);
    if (held === undefined || !sameBytes(held, item.sealed)) break;
    known++;
  }
  return { feed: run.feed, fromSeq: run.fromSeq + known, items: run.items.slice(known) };
}
const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

/**
 * A run must be of the feed it was asked for under. An ordinal that our log does not know yet proves nothing, nor does
 * one while two decisions stand at one height: then it may mean another device to an honest sender [L1].
 */
export function isOfFeed(ledger: Ledger, run: OpenRun, named: Run | undefined): boolean {
  const device = named && ledger.halt === null ? ledger.log.ordinals[named.feed.ordinal] : undefined;
  return run.entries.every(
    (entry, i) =>
      named !== undefined &&
      entry.lane === named.feed.lane &&
      // The founding entry stands in every book.
      (entry.lane === LANE.founding || entry.book === named.feed.book) &&
      entry.seq === named.fromSeq + i &&
      (device === undefined || entry.device === device),
  );
}
