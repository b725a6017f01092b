import { ownBytes } from '../plainBytes.ts';
import type { Records } from '../ports.ts';
import { StorageRefused } from '../storageRefused.ts';
import { writeStrictly, type CorridorDb } from './idbDatabase.ts';

/** Small named records in IndexedDB. */
export const createIdbRecords = (db: CorridorDb): Records => ({
  async get(name, signal) {
    signal?.throwIfAborted();
    return db.get('records', name);
  },
  async put(name, value, signal) {
    signal?.throwIfAborted();
    const written = await writeStrictly(db, ['records'], (tx) =>
      tx.objectStore('records').put(ownBytes(value), name),
    );
    return written.ok;
  },
  async remove(name, signal) {
    signal?.throwIfAborted();
    const removed = await writeStrictly(db, ['records'], (tx) => tx.objectStore('records').delete(name));
    if (!removed.ok) throw new StorageRefused(removed.fault);
  },
  async names(prefix, signal) {
    signal?.throwIfAborted();
    return db.getAllKeys('records', IDBKeyRange.bound(prefix, `${prefix}\uffff`));
  },
});
