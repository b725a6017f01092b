import type { DatabaseSync } from 'node:sqlite';
import { applyStored, attachDoc, type DocDisk } from '../docWriter.ts';
import type { DocShelf } from '../ports.ts';
import { StorageRefused } from '../storageRefused.ts';
import { transact } from './sqliteFile.ts';

export const DOCS_SCHEMA = `
  CREATE TABLE IF NOT EXISTS updates (n INTEGER PRIMARY KEY AUTOINCREMENT, doc TEXT NOT NULL, bytes BLOB NOT NULL);
  CREATE INDEX IF NOT EXISTS updates_of ON updates (doc, n);
  CREATE TABLE IF NOT EXISTS flushes (doc TEXT PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID;`;

/**
 * Yjs documents as rows of updates. A file of its own with synchronous = NORMAL: documents never decide
 * what we claim to have saved, and so need not wait for the disk at every change.
 */
export const createSqliteDocs = (db: DatabaseSync): DocShelf => {
  const insert = db.prepare('INSERT INTO updates (doc, bytes) VALUES (?, ?)');
  const select = db.prepare('SELECT bytes FROM updates WHERE doc = ? ORDER BY n');
  const drop = db.prepare('DELETE FROM updates WHERE doc = ?');
  const mark = db.prepare('INSERT INTO flushes VALUES (?, 1) ON CONFLICT (doc) DO UPDATE SET n = n + 1');

  const refusal = (work: () => void): string | undefined => {
    const written = transact(db, work);
    return written.ok ? undefined : written.fault;
  };
  /** With FULL the commit waits for the whole log file, so for all commits before it as well. */
  const strictly = (work: () => void): string | undefined => {
    db.exec('PRAGMA synchronous = FULL');
    const reason = refusal(work);
    db.exec('PRAGMA synchronous = NORMAL');
    return reason;
  };

  const createDocDisk = (name: string): DocDisk => {
    const origin = {};
    return {
      origin,
      load: async (doc) =>
        applyStored(
          doc,
          select.all(name).map((row) => row['bytes'] as Uint8Array),
          origin,
        ),
      async append(updates, strict) {
        if (!db.isOpen) return 'closed';
        const work = (): void => {
          for (const update of updates) insert.run(name, update);
          if (strict) mark.run(name);
        };
        return strict ? strictly(work) : refusal(work);
      },
      async replace(whole) {
        if (!db.isOpen) return 'closed';
        return refusal(() => {
          drop.run(name);
          insert.run(name, whole);
        });
      },
      close: async () => undefined,
    };
  };

  return {
    async attach(name, doc, onRefused, signal) {
      signal?.throwIfAborted();
      return attachDoc(doc, createDocDisk(name), onRefused, signal);
    },
    async remove(name, signal) {
      signal?.throwIfAborted();
      const reason = refusal(() => drop.run(name));
      if (reason !== undefined) throw new StorageRefused(reason);
    },
  };
};
