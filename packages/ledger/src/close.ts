/**
 * Closing an account chain [C1] [C2]. A quorum of witnesses have promised to vote there no more and said what they
 * saw; what follows is read off their reports alone. A replica that lacks what they name waits for it.
 */
import type { Closing } from './act.ts';
import { KIND, LANE, type StopReport } from './entry.ts';
import { isInChain, type Feed, type Stored } from './feed.ts';
import { lengthOf } from './closingRules.ts';
import type { DeviceKey, Id } from './ids.ts';
import { accountOf, type Ledger } from './ledger.ts';
import { stopsNaming } from './promises.ts';
import { isSealed, type DeviceRecord } from './log.ts';
import { claimsSettled, unsettledCredits } from './settle.ts';
import { witnessIndex } from './witnessLane.ts';

/** How an account chain ends in one incarnation: everything up to `last` is settled, and nothing else. */
export interface ClosedAccount {
  readonly device: DeviceKey;
  readonly incarnation: number;
  /** The certified head, or the carried entry after it; undefined: nothing in this book. */
  readonly last: Stored | undefined;
  /** Two valid entries had votes at the place after the head: it stays empty, and the device is sealed. */
  readonly isVoid: boolean;
}
export type ClosingFault =
  | { readonly rule: 'C1'; readonly code: 'unknown-device'; readonly device: DeviceKey }
  | {
      readonly rule: 'C1';
      readonly code: 'wrong-incarnation';
      readonly device: DeviceKey;
      readonly expected: number;
    }
  | { readonly rule: 'C1'; readonly code: 'not-a-stop'; readonly stop: Id }
  | { readonly rule: 'C1'; readonly code: 'not-a-quorum'; readonly device: DeviceKey | null }
  | { readonly rule: 'C2'; readonly code: 'reports-contradict'; readonly device: DeviceKey };
export type CloseVerdict =
  | { readonly type: 'closed'; readonly account: ClosedAccount }
  /** By these reports something is lost that is settled here: more witnesses lie than the quorum bears [I2]. */
  | { readonly type: 'loses-settled'; readonly device: DeviceKey }
  | { readonly type: 'waiting'; readonly ids: readonly Id[] }
  | { readonly type: 'fault'; readonly fault: ClosingFault };

const faulty = (fault: ClosingFault): CloseVerdict => ({ type: 'fault', fault });

/** What a closing makes of its account, by its reports. Pure: the same on every replica that has what they name. */
export function closeAccount(ledger: Ledger, closing: Closing): CloseVerdict {
  const { device, incarnation, stops } = closing;
  const record = ledger.log.devices.get(device);
  const feed = ledger.feeds.get(device)?.[LANE.account];
  if (record === undefined || feed === undefined)
    return faulty({ rule: 'C1', code: 'unknown-device', device });
  if (incarnation !== record.incarnation)
    return faulty({ rule: 'C1', code: 'wrong-incarnation', device, expected: record.incarnation });
  // A sealed chain has ended already: there is nothing to promise.
  if (isSealed(record)) {
    if (stops.length > 0) return faulty({ rule: 'C1', code: 'not-a-quorum', device });
    const last = feed.main[(record.incarnations.at(-1)?.seq ?? 0) - 1];
    return { type: 'closed', account: { device, incarnation, last, isVoid: false } };
  }
  const witnesses = new Set<number>();
  const reports: StopReport[] = [];
  const missing: Id[] = [];
  for (const id of stops) {
    const stored = ledger.entries.get(id);
    if (stored === undefined) {
      missing.push(id);
      continue;
    }
    const report = reportOn(record, stored);
    const witness = witnessIndex(ledger, stored);
    if (report === undefined || witness === undefined)
      return faulty({ rule: 'C1', code: 'not-a-stop', stop: id });
    witnesses.add(witness);
    reports.push(report);
  }
  if (missing.length > 0) return { type: 'waiting', ids: missing };
  if (witnesses.size !== ledger.closingRules.reportsNeeded(ledger.n) || witnesses.size !== stops.length)
    return faulty({ rule: 'C1', code: 'not-a-quorum', device });
  return readReports(ledger, record, feed, reports);
}
/** What a stop entry says of an account; of one named twice, the first counts. */
export function reportOn(record: DeviceRecord, { entry }: Stored): StopReport | undefined {
  if (entry.body.kind !== KIND.stop) return undefined;
  return entry.body.reports.find(
    ({ ordinal, incarnation }) => ordinal === record.ordinal && incarnation === record.incarnation,
  );
}

