/** What one witness said when it ended its part in a book: its stop entries in a row, read together [B1]. */
import { KIND, type StopBody, type StopReport } from './entry.ts';
import type { Stored } from './feed.ts';
import type { Ledger } from './ledger.ts';
import { witnessIndex } from './witnessLane.ts';

export interface BookSeries {
  readonly witness: number;
  /** A report for each account in which it saw anything, by {@link accountName}; of one named twice, the first counts. */
  readonly reports: ReadonlyMap<string, StopReport>;
}
/** An account in one incarnation, as reports name it. */
export const accountName = ({ ordinal, incarnation }: Pick<StopReport, 'ordinal' | 'incarnation'>): string =>
  `${ordinal}/${incarnation}`;

/** Reads a series back from its last entry, exactly as far as that one says; undefined if it is none. */
export function readSeries(ledger: Ledger, last: Stored): BookSeries | undefined {
  const { body } = last.entry;
  const witness = witnessIndex(ledger, last);
  const known = ledger.bookSeries.get(last.entry.id);
  if (known !== undefined) return known.witness === witness ? known : undefined;
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
    for (const report of part.reports)
      if (!reports.has(accountName(report))) reports.set(accountName(report), report);
  const series: BookSeries = { witness, reports };
  // What stands before an entry never changes, and a closing is asked about again and again while it waits.
  ledger.bookSeries.set(last.entry.id, series);
  return series;
}
