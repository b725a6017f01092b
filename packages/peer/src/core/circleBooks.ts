/**
 * Where a circle's books and small records lie on this device. A circle that was founded from another one keeps that
 * one's books readable [K1]: their numbers go on, and what is written of the new circle lies beside the old, under names of
 * its own.
 */
import { ok, type FoundBody, type Result, type VerifiedEntry } from '@corridor/ledger';
import type { Records, Store } from '../ports.ts';
import { createBookRing, type BookRing } from './bookRing.ts';
import type { CirclePorts } from './circle.ts';
import { circlesOf, type CircleRecord, type PastCircle } from './circleRecord.ts';
import { readFounding, type FoundingFault } from './foundingRecord.ts';
import { openLibrary, type BookSource, type Library } from './library.ts';
import { createOpenings, type Openings } from './openings.ts';
import { createSealedRecords, type SealedRecords } from './sealedRecords.ts';
import { createAgainRecords, type AgainRecords } from './signAgainRecords.ts';

export interface CircleBooks {
  readonly library: Library;
  readonly ring: BookRing;
  readonly openings: Openings;
  readonly again: AgainRecords;
  readonly records: SealedRecords;
  /** The store as the circle sees it: its small records alone. */
  readonly store: Store;
}
/** The record as it was in what the circle was founded from. */
export function recordInPast(
  record: CircleRecord,
  { circle, founding, book, epoch }: PastCircle,
): CircleRecord {
  const past = (record.past ?? []).filter((one) => one.book < book);
  const bookKeys = record.bookKeys.filter((known) => known.epoch <= epoch);
  return { ...record, circle, founding, past, bookKeys };
}
/** The store with the small records of this circle: a first one has the bare names. */
const storeOf = (store: Store, record: CircleRecord): Store =>
  (record.past ?? []).length === 0
    ? store
    : { ...store, records: recordsUnder(store.records, record.circle) };

function recordsUnder(records: Records, circle: string): Records {
  const prefix = `${circle}/`;
  return {
    get: (name, signal) => records.get(prefix + name, signal),
    put: (name, value, signal) => records.put(prefix + name, value, signal),
    remove: (name, signal) => records.remove(prefix + name, signal),
    names: async (begin, signal) =>
      (await records.names(prefix + begin, signal)).map((name) => name.slice(prefix.length)),
  };
}
/** The small records of one circle and its openings, with all keys that this device has. */
export async function recordsOf(
  record: CircleRecord,
  founding: VerifiedEntry<FoundBody>,
  { store, cipher, sha256 }: Pick<CirclePorts, 'store' | 'cipher' | 'sha256'>,
): Promise<Pick<CircleBooks, 'ring' | 'records' | 'openings' | 'again' | 'store'>> {
  const ring = await createBookRing(record.bookKeys, cipher, sha256);
  const own = storeOf(store, record);
  const records = createSealedRecords(own.records, ring.keys, ring.newest(), sha256);
  return {
    ring,
    records,
    openings: createOpenings(records, founding, sha256),
    again: createAgainRecords(records, circlesOf(record), sha256),
    store: own,
  };
}
export async function openCircleBooks(
  record: CircleRecord,
  ports: CirclePorts,
  signal?: AbortSignal,
): Promise<Result<CircleBooks, FoundingFault>> {
  const founding = await readFounding(record, ports, signal);
  if (!founding.ok) return founding;
  const parts = await recordsOf(record, founding.value, ports);
  const sources: BookSource[] = [];
  for (const past of record.past ?? []) {
    const there = recordInPast(record, past);
    const first = await readFounding(there, ports, signal);
    if (!first.ok) return first;
    const { openings, ring } = await recordsOf(there, first.value, ports);
    sources.push({ record: there, founding: first.value, openings, ring, last: past.book });
  }
  sources.push({ ...parts, record, founding: founding.value, last: Infinity });
  // Such a circle has no book without an opening.
  if (sources.length > 1 && (await parts.openings.newest()) === null)
    return { ok: false, fault: 'no-founding' };
  return ok({ ...parts, library: await openLibrary({ ...ports, sources, signal }) });
}
