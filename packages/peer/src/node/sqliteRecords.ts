import type { DatabaseSync } from 'node:sqlite';
import type { Records } from '../ports.ts';
import { StorageRefused } from '../storageRefused.ts';
import { transact } from './sqliteFile.ts';

export const RECORDS_SCHEMA =
  'CREATE TABLE IF NOT EXISTS records (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;';

/** Small named records in SQLite. */
export const createSqliteRecords = (db: DatabaseSync): Records => {
  const select = db.prepare('SELECT value FROM records WHERE name = ?');
  const upsert = db.prepare(
    'INSERT INTO records VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2',
  );
  const drop = db.prepare('DELETE FROM records WHERE name = ?');
  const list = db.prepare('SELECT name FROM records WHERE substr(name, 1, length(?1)) = ?1');
  return {
    async get(name, signal) {
      signal?.throwIfAborted();
      return select.get(name)?.['value'] as Uint8Array | undefined;
    },
    async put(name, value, signal) {
      signal?.throwIfAborted();
      return transact(db, () => upsert.run(name, value)).ok;
    },
    async remove(name, signal) {
      signal?.throwIfAborted();
      const removed = transact(db, () => drop.run(name));
      if (!removed.ok) throw new StorageRefused(removed.fault);
    },
    async names(prefix, signal) {
      signal?.throwIfAborted();
      // Sorted as JavaScript sorts, not as SQLite does: the same order on every store.
      return list
        .all(prefix)
        .map((row) => row['name'] as string)
        .toSorted();
    },
  };
};
