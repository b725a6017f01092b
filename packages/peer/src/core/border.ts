/** What must be on the disk of a book before the circle goes on to the next one [B1] [B4]. */
import type { DeviceKey, Entry, PayBody } from '@corridor/ledger';
import type { Records } from '../ports.ts';
import type { BookStore } from './bookStore.ts';
import { noteCarriedOver } from './carriedOver.ts';
import { noteClosed } from './closedBooks.ts';
import { orRefused } from './refusals.ts';
import type { Replica } from './replica.ts';
import type { SealedRecords } from './sealedRecords.ts';
import { noteOvertaken, overtakenOf, type AgainRecords } from './signAgainRecords.ts';
import { TEXT_RECORD_PREFIX } from './texts.ts';

export interface BorderPorts {
  readonly device: DeviceKey;
  readonly records: SealedRecords;
  readonly texts: Records;
  readonly again: AgainRecords;
}
/** Notes the closed book and what of it is to be signed again, with its words. False: the disk refused. */
export async function noteBorder({ ledger, book }: Replica, ports: BorderPorts): Promise<boolean> {
  const { device, records, again, texts } = ports;
  return (
    (await noteOvertaken(again, ledger, device)) &&
    (await keepWords(overtakenOf(ledger, device), book, texts)) &&
    (await noteCarriedOver(ledger, device, records)) &&
    (await noteClosed(records, ledger, device))
  );
}
/** The words of payments that are signed again elsewhere. False: the disk refused. */
export async function keepWords(
  payments: readonly Entry<PayBody>[],
  book: BookStore,
  texts: Records,
): Promise<boolean> {
  for (const { body } of payments) {
    const sealed = body.memo === null ? undefined : book.text(body.memo);
    if (sealed === undefined || body.memo === null) continue;
    if (!(await orRefused(texts.put(`${TEXT_RECORD_PREFIX}${body.memo}`, sealed), () => false))) return false;
  }
  return true;
}
