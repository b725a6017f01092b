import type { DatabaseSync } from 'node:sqlite';
import type { Id, Signature } from '@corridor/ledger';
import { headAfter, type ChainHead } from '../journalRows.ts';
import type { Journal, JournalOutcome, JournalRow } from '../ports.ts';
import { StorageRefused } from '../storageRefused.ts';
import { transact } from './sqliteFile.ts';

export const JOURNAL_SCHEMA = `
  CREATE TABLE IF NOT EXISTS heads (chain TEXT PRIMARY KEY, seq INTEGER NOT NULL, id TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS rows (
    chain TEXT NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL, bytes BLOB NOT NULL, signature TEXT NOT NULL,
    PRIMARY KEY (chain, seq)) WITHOUT ROWID;`;

const toHead = (row: Record<string, unknown> | undefined): ChainHead | undefined =>
  row === undefined ? undefined : { seq: row['seq'] as number, id: row['id'] as Id };

const toRow = (row: Record<string, unknown>): JournalRow => ({
  chain: row['chain'] as string,
  seq: row['seq'] as number,
  id: row['id'] as Id,
  bytes: row['bytes'] as Uint8Array,
  // '': none of its own.
  signature: row['signature'] === '' ? null : (row['signature'] as Signature),
});

/** The journal in SQLite; the database runs with synchronous = FULL, so a commit has reached the disk [P6]. */
export const createSqliteJournal = (db: DatabaseSync): Journal => {
  const selectHead = db.prepare('SELECT seq, id FROM heads WHERE chain = ?');
  const upsertHead = db.prepare(
    'INSERT INTO heads VALUES (?1, ?2, ?3) ON CONFLICT (chain) DO UPDATE SET seq = ?2, id = ?3',
  );
  const insertRow = db.prepare('INSERT INTO rows VALUES (?, ?, ?, ?, ?)');
  const selectRows = db.prepare('SELECT * FROM rows WHERE chain = ? AND seq >= ? ORDER BY seq');
  const deleteRows = db.prepare('DELETE FROM rows WHERE chain = ? AND seq < ?');
  return {
    async append(chain, expectedHead, rows, signal): Promise<JournalOutcome> {
      signal?.throwIfAborted();
      const written = transact(db, (): JournalOutcome => {
        const before = toHead(selectHead.get(chain));
        if (before?.id !== expectedHead) return 'stale-head';
        const after = headAfter(chain, before, rows);
        if (after === undefined) return 'kept';
        for (const row of rows) insertRow.run(chain, row.seq, row.id, row.bytes, row.signature ?? '');
        upsertHead.run(chain, after.seq, after.id);
        return 'kept';
      });
      return written.ok ? written.value : 'refused';
    },
    async head(chain, signal) {
      signal?.throwIfAborted();
      return toHead(selectHead.get(chain));
    },
    async rows(chain, fromSeq, signal) {
      signal?.throwIfAborted();
      return selectRows.all(chain, fromSeq).map(toRow);
    },
    async trim(chain, belowSeq, signal) {
      signal?.throwIfAborted();
      const trimmed = transact(db, () => deleteRows.run(chain, belowSeq));
      if (!trimmed.ok) throw new StorageRefused(trimmed.fault);
    },
  };
};
