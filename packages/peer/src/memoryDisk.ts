/**
 * A disk in memory that several stores can open one after another, as pages of one browser would, and that
 * can do to them what disks do: refuse writes, and lose on a crash what was not strictly flushed.
 */
import type { JournalRow } from './ports.ts';
import type { ChainHead } from './journalRows.ts';

export interface StoredKey {
  readonly purpose: 'device' | 'witness' | 'sealing';
  readonly secret: Uint8Array;
}
/** One document's updates: as written, and as they would be found after a power cut. */
export interface StoredDoc {
  written: readonly Uint8Array[];
  flushed: readonly Uint8Array[];
}
interface Chain {
  head: ChainHead;
  rows: JournalRow[];
}
export interface MemoryDisk {
  readonly keys: Map<string, StoredKey>;
  readonly chains: Map<string, Chain>;
  readonly records: Map<string, Uint8Array>;
  readonly docs: Map<string, StoredDoc>;
  /** Counts crashes and wipes: a store opened before one is dead. */
  life(): number;
  /** Why writes are refused just now, or undefined. */
  refusal(): string | undefined;
  /** From now on every write is refused with this reason; undefined: no more. */
  refuseWrites(reason: string | undefined): void;
  /** Power cut: unflushed document updates are gone, journal, keys and records are not; open stores are dead. */
  crash(): void;
  /** Everything is gone; open stores are dead. */
  erase(): void;
}

/** An empty disk. */
export const createMemoryDisk = (): MemoryDisk => {
  let life = 0;
  let refusal: string | undefined;
  const disk: MemoryDisk = {
    keys: new Map(),
    chains: new Map(),
    records: new Map(),
    docs: new Map(),
    life: () => life,
    refusal: () => refusal,
    refuseWrites: (reason) => {
      refusal = reason;
    },
    crash: () => {
      life++;
      for (const doc of disk.docs.values()) doc.written = doc.flushed;
    },
    erase: () => {
      life++;
      disk.keys.clear();
      disk.chains.clear();
      disk.records.clear();
      disk.docs.clear();
    },
  };
  return disk;
};
