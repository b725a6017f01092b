/**
 * A store whose disk takes time and can lose power in between: journal, keys and records are strict, a document keeps
 * after a crash what was flushed and any part of the rest, in order. A write under way at the crash may or may not
 * have reached the disk; nobody is left to hear which.
 */
import { createMemoryDisk, openMemoryStore, type KeyRing, type MemoryDisk, type Store } from '@corridor/peer';
import type { Rng } from './rng.ts';
import type { Timeline } from './timeline.ts';

/** One running process of a device. Once dead it never gets another turn. */
export interface Life {
  alive: boolean;
  /** Writes that were asked for and have not happened, oldest first. */
  readonly writes: Set<() => unknown>;
}
export const createLife = (): Life => ({ alive: true, writes: new Set() });

export interface SimStoreOptions {
  readonly disk: MemoryDisk;
  readonly keys: KeyRing;
  readonly life: Life;
  readonly timeline: Timeline;
  /** Milliseconds that the next access takes; 0: none. */
  readonly latency: () => number;
}
export function openSimStore({ disk, keys, life, timeline, latency }: SimStoreOptions): Store {
  const inner = openMemoryStore(disk, () => {
    throw new Error('keys come from the ring');
  });
  let free = 0;
  /** In order of asking, as transactions of one database are. */
  const slowly = <T>(isWrite: boolean, access: () => Promise<T>): Promise<T> => {
    const ms = latency();
    const at = Math.max(free, timeline.now() + ms);
    if (at <= timeline.now()) return access();
    free = at;
    return new Promise<T>((resolve, reject) => {
      if (isWrite) life.writes.add(access);
      timeline.after(at - timeline.now(), () => {
        life.writes.delete(access);
        if (life.alive) access().then(resolve, reject);
      });
    });
  };
  const { journal, records, docs } = inner;
  return {
    keys,
    journal: {
      append: (...args) => slowly(true, () => journal.append(...args)),
      head: (...args) => slowly(false, () => journal.head(...args)),
      rows: (...args) => slowly(false, () => journal.rows(...args)),
      trim: (...args) => slowly(true, () => journal.trim(...args)),
    },
    records: {
      get: (...args) => slowly(false, () => records.get(...args)),
      put: (...args) => slowly(true, () => records.put(...args)),
      remove: (...args) => slowly(true, () => records.remove(...args)),
      names: (...args) => slowly(false, () => records.names(...args)),
    },
    docs: {
      async attach(...args) {
        const attached = await slowly(false, () => docs.attach(...args));
        return {
          flush: (signal) => slowly(true, () => attached.flush(signal)),
          forget: () => slowly(true, () => attached.forget()),
          close: () => attached.close(),
        };
      },
      remove: (...args) => slowly(true, () => docs.remove(...args)),
    },
    wipe: () => inner.wipe(),
    close: () => inner.close(),
  };
}

/** Power is cut. */
export function crashDisk(disk: MemoryDisk, life: Life, rng: Rng): void {
  life.alive = false;
  const reached = rng.below(life.writes.size + 1);
  for (const write of [...life.writes].slice(0, reached)) void write();
  life.writes.clear();
  for (const doc of disk.docs.values()) {
    const { written, flushed } = doc;
    const grewFromFlushed = flushed.every((update, i) => written[i] === update);
    if (grewFromFlushed) doc.flushed = written.slice(0, rng.between(flushed.length, written.length));
    else if (rng.chance(0.5)) doc.flushed = written;
  }
  disk.crash();
}
/** What a power cut would leave of it now. */
export function strictlyOn(disk: MemoryDisk): MemoryDisk {
  const copy = copyDisk(disk, createMemoryDisk());
  copy.crash();
  return copy;
}
/** It forgets all since that copy was made, but for keys: whose key is gone signs nothing. */
export function fallBack(disk: MemoryDisk, older: MemoryDisk): void {
  for (const shelf of [disk.chains, disk.records, disk.docs]) shelf.clear();
  copyDisk(older, disk);
}
/** The same disk once more: a backup, or the start of many worlds. */
export function copyDisk(from: MemoryDisk, to: MemoryDisk): MemoryDisk {
  for (const [name, key] of from.keys) to.keys.set(name, key);
  for (const [name, { head, rows }] of from.chains) to.chains.set(name, { head, rows: [...rows] });
  for (const [name, value] of from.records) to.records.set(name, value);
  for (const [name, { written, flushed }] of from.docs) to.docs.set(name, { written, flushed });
  return to;
}