/** The highest certified head wins; at the place after it, one valid vote is carried and two are void [C2]. */
export function readReports(
  ledger: Ledger,
  record: DeviceRecord,
  feed: Feed,
  reports: readonly StopReport[],
): CloseVerdict {
  const { device, incarnation } = record;
  const { winningLength, votesThere } = ledger.closingRules;
  const highest = winningLength(reports) - 1;
  const atTop = reports.filter((report) => lengthOf(report) === highest + 1);
  const headId = atTop[0]?.head?.id;
  // Two certified at one place: one of them lies, and which one is not for this bundle to say.
  if (atTop.some(({ head }) => head?.id !== headId))
    return faulty({ rule: 'C2', code: 'reports-contradict', device });
  const opened = record.incarnations.at(-1);
  const isBefore = opened !== undefined && highest < opened.seq - 1;
  const isOther =
    opened !== undefined && highest === opened.seq - 1 && headId !== undefined && headId !== opened.prev;
  // What an earlier closing fixed, every honest witness reports.
  if (isBefore || isOther) return faulty({ rule: 'C2', code: 'reports-contradict', device });
  const head = feed.main[highest];
  if (headId !== undefined && (head?.entry.id !== headId || feed.certified <= highest))
    return { type: 'waiting', ids: [headId] };
  const unsettled = unsettledCredits(head);
  if (unsettled.length > 0) return { type: 'waiting', ids: unsettled };

  const candidates = new Set<Stored>();
  const missing: Id[] = [];
  for (const vote of new Set(votesThere(atTop))) {
    const candidate = ledger.entries.get(vote);
    if (candidate === undefined) {
      missing.push(vote);
      continue;
    }
    const { entry, prev, verdict } = candidate;
    const isNext = candidate.feed === feed && entry.seq === highest + 1 && prev === head;
    if (!isNext || entry.incarnation !== incarnation || verdict.type === 'invalid') continue;
    if (verdict.type === 'valid' && claimsSettled(candidate)) candidates.add(candidate);
    else missing.push(vote);
  }
  if (missing.length > 0) return { type: 'waiting', ids: missing };
  const [carried] = candidates;
  const last = candidates.size === 1 ? carried : head;
  const { settledHead } = accountOf(ledger, device);
  if (settledHead !== undefined && !isInChain(settledHead, last)) return { type: 'loses-settled', device };
  return { type: 'closed', account: { device, incarnation, last, isVoid: candidates.size > 1 } };
}

/** Stop entries that report on an account, one for each witness: the first in its lane. */
export function stopsOn(ledger: Ledger, record: DeviceRecord): ReadonlyMap<number, Stored> {
  const found = new Map<number, Stored>();
  for (const stored of stopsNaming(ledger, record.ordinal, record.incarnation)) {
    const witness = witnessIndex(ledger, stored);
    if (witness !== undefined && !found.has(witness)) found.set(witness, stored);
  }
  return found;
}
/**
 * A closing that stands now, of whichever quorum of the reports makes one; undefined while none does. In the witnesses'
 * order: two who propose at once then propose the same decision, and no round is lost between them [L1].
 */
export function findClosing(ledger: Ledger, device: DeviceKey): Closing | undefined {
  const record = ledger.log.devices.get(device);
  if (record === undefined) return undefined;
  const { incarnation } = record;
  if (isSealed(record)) return { device, incarnation, stops: [] };
  const stops = [...stopsOn(ledger, record)].sort(([a], [b]) => a - b).map(([, { entry }]) => entry.id);
  for (const chosen of combinations(stops, ledger.closingRules.reportsNeeded(ledger.n))) {
    const closing: Closing = { device, incarnation, stops: chosen };
    if (closeAccount(ledger, closing).type === 'closed') return closing;
  }
  return undefined;
}
/** At most C(10, 7) = 120 of them. */
export function* combinations<T>(values: readonly T[], size: number): Generator<readonly T[]> {
  if (size === 0) yield [];
  else
    for (const [i, value] of values.entries())
      for (const rest of combinations(values.slice(i + 1), size - 1)) yield [value, ...rest];
}
