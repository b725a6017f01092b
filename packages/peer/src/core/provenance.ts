/**
 * A first book that came from somebody else [B2] stands on trial until its log holds the decision that the invite named:
 * the note of that is written before the book is, and goes when it has proved itself.
 */
import { fromHex, toHex, type DeviceKey, type Id, type Ledger } from '@corridor/ledger';
import type { Store } from '../ports.ts';
import { bookName } from './bookStore.ts';
import type { Begun } from './beginning.ts';
import type { Openings } from './openings.ts';
import { orRefused } from './refusals.ts';
import type { SealedRecords } from './sealedRecords.ts';

const RECORD = 'begun';

export interface Provenance {
  /**
   * 'proven': its log holds the decision, and then this device. 'linked': it does not show this device yet. 'refuted': it
   * shows this device, and not the decision that came before.
   */
  look(): 'proven' | 'linked' | 'open' | 'refuted';
  /** Lets go of the note. */
  settle(): Promise<void>;
  /** Lets go of the book, once it is shut. */
  forget(): Promise<void>;
}
/** What must be on the disk before the record says that there is a book. False: the disk refused. */
export async function keepBegun(
  { book, start, mustHold }: Begun,
  records: SealedRecords,
  openings: Openings,
): Promise<boolean> {
  if (mustHold !== null && !(await records.put(RECORD, fromHex(mustHold) ?? new Uint8Array(0)))) return false;
  return start === null || openings.keep(book, start.statement);
}
export async function openProvenance(options: {
  readonly ledger: Ledger;
  readonly device: DeviceKey;
  readonly records: SealedRecords;
  readonly openings: Openings;
  readonly store: Store;
}): Promise<Provenance> {
  const { ledger, device, records, openings, store } = options;
  const note = await records.get(RECORD);
  let mustHold = note === undefined ? null : (toHex(note) as Id);
  return {
    look() {
      if (mustHold === null) return 'proven';
      const isLinked = ledger.log.decided.some(({ id }) => id === mustHold);
      if (ledger.log.devices.has(device)) return isLinked ? 'proven' : 'refuted';
      return isLinked ? 'linked' : 'open';
    },
    async settle() {
      if (mustHold === null) return;
      mustHold = null;
      await records.remove(RECORD);
    },
    async forget() {
      await orRefused(store.docs.remove(bookName(ledger.circle, ledger.book)), () => undefined);
      if (ledger.book > 0) await openings.forget(ledger.book);
      await records.remove(RECORD);
    },
  };
}
