/**
 * Closing a book [B1]: every account is closed at once. A quorum of witnesses have each written a series of stop
 * entries in a row; the last one of each series stands for all of it. What one of them does not report on, it has not
 * seen anything in. A replica that lacks what they name waits for it.
 */
import type { CloseBookAct } from './act.ts';
import { accountName, readSeries, type BookSeries } from './bookSeries.ts';
import { closeAccount, combinations, readReports, type ClosedAccount, type CloseVerdict } from './close.ts';
import { LANE, type StopReport } from './entry.ts';
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
/** The account, by its ordinal, at which a closing was stuck when it was last asked about. */
export interface StuckClosing {
  readonly name: string;
  readonly at: number;
}

/** What a closing of the book makes of every account. Pure: the same on every replica that has what it names. */
export function closeBook(ledger: Ledger, stops: readonly Id[]): BookVerdict {
  const series: BookSeries[] = [];
  const missing: Id[] = [];
  for (const id of stops) {
    const stored = ledger.entries.get(id);
    const read = stored && readSeries(ledger, stored);
    if (stored === undefined) missing.push(id);
    else if (read === undefined)
      return { type: 'fault', fault: { rule: 'C1', code: 'not-a-stop', stop: id } };
    else series.push(read);
  }
  if (missing.length > 0) return { type: 'waiting', ids: missing };
  const witnesses = new Set(series.map(({ witness }) => witness));
  if (witnesses.size !== quorum(ledger.n) || witnesses.size !== series.length)
    return { type: 'fault', fault: { rule: 'C1', code: 'not-a-quorum', device: null } };
  return closeAccounts(ledger, series, `${ledger.log.height}/${stops.join('/')}`);
}
/**
 * The first account that does not close decides. A decision that waits is judged again with every entry that comes, so
 * it goes on where it was stuck: by the same reports, what closed before closes again. All are read once more at the end.
 */
function closeAccounts(ledger: Ledger, series: readonly BookSeries[], name: string): BookVerdict {
  if (ledger.stuckClosing?.name === name) {
    const stuck = readAccounts(ledger, series, name, ledger.stuckClosing.at);
    if (stuck.type !== 'closed') return stuck;
  }
  return readAccounts(ledger, series, name, 0);
}
function readAccounts(
  ledger: Ledger,
  series: readonly BookSeries[],
  name: string,
  from: number,
): BookVerdict {
  const accounts: ClosedAccount[] = [];
  for (let at = from; at < ledger.log.ordinals.length; at++) {
    const verdict = closeOne(ledger, recordAt(ledger, at), series);
    if (verdict.type !== 'closed') {
      ledger.stuckClosing = { name, at };
      return verdict;
    }
    accounts.push(verdict.account);
  }
  return { type: 'closed', accounts };
}
function recordAt(ledger: Ledger, ordinal: number): DeviceRecord {
  const device = ledger.log.ordinals[ordinal];
  const record = device && ledger.log.devices.get(device);
  if (!record) throw new Error('an ordinal of nobody');
  return record;
}
function closeOne(ledger: Ledger, record: DeviceRecord, series: readonly BookSeries[]): CloseVerdict {
  const { device, incarnation } = record;
  const feed = ledger.feeds.get(device)?.[LANE.account];
  if (feed === undefined) throw new Error('a device without feeds');
  if (isSealed(record)) return closeAccount(ledger, { device, incarnation, stops: [] });
  const name = accountName(record);
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
  const q = quorum(ledger.n);
  if (ledger.log.closed !== null || countBits(ledger.promisedAll) < q) return undefined;
  const found = new Map<number, Id>();
  for (const stored of ledger.stops) {
    const witness = witnessIndex(ledger, stored);
    if (witness !== undefined && !found.has(witness) && readSeries(ledger, stored) !== undefined)
      found.set(witness, stored.entry.id);
  }
  // Where one bundle is stuck, the next with the same liar mostly is as well.
  const suspects = new Set<number>();
  // In the witnesses' order, whatever order they came in: as in `findClosing`.
  const inOrder = [...found].sort(([a], [b]) => a - b).map(([, id]) => id);
  for (const stops of combinations(inOrder, q)) {
    const series = stops.flatMap((id) => ledger.bookSeries.get(id) ?? []);
    if ([...suspects].some((at) => closeOne(ledger, recordAt(ledger, at), series).type !== 'closed'))
      continue;
    const verdict = closeBook(ledger, stops);
    if (verdict.type === 'closed') {
      const opening = openingHash(openingOf(ledger, { stops, key }, verdict.accounts), ledger.sha256);
      return { type: 'close-book', stops, opening, key };
    }
    if (ledger.stuckClosing !== null) suspects.add(ledger.stuckClosing.at);
  }
  return undefined;
}
