/** A disk that refuses the writes of one kind, once or until it is told to take them again, and says which kinds there are. */
import { LANE } from '@corridor/ledger';
import { openMemoryStore, type MemoryDisk, type Store } from '@corridor/peer';
import { StorageRefused } from '../../src/storageRefused.ts';

/** A write as a row of the list has it: which port, which call, of what. */
export type Site = string;
export interface Refusals {
  readonly site: Site;
  /** Writes of this kind that it takes before. */
  readonly after: number;
  readonly how: 'once' | 'for good';
}
export interface Gate {
  /** Whether this write is refused. */
  refuses(site: Site): boolean;
  /** Every kind of write that came by, and how often. */
  readonly seen: ReadonlyMap<Site, number>;
  readonly refused: number;
  /** Whether it would refuse the next one. */
  isShut(): boolean;
  /** There is room again. */
  lift(): void;
}
export function createGate(refusals?: Refusals): Gate {
  const seen = new Map<Site, number>();
  let refused = 0;
  let lifted = refusals === undefined;
  return {
    seen,
    get refused() {
      return refused;
    },
    refuses(site) {
      const before = seen.get(site) ?? 0;
      seen.set(site, before + 1);
      if (lifted || refusals?.site !== site || before < refusals.after) return false;
      refused++;
      lifted = refusals.how === 'once';
      return true;
    },
    isShut: () => !lifted,
    lift: () => void (lifted = true),
  };
}

const LANES = Object.fromEntries(Object.entries(LANE).map(([name, lane]) => [String(lane), name]));
/** Of any book and incarnation. */
const laneOf = (chain: string): string => LANES[chain.replace(/.*\//, '').replace(/\..*/, '')] ?? chain;
/** A record's name without the id that follows. */
const kindOf = (name: string): string => name.replace(/\/.*/, '/…');

/** A store on that disk whose every write passes the gate first. */
export function openGatedStore(disk: MemoryDisk, gate: Gate, random: (length: number) => Uint8Array): Store {
  /** A write that has passed already must not be asked again by the disk below. */
  let isThrough = false;
  const through = <T>(write: () => T): T => {
    isThrough = true;
    try {
      return write();
    } finally {
      isThrough = false;
    }
  };
  const refusal = (): string | undefined =>
    disk.refusal() ?? (!isThrough && gate.refuses('document') ? 'planted' : undefined);
  const { keys, journal, records, docs, wipe, close } = openMemoryStore({ ...disk, refusal }, random);
  const orThrow = <T>(site: Site, write: () => Promise<T>): Promise<T> =>
    gate.refuses(site) ? Promise.reject(new StorageRefused('planted')) : through(write);
  return {
    docs: {
      ...docs,
      remove: (name, signal) => orThrow('docs.remove', () => docs.remove(name, signal)),
    },
    wipe,
    close,
    keys: {
      ...keys,
      create: (purpose, signal) => orThrow(`keys.create ${purpose}`, () => keys.create(purpose, signal)),
      eraseWitnessKeys: async (these, signal) =>
        !gate.refuses('keys.eraseWitnessKeys') && through(() => keys.eraseWitnessKeys(these, signal)),
      createSealing: (signal) => orThrow('keys.createSealing', () => keys.createSealing(signal)),
    },
    journal: {
      ...journal,
      append: async (chain, head, rows, signal) =>
        gate.refuses(`journal.append ${laneOf(chain)}`)
          ? 'refused'
          : through(() => journal.append(chain, head, rows, signal)),
      trim: (chain, below, signal) =>
        orThrow(`journal.trim ${laneOf(chain)}`, () => journal.trim(chain, below, signal)),
    },
    records: {
      ...records,
      put: async (name, value, signal) =>
        !gate.refuses(`records.put ${kindOf(name)}`) && through(() => records.put(name, value, signal)),
      remove: (name, signal) => orThrow(`records.remove ${kindOf(name)}`, () => records.remove(name, signal)),
    },
  };
}
