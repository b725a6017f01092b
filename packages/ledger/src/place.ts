/** Where in a feed an entry hangs [F1], and whether there is room for it [F3] [F4]. */
import { LANE } from './entry.ts';
import { isInForceAt } from './incarnations.ts';
import { headOf, type Feed, type Stored } from './feed.ts';
import type { DeviceKey, Id } from './ids.ts';
import { feedOf, type Ledger } from './ledger.ts';
import { MAX_SIDE_ENTRIES } from './limits.ts';
import { reportOn, stopsOn } from './close.ts';
import { termAt, type DeviceRecord } from './log.ts';
import { fail, ok, type Result } from './result.ts';
import type { VerifiedEntry } from './verify.ts';
import { isCertifiedAhead } from './witnessLane.ts';

/** Why a verified entry was not kept. Nothing changed then. */
export type ApplyFault =
  | { readonly rule: 'F1'; readonly code: 'unknown-device'; readonly device: DeviceKey }
  | {
      readonly rule: 'F1';
      readonly code: 'gap';
      readonly device: DeviceKey;
      readonly expected: number;
      readonly got: number;
    }
  | { readonly rule: 'F1'; readonly code: 'wrong-prev'; readonly entry: Id; readonly expected: Id }
  | {
      readonly rule: 'F1';
      readonly code: 'wrong-book' | 'wrong-incarnation' | 'unknown-decision' | 'second-founding';
      readonly entry: Id;
    }
  | { readonly rule: 'F3'; readonly code: 'fork-is-full'; readonly entry: Id }
  | { readonly rule: 'F4'; readonly code: 'too-many-entries' | 'too-many-bytes'; readonly device: DeviceKey }
  | { readonly rule: 'P7'; readonly code: 'not-a-witness'; readonly device: DeviceKey };

export interface Place {
  readonly feed: Feed;
  readonly prev: Stored | undefined;
  readonly laneBytes: number;
}

export function findPlace(ledger: Ledger, entry: VerifiedEntry): Result<Place, ApplyFault> {
  const { id, device, lane, seq } = entry;
  const feed = feedOf(ledger, device, lane);
  const record = ledger.log.devices.get(device);
  if (feed === undefined || record === undefined) return fail({ rule: 'F1', code: 'unknown-device', device });
  if (lane === LANE.founding) return fail({ rule: 'F1', code: 'second-founding', entry: id });
  // Nothing in a book is older than its first key [I15].
  if (entry.book !== ledger.book || entry.epoch < ledger.log.firstEpoch)
    return fail({ rule: 'F1', code: 'wrong-book', entry: id });
  // What our log does not know yet is nobody's fault.
  if (entry.incarnation > record.incarnation || entry.epoch > ledger.log.epoch)
    return fail({ rule: 'F1', code: 'unknown-decision', entry: id });
  const start = record.incarnations[entry.incarnation];
  if (lane === LANE.account && (start === undefined || seq < start.seq))
    return fail({ rule: 'F1', code: 'wrong-incarnation', entry: id });

  const isFirst = lane === LANE.account && seq === start?.seq;
  const linked = findPrev(ledger, feed, entry, record.admittedBy, isFirst ? start.prev : undefined);
  if (!linked.ok) return linked;
  const prev = linked.value;
  // Only the first entry of an incarnation stands on one of another: the one that the closing named [C2].
  if (prev !== undefined && !isFirst && prev.entry.incarnation !== entry.incarnation)
    return fail({ rule: 'F1', code: 'wrong-incarnation', entry: id });
  const { maxEntries, maxBytes } = ledger.log.policy;
  if (seq >= maxEntries) return fail({ rule: 'F4', code: 'too-many-entries', device });
  const laneBytes = (prev?.laneBytes ?? 0) + entry.bytes.length;
  if (laneBytes > maxBytes) return fail({ rule: 'F4', code: 'too-many-bytes', device });
  if (
    (headOf(feed) !== prev || !isInForceAt(record, entry)) &&
    feed.side.size >= MAX_SIDE_ENTRIES &&
    !isCertifiedAhead(ledger, entry) &&
    !isAskedFor(ledger, record, id)
  )
    return fail({ rule: 'F3', code: 'fork-is-full', entry: id });
  return ok({ feed, prev, laneBytes });
}

/** Whether a closing may hang on it: a decision waits for it, or a witness reported that it voted for it [C2]. */
function isAskedFor(ledger: Ledger, record: DeviceRecord, id: Id): boolean {
  if (ledger.awaiting?.missing.includes(id) === true) return true;
  for (const stop of stopsOn(ledger, record).values()) if (reportOn(record, stop)?.vote === id) return true;
  return false;
}

/** The entry before; a witness lane begins, and goes on, where its term says. */
function findPrev(
  ledger: Ledger,
  feed: Feed,
  entry: VerifiedEntry,
  admittedBy: Id,
  afterClosing: Id | undefined,
): Result<Stored | undefined, ApplyFault> {
  const { id, device, lane, seq } = entry;
  let first = admittedBy;
  if (lane === LANE.witness) {
    const term = termAt(ledger.log, device, seq);
    if (term === undefined) return fail({ rule: 'P7', code: 'not-a-witness', device });
    if (seq === 0) first = term.prev;
  }
  if (seq === 0)
    return entry.prev === first
      ? ok(undefined)
      : fail({ rule: 'F1', code: 'wrong-prev', entry: id, expected: first });
  if (afterClosing !== undefined && entry.prev !== afterClosing)
    return fail({ rule: 'F1', code: 'wrong-prev', entry: id, expected: afterClosing });
  const head = headOf(feed);
  if (head !== undefined && head.entry.seq === seq - 1 && head.entry.id === entry.prev) return ok(head);
  const prev = ledger.entries.get(entry.prev);
  if (prev !== undefined && prev.feed === feed && prev.entry.seq === seq - 1) return ok(prev);
  if (seq > feed.main.length)
    return fail({ rule: 'F1', code: 'gap', device, expected: feed.main.length, got: seq });
  const expected = feed.main[seq - 1]?.entry.id ?? first;
  return fail({ rule: 'F1', code: 'wrong-prev', entry: id, expected });
}
