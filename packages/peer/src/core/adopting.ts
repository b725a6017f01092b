/** What others kept of this device and its own disk forgot is its own all the same: the next signature follows it [W2]. */
import {
  feedOf,
  headOf,
  LANE,
  type DeviceKey,
  type Id,
  type Lane,
  type Ledger,
  type Signature,
} from '@corridor/ledger';
import type { Journal, JournalRow } from '../ports.ts';
import type { BookStore } from './bookStore.ts';

export interface Adopting {
  /** Own entries came from elsewhere than from here. */
  note(devices: Iterable<DeviceKey>): void;
  /** Brings the journal up to the ledger. False: the disk refused. */
  work(): Promise<boolean>;
}
export function createAdopting(options: {
  readonly ledger: Ledger;
  readonly book: BookStore;
  readonly device: DeviceKey;
  readonly journal: Journal;
  readonly incarnationOf: (lane: Lane) => number;
  readonly chainOf: (lane: Lane, incarnation: number) => string;
  readonly signatureOf: (id: Id) => Promise<Signature | undefined>;
}): Adopting {
  const { ledger, book, device, journal, incarnationOf, chainOf, signatureOf } = options;
  // Also what an earlier life of this process took in, and lost the power before it had it here.
  let isBehind = true;
  const adopt = async (lane: Lane): Promise<boolean> => {
    const feed = feedOf(ledger, device, lane);
    const head = feed && headOf(feed)?.entry;
    const incarnation = incarnationOf(lane);
    if (feed === undefined || head === undefined || head.incarnation !== incarnation) return true;
    const chain = chainOf(lane, incarnation);
    const kept = await journal.head(chain);
    // What was signed here and is not in the ledger is replayed; two histories are for people to talk about.
    if (kept !== undefined && feed.main[kept.seq]?.entry.id !== kept.id) return true;
    const from = kept === undefined ? head.seq : kept.seq + 1;
    const rows: JournalRow[] = [];
    for (const { entry } of feed.main.slice(from)) {
      const bytes = book.sealed(entry.id);
      if (bytes === undefined) return true;
      const signature = (await signatureOf(entry.id)) ?? null;
      rows.push({ chain, seq: entry.seq, id: entry.id, bytes, signature });
    }
    return rows.length === 0 || (await journal.append(chain, kept?.id, rows)) === 'kept';
  };
  return {
    note(devices) {
      for (const one of devices) isBehind ||= one === device;
    },
    async work() {
      if (!isBehind) return true;
      isBehind = false;
      for (const lane of [LANE.witness, LANE.account, LANE.voice]) if (!(await adopt(lane))) isBehind = true;
      return !isBehind;
    },
  };
}
