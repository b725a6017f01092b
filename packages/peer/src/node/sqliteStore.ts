import type { DatabaseSync } from 'node:sqlite';
import type { Store } from '../ports.ts';
import { StorageRefused } from '../storageRefused.ts';
import { openDataDir } from './dataDir.ts';
import { createSqliteDocs, DOCS_SCHEMA } from './sqliteDocs.ts';
import { openSqlite, refusalOf } from './sqliteFile.ts';
import { createSqliteJournal, JOURNAL_SCHEMA } from './sqliteJournal.ts';
import { createSqliteKeys, KEYS_SCHEMA } from './sqliteKeys.ts';
import { createSqliteRecords, RECORDS_SCHEMA } from './sqliteRecords.ts';

/** Keys, journal and records: one file, so that one commit covers what belongs together [W1]. */
const MAIN = 'corridor.db';
const DOCS = 'docs.db';

/**
 * The store of an always-on peer, in a folder of its own. Throws DataDirInUse when another process has it,
 * StorageRefused when the disk does not let us.
 */
export const openSqliteStore = (path: string): Store => {
  const dir = openDataDir(path);
  const open: DatabaseSync[] = [];
  try {
    const main = openSqlite(dir.file(MAIN), 'FULL', KEYS_SCHEMA + JOURNAL_SCHEMA + RECORDS_SCHEMA);
    open.push(main);
    const docs = openSqlite(dir.file(DOCS), 'NORMAL', DOCS_SCHEMA);
    open.push(docs);
    const close = (): void => {
      for (const db of open) if (db.isOpen) db.close();
    };
    return {
      keys: createSqliteKeys(main),
      journal: createSqliteJournal(main),
      records: createSqliteRecords(main),
      docs: createSqliteDocs(docs),
      async wipe() {
        close();
        dir.erase([MAIN, DOCS]);
        dir.release();
        dir.erase(['lock']);
      },
      async close() {
        close();
        dir.release();
      },
    };
  } catch (error) {
    for (const db of open) db.close();
    dir.release();
    const reason = refusalOf(error);
    throw reason === undefined ? error : new StorageRefused(reason);
  }
};
