import type { DocShelf, Store } from '../ports.ts';
import { createIdbShelf, docDatabaseName } from './docShelf.ts';
import { openCorridorDb } from './idbDatabase.ts';
import { createIdbJournal } from './idbJournal.ts';
import { createIdbKeys } from './idbKeys.ts';
import { createIdbRecords } from './idbRecords.ts';
import { detectKeyFeatures, type KeyFeatures } from './nativeKeys.ts';
import { StorageRefused } from '../storageRefused.ts';
import { deleteCaches, wipeDatabases } from './wipe.ts';

export interface IdbStoreOptions {
  /** Name of the main database; documents stand beside it as `${database}/doc/…`. */
  readonly database?: string;
  /** Which keys the engine can hold as handles; asked of the engine when absent. */
  readonly features?: KeyFeatures;
}

/** The store of a browser, in IndexedDB. Throws StorageRefused where the browser gives none. */
export const openIdbStore = async ({
  database = 'corridor',
  features,
}: IdbStoreOptions = {}): Promise<Store> => {
  const db = await openCorridorDb(database);
  const shelf = createIdbShelf(database);
  const opened = new Set<string>();
  const docs: DocShelf = {
    attach(name, doc, onRefused, signal) {
      opened.add(docDatabaseName(database, name));
      return shelf.attach(name, doc, onRefused, signal);
    },
    remove: (name, signal) => shelf.remove(name, signal),
  };
  return {
    keys: createIdbKeys(db, features ?? (await detectKeyFeatures())),
    journal: createIdbJournal(db),
    records: createIdbRecords(db),
    docs,
    async wipe() {
      db.close();
      const [remains] = await Promise.all([wipeDatabases(database, opened), deleteCaches()]);
      if (remains.length > 0) throw new StorageRefused(`not erased: ${remains.join(', ')}`);
    },
    async close() {
      db.close();
    },
  };
};
