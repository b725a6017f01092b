/**
 * Documents in IndexedDB, in y-indexeddb's own format and read by its own loader. Its writer is not used:
 * it loses errors (quota, a closed database) without a word, and what we can't save we must say.
 */
import { openDB, unwrap, type IDBPDatabase } from 'idb';
import { fetchUpdates, type IndexeddbPersistence } from 'y-indexeddb';
import type * as Y from 'yjs';
import { applyStored, attachDoc, type DocDisk, type Stored } from '../docWriter.ts';
import type { AttachedDoc, DocShelf } from '../ports.ts';
import { StorageRefused } from '../storageRefused.ts';
import { deleteDatabase } from './wipe.ts';

const UPDATES = 'updates';
const CUSTOM = 'custom';
/** A write of its own to this key makes a strict transaction of an otherwise empty flush. */
const FLUSH_MARK = 'flushed';

/** What came from others waits so long for company: a strict flush right behind it would have to wait for its write. */
const GATHER_MS = 25;

const reasonOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');

const openDocDb = (name: string): Promise<IDBPDatabase> =>
  openDB(name, 1, {
    upgrade(fresh) {
      fresh.createObjectStore(UPDATES, { autoIncrement: true });
      fresh.createObjectStore(CUSTOM);
    },
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  });

/** Runs one transaction to its end; the answer is the reason it was refused. Its requests are never left alone. */
const transact = async (
  db: IDBPDatabase,
  durability: IDBTransactionDurability,
  work: (store: IDBObjectStore, custom: IDBObjectStore) => void,
): Promise<string | undefined> => {
  try {
    const tx = db.transaction([UPDATES, CUSTOM], 'readwrite', { durability });
    const end = tx.done.then(
      () => undefined,
      (error: unknown) => reasonOf(tx.error ?? error),
    );
    // Bare requests: their errors abort the transaction, and that is what we wait for.
    const plain = unwrap(tx);
    work(plain.objectStore(UPDATES), plain.objectStore(CUSTOM));
    return await end;
  } catch (error) {
    return reasonOf(error); // closed by a wipe
  }
};

/** The part of a persistence that the loader works on; made by hand, the writer never starts. */
type Loading = Pick<IndexeddbPersistence, 'db' | 'doc' | '_dbref' | '_dbsize' | '_destroyed'>;

const createDocDisk = (db: IDBPDatabase, doc: Y.Doc): DocDisk => {
  const loading: Loading = { db: unwrap(db), doc, _dbref: 0, _dbsize: 0, _destroyed: false };
  return {
    origin: loading,
    async load(): Promise<Stored> {
      try {
        await fetchUpdates(loading as IndexeddbPersistence);
        return { updates: loading._dbsize, trouble: undefined };
      } catch {
        // One damaged row stops that loader: take the rows one by one.
        return applyStored(doc, (await db.getAll(UPDATES)) as Uint8Array[], loading);
      }
    },
    gather: (task) => void setTimeout(task, GATHER_MS),
    append: (updates, strict) =>
      transact(db, strict ? 'strict' : 'relaxed', (store, custom) => {
        for (const update of updates) store.add(update);
        if (strict) custom.put(true, FLUSH_MARK);
      }),
    replace: (whole) =>
      transact(db, 'relaxed', (store) => {
        store.clear();
        store.add(whole);
      }),
    close: async () => db.close(),
  };
};

/** A document that lives in memory alone, because its database does not open. */
const unshelved: AttachedDoc = {
  flush: async () => false,
  forget: async () => false,
  close: async () => undefined,
};

/** Name of a document's database beside the main one. */
export const docDatabaseName = (database: string, name: string): string => `${database}/doc/${name}`;

/** Documents, each in a database of its own whose name begins with the main one's. */
export const createIdbShelf = (database: string): DocShelf => ({
  async attach(name, doc, onRefused, signal) {
    signal?.throwIfAborted();
    let db: IDBPDatabase;
    try {
      db = await openDocDb(docDatabaseName(database, name));
    } catch (error) {
      onRefused(reasonOf(error));
      return unshelved;
    }
    return attachDoc(doc, createDocDisk(db, doc), onRefused, signal);
  },
  async remove(name, signal) {
    signal?.throwIfAborted();
    if (!(await deleteDatabase(docDatabaseName(database, name)))) throw new StorageRefused('not erased');
  },
});
