/**
 * Erasing what a browser keeps [S4]. A database's content goes first, in one strict transaction that no other tab can
 * hold up; the deletion is ordered behind it and happens, at the latest, when the last tab lets go.
 */
import { openDB } from 'idb';
import { WIPE_PATIENCE_MS, WIPE_WAIT_MS } from '../storageLimits.ts';

const nothing = (): void => undefined;

/** Empties every object store of a database. False: the disk refused. Makes none that is not there. */
const clearDatabase = async (name: string): Promise<boolean> => {
  let isThere = true;
  try {
    const db = await openDB(name, undefined, {
      upgrade(_fresh, _before, _now, making) {
        isThere = false;
        making.abort();
      },
    });
    try {
      const stores = [...db.objectStoreNames];
      if (stores.length === 0) return true;
      const tx = db.transaction(stores, 'readwrite', { durability: 'strict' });
      const isDone = tx.done.then(
        () => true,
        () => false,
      );
      // What one request says counts for nothing: the transaction's end does.
      for (const store of stores) tx.objectStore(store).clear().catch(nothing);
      return await isDone;
    } finally {
      db.close();
    }
  } catch {
    return !isThere;
  }
};

/** What came of `work`, or undefined after `ms` while it goes on by itself. */
const within = <T>(ms: number, work: Promise<T>): Promise<T | undefined> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(undefined), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });

/** Orders the deletion; resolves when it is done. Until then the order stands. */
const orderDeletion = (name: string): Promise<boolean> =>
  new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve(true);
    request.onerror = () => resolve(false);
  });

const emptied = async (name: string): Promise<boolean> =>
  (await within(WIPE_PATIENCE_MS, clearDatabase(name))) === true;
/** A deletion that another tab holds up is not waited for, unless the content is still there. */
const deletedAfter = async (name: string, isEmpty: boolean): Promise<boolean> => {
  const deleted = await within(isEmpty ? WIPE_WAIT_MS : WIPE_PATIENCE_MS, orderDeletion(name));
  return isEmpty || deleted === true;
};
/** Erases one database. True: nothing of its content is left. Never waits long for another tab. */
export const deleteDatabase = async (name: string): Promise<boolean> =>
  deletedAfter(name, await emptied(name));

/** The documents beside the main database: those this page has opened, and those the browser knows of. */
const docsOf = async (database: string, known: Iterable<string>): Promise<readonly string[]> => {
  const names = new Set(known);
  try {
    for (const { name } of await indexedDB.databases())
      if (name?.startsWith(`${database}/`) === true) names.add(name);
  } catch {
    // A browser that does not say: those that are known, then.
  }
  return [...names];
};

/** What an erasing left behind. `signing`: keys and records; without them the rest can't be read. */
export type Remains = 'signing' | 'book' | 'app' | 'choices';

/**
 * Erases the databases, keys and records first: from there on the documents are sealed for ever. `known`: documents
 * this page has opened itself. The answer is what the disk refused to give up.
 */
export const wipeDatabases = async (
  database: string,
  known: Iterable<string>,
): Promise<readonly Remains[]> => {
  const isEmpty = await emptied(database);
  const [signing, docs] = await Promise.all([
    deletedAfter(database, isEmpty),
    docsOf(database, known).then((names) => Promise.all(names.map(deleteDatabase))),
  ]);
  return [...(signing ? [] : ['signing' as const]), ...(docs.includes(false) ? ['book' as const] : [])];
};

/** Erases all caches of this origin; without a secure context there are none. True: none is left. */
export const deleteCaches = async (): Promise<boolean> => {
  try {
    await Promise.all((await caches.keys()).map((name) => caches.delete(name)));
    return (await caches.keys()).length === 0;
  } catch {
    return !('caches' in globalThis);
  }
};
