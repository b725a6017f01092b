/**
 * The store in memory, for tests and for the demo circle: the same semantics as on a disk, nothing kept
 * beyond the {@link MemoryDisk}. All work is synchronous inside, so a seeded run replays exactly.
 */
import type { Id, PublicKey } from '@corridor/ledger';
import { publicKeyOfSeed, signWithSeed } from '@corridor/ledger';
import { bytesToHex } from '@noble/hashes/utils.js';
import { applyStored, attachDoc, type DocDisk } from './docWriter.ts';
import { headAfter } from './journalRows.ts';
import type { MemoryDisk } from './memoryDisk.ts';
import { ownBytes } from './plainBytes.ts';
import type { DocShelf, Journal, KeyRing, RandomBytes, Records, Store } from './ports.ts';
import { softOpen, softPublicKey } from './softHpke.ts';
import { StorageRefused } from './storageRefused.ts';

const SEED_BYTES = 32;

/** Asks before each write: the reason to refuse it, or undefined. */
type Guard = () => string | undefined;

const createMemoryKeys = (disk: MemoryDisk, refusal: Guard, random: RandomBytes): KeyRing => {
  const keep = (
    name: PublicKey,
    purpose: 'device' | 'witness' | 'sealing',
    secret: Uint8Array,
  ): PublicKey => {
    const reason = refusal();
    if (reason !== undefined) throw new StorageRefused(reason);
    disk.keys.set(name, { purpose, secret });
    return name;
  };
  return {
    async create(purpose, signal) {
      signal?.throwIfAborted();
      const seed = random(SEED_BYTES);
      return keep(publicKeyOfSeed(seed), purpose, seed);
    },
    async witnessKeys(signal) {
      signal?.throwIfAborted();
      return [...disk.keys].flatMap(([name, { purpose }]) =>
        purpose === 'witness' ? [name as PublicKey] : [],
      );
    },
    async eraseWitnessKeys(these, signal) {
      signal?.throwIfAborted();
      if (refusal() !== undefined) return false;
      for (const [name, { purpose }] of disk.keys)
        if (purpose === 'witness' && these.has(name)) disk.keys.delete(name);
      return true;
    },
    async createSealing(signal) {
      signal?.throwIfAborted();
      const secret = random(SEED_BYTES);
      return keep(bytesToHex(softPublicKey(secret)) as PublicKey, 'sealing', secret);
    },
    async sign(key, message, signal) {
      signal?.throwIfAborted();
      const row = disk.keys.get(key);
      return row === undefined || row.purpose === 'sealing' ? undefined : signWithSeed(row.secret, message);
    },
    async unseal(key, sealed, info, signal) {
      signal?.throwIfAborted();
      const row = disk.keys.get(key);
      return row?.purpose === 'sealing' ? softOpen(row.secret, sealed, info) : undefined;
    },
  };
};

const createMemoryJournal = (disk: MemoryDisk, refusal: Guard): Journal => ({
  async append(chain, expectedHead: Id | undefined, rows, signal) {
    signal?.throwIfAborted();
    const kept = disk.chains.get(chain);
    if (kept?.head.id !== expectedHead) return 'stale-head';
    const head = headAfter(chain, kept?.head, rows);
    if (refusal() !== undefined) return 'refused';
    if (head === undefined) return 'kept';
    const all = kept?.rows ?? [];
    for (const row of rows) all.push({ ...row, bytes: ownBytes(row.bytes) });
    disk.chains.set(chain, { head, rows: all });
    return 'kept';
  },
  async head(chain, signal) {
    signal?.throwIfAborted();
    return disk.chains.get(chain)?.head;
  },
  async rows(chain, fromSeq, signal) {
    signal?.throwIfAborted();
    return (disk.chains.get(chain)?.rows ?? []).filter((row) => row.seq >= fromSeq);
  },
  async trim(chain, belowSeq, signal) {
    signal?.throwIfAborted();
    const reason = refusal();
    if (reason !== undefined) throw new StorageRefused(reason);
    const kept = disk.chains.get(chain);
    if (kept !== undefined) kept.rows = kept.rows.filter((row) => row.seq >= belowSeq);
  },
});

const createMemoryRecords = (disk: MemoryDisk, refusal: Guard): Records => ({
  async get(name, signal) {
    signal?.throwIfAborted();
    const value = disk.records.get(name);
    return value === undefined ? undefined : ownBytes(value);
  },
  async put(name, value, signal) {
    signal?.throwIfAborted();
    if (refusal() !== undefined) return false;
    disk.records.set(name, ownBytes(value));
    return true;
  },
  async remove(name, signal) {
    signal?.throwIfAborted();
    const reason = refusal();
    if (reason !== undefined) throw new StorageRefused(reason);
    disk.records.delete(name);
  },
  async names(prefix, signal) {
    signal?.throwIfAborted();
    return [...disk.records.keys()].filter((name) => name.startsWith(prefix)).toSorted();
  },
});

const createDocDisk = (disk: MemoryDisk, refusal: Guard, name: string): DocDisk => {
  const origin = {};
  const row = () => disk.docs.get(name) ?? { written: [], flushed: [] };
  return {
    origin,
    load: async (doc) => applyStored(doc, row().written, origin),
    async append(updates, strict) {
      const reason = refusal();
      if (reason !== undefined) return reason;
      const { written, flushed } = row();
      const longer = [...written, ...updates];
      disk.docs.set(name, { written: longer, flushed: strict ? longer : flushed });
      return undefined;
    },
    async replace(whole) {
      const reason = refusal();
      if (reason === undefined) disk.docs.set(name, { written: [whole], flushed: row().flushed });
      return reason;
    },
    close: async () => undefined,
  };
};

const createMemoryShelf = (disk: MemoryDisk, refusal: Guard): DocShelf => ({
  attach: (name, doc, onRefused, signal) =>
    attachDoc(doc, createDocDisk(disk, refusal, name), onRefused, signal),
  async remove(name, signal) {
    signal?.throwIfAborted();
    const reason = refusal();
    if (reason !== undefined) throw new StorageRefused(reason);
    disk.docs.delete(name);
  },
});

/** Opens a store on a disk in memory. `random` makes the keys. */
export const openMemoryStore = (disk: MemoryDisk, random: RandomBytes): Store => {
  const born = disk.life();
  let closed = false;
  const refusal: Guard = () => {
    if (closed) return 'closed';
    return disk.life() === born ? disk.refusal() : 'crashed';
  };
  return {
    keys: createMemoryKeys(disk, refusal, random),
    journal: createMemoryJournal(disk, refusal),
    records: createMemoryRecords(disk, refusal),
    docs: createMemoryShelf(disk, refusal),
    async wipe() {
      closed = true;
      disk.erase();
    },
    async close() {
      closed = true;
    },
  };
};
