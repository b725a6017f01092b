/** A witness's part in closing the book [B1]: a series of stop entries in a row, about every account it saw anything in. */
import { accountName } from './bookSeries.ts';
import { draftNext } from './draft.ts';
import { KIND, LANE, type EntryDraft, type NextKey, type StopBody, type StopReport } from './entry.ts';
import { headOf } from './feed.ts';
import type { DeviceKey } from './ids.ts';
import { feedOf, type Ledger } from './ledger.ts';
import { MAX_REPORTS } from './limits.ts';
import { currentTerm, isSealed, safetyFigures } from './log.ts';
import { countBits } from './settle.ts';
import { reportFor } from './stopDuty.ts';

/**
 * The next entry of this witness's series, undefined once it is complete. Asked again after each one, before anything
 * else is written in the witness lane: a series that was interrupted begins anew. `next`: the key for the next book.
 */
export function draftBookStops(
  ledger: Ledger,
  device: DeviceKey,
  next: NextKey | null = null,
): EntryDraft<StopBody> | undefined {
  const term = currentTerm(ledger.log, device);
  if (term === undefined || ledger.halt !== null || ledger.log.closed !== null) return undefined;
  if ((ledger.promisedAll & (1 << term.index)) !== 0) return undefined;
  const begun = openSeries(ledger, device);
  const reports: StopReport[] = [];
  for (const record of ledger.log.devices.values()) {
    if (isSealed(record) || begun.reported.has(accountName(record))) continue;
    const report = reportFor(ledger, record, term.index);
    // Where it saw nothing there is nothing to say.
    if (report.head === null && report.vote === null) continue;
    const part = begun.parts + 1;
    if (reports.length === MAX_REPORTS)
      return draftNext(ledger, device, LANE.witness, { kind: KIND.stop, reports, parts: -part, next: null });
    reports.push(report);
  }
  return draftNext(ledger, device, LANE.witness, { kind: KIND.stop, reports, parts: begun.parts + 1, next });
}
/** The series that this lane ends with, if it goes on: how many entries it has, and what they report on. */
function openSeries(
  ledger: Ledger,
  device: DeviceKey,
): { readonly parts: number; readonly reported: ReadonlySet<string> } {
  const feed = feedOf(ledger, device, LANE.witness);
  const reported = new Set<string>();
  let parts = 0;
  for (let at = feed && headOf(feed); at !== undefined; at = at.prev) {
    const { body } = at.entry;
    if (body.kind !== KIND.stop || body.parts >= 0) break;
    if (parts === 0) parts = -body.parts;
    for (const report of body.reports) reported.add(accountName(report));
    if (body.parts === -1) break;
  }
  return { parts, reported };
}

/** More witnesses than may lie have ended their series: one of them had a reason, so the rest stops as well. */
export const isBookClosing = (ledger: Ledger): boolean =>
  ledger.log.closed === null && countBits(ledger.promisedAll) > safetyFigures(ledger.n).mayLie;
/** Whether the log itself asks for the book's end: others keep the next one, or the closing has begun. */
export const isBookDue = (ledger: Ledger): boolean =>
  ledger.log.closed === null && (ledger.log.nextWitnesses !== null || isBookClosing(ledger));
