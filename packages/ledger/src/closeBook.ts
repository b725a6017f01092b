/**
 * Closing a book [B1]: every account is closed at once. A quorum of witnesses have each written a series of stop
 * entries in a row; the last one of each series stands for all of it. What one of them does not report on, it has not
 * seen anything in. A replica that lacks what they name waits for it.
 */
import type { CloseBookAct } from './act.ts';
import { closeAccount, combinations, readReports, type ClosedAccount, type CloseVerdict } from './close.ts';
import { KIND, LANE, type StopBody, type StopReport } from './entry.ts';
import type { Stored } from './feed.ts';
import type { Id } from './ids.ts';
import type { Ledger } from './ledger.ts';
import { isSealed, quorum, type DeviceRecord } from './log.ts';
import { openingHash } from './openingCodec.ts';
import { openingOf } from './openingOf.ts';
import { countBits } from './settle.ts';
import { witnessIndex } from './witnessLane.ts';

/** How every account of a book ends, by what a quorum of its witnesses reported. */
export type BookVerdict =
  | { readonly type: 'closed'; readonly accounts: readonly ClosedAccount[] }
  | Exclude<CloseVerdict, { readonly type: 'closed' }>;
/** What one witness said in its series: a report for each account in which it saw anything. */
interface BookReport {
  readonly witness: number;
  /** By `ordinal/incarnation`; of one named twice, the first counts. */
  readonly reports: ReadonlyMap<string, StopReport>;
}
const nameOf = ({ ordinal, incarnation }: Pick<StopReport, 'ordinal' | 'incarnation'>): string =>
  `${ordinal}/${incarnation}`;

/** Reads a series back from its last entry, exactly as far as that one says; undefined if it is none. */
function readSeries(ledger: Ledger, last: Stored): BookReport | undefined {
  const { body } = last.entry;
  const witness = witnessIndex(ledger, last);
  if (body.kind !== KIND.stop || body.parts <= 0 || witness === undefined) return undefined;
  const bodies: StopBody[] = [body];
  let at = last.prev;
  for (let part = body.parts - 1; part > 0; part--, at = at.prev) {
    if (at?.entry.body.kind !== KIND.stop || at.entry.body.parts !== -part) return undefined;
    if (witnessIndex(ledger, at) !== witness) return undefined;
    bodies.push(at.entry.body);
  }
  const reports = new Map<string, StopReport>();
  for (const part of bodies.reverse())
    for (const report of part.reports) if (!reports.has(nameOf(report))) reports.set(nameOf(report), report);
  return { witness, reports };
}

/** What a closing of the book makes of every account. Pure: the same on every replica that has what it names. */
export function closeBook(ledger: Ledger, stops: readonly Id[]): BookVerdict {
  const series: BookReport[] = [];
  const missing: Id[] = [];
  for (const id of stops) {
    const stored = ledger.entries.get(id);
    const read = stored && readSeries(ledger, stored);
    if (stored === undefined) missing.push(id);
    else if (read === undefined)
      return { type: 'fault', fault: { rule: 'C1', code: 'not-a-stop', stop: id } };
    else series.push(read);
  }
  return missing.length > 0 ? { type: 'waiting', ids: missing } : closeAccounts(ledger, series);
}
function closeAccounts(ledger: Ledger, series: readonly BookReport[]): BookVerdict {
  const witnesses = new Set(series.map(({ witness }) => witness));
  const q = quorum(ledger.n);
  if (witnesses.size !== q || series.length !== q)
    return { type: 'fault', fault: { rule: 'C1', code: 'not-a-quorum', device: null } };
  const accounts: ClosedAccount[] = [];
  for (const record of ledger.log.devices.values()) {
    const verdict = closeOne(ledger, record, series);
    if (verdict.type !== 'closed') return verdict;
    accounts.push(verdict.account);
  }
  return { type: 'closed', accounts };
}
function closeOne(ledger: Ledger, record: DeviceRecord, series: readonly BookReport[]): CloseVerdict {
  const { device, incarnation } = record;
  const feed = ledger.feeds.get(device)?.[LANE.account];
  if (feed === undefined) throw new Error('a device without feeds');
  if (isSealed(record)) return closeAccount(ledger, { device, incarnation, stops: [] });
  const name = nameOf(record);
  const nothing: StopReport = { ordinal: record.ordinal, incarnation, head: null, vote: null };
  const reports = series.map((of) => of.reports.get(name) ?? nothing);
  // What an earlier closing fixed stands, also for witnesses that stopped before it was decided.
  const start = record.incarnations.at(-1);
  if (start !== undefined && start.seq > 0)
    reports.push({ ...nothing, head: { seq: start.seq - 1, id: start.prev } });
  return readReports(ledger, record, feed, reports);
}

/**
 * The act that closes the book as things stand, of whichever quorum of the series makes one; undefined while none does.
 * `key`: the id of the next book's key.
 */
export function closeBookWish(ledger: Ledger, key: string): CloseBookAct | undefined {
  if (ledger.log.closed !== null || countBits(ledger.promisedAll) < quorum(ledger.n)) return undefined;
  const found = new Map<number, readonly [Id, BookReport]>();
  for (const stored of ledger.stops) {
    const witness = witnessIndex(ledger, stored);
    if (witness === undefined || found.has(witness)) continue;
    const series = readSeries(ledger, stored);
    if (series !== undefined) found.set(witness, [stored.entry.id, series]);
  }
  for (const chosen of combinations([...found.values()], quorum(ledger.n))) {
    const verdict = closeAccounts(
      ledger,
      chosen.map(([, series]) => series),
    );
    if (verdict.type !== 'closed') continue;
    const stops = chosen.map(([id]) => id);
    const opening = openingHash(openingOf(ledger, { stops, key }, verdict.accounts), ledger.sha256);
    return { type: 'close-book', stops, opening, key };
  }
  return undefined;
}
