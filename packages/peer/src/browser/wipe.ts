/**
 * One gesture erases [S4]. A database that another tab still holds can't be deleted at once, so its
 * content goes first and the deletion, already ordered, happens when that tab lets go.
 */
import { openDB } from 'idb';
import { WIPE_WAIT_MS } from '../storageLimits.ts';

/** Empties every object store of a database in one strict transaction. Does nothing if it can't be opened. */
const clearDatabase = async (name: string): Promise<void> => {
  try {
    const db = await openDB(name);
    const stores = [...db.objectStoreNames];
    if (stores.length > 0) {
      const tx = db.transaction(stores, 'readwrite', { durability: 'strict' });
      await Promise.all([...stores.map((store) => tx.objectStore(store).clear()), tx.done]);
    }
    db.close();
  } catch {
    // Damaged or being deleted already: deleting is what follows.
  }
};

/** Resolves with `work`, or after {@link WIPE_WAIT_MS} while it goes on by itself. */
const awhile = (work: Promise<void>): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, WIPE_WAIT_MS);
    void work.finally(() => {
      clearTimeout(timer);
      resolve();
    });
  });

/** Orders the deletion; resolves when it is done. Until then the order stands. */
const orderDeletion = (name: string): Promise<void> =>
  new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => resolve();
  });

/** Erases one database: content first, then the database itself. Never waits long for another tab. */
export const deleteDatabase = async (name: string): Promise<void> => {
  await awhile(clearDatabase(name));
  await awhile(orderDeletion(name));
};

/** Erases all caches of this origin; without a secure context there are none. */
const deleteCaches = async (): Promise<void> => {
  try {
    const names = await caches.keys();
    await Promise.all(names.map((name) => caches.delete(name)));
  } catch {
    // No cache storage here, so nothing in it.
  }
};

/** Names of the main database and of all that were made beside it. */
const databasesOf = async (database: string, known: Iterable<string>): Promise<readonly string[]> => {
  const listed = await indexedDB.databases().catch(() => []);
  const names = new Set([database, ...known]);
  for (const { name } of listed)
    if (name !== undefined && (name === database || name.startsWith(`${database}/`))) names.add(name);
  return [...names];
};

/** Erases the databases and every cache of this origin. `known`: databases this page has opened itself. */
export const wipeDatabases = async (database: string, known: Iterable<string>): Promise<void> => {
  const names = await databasesOf(database, known);
  await Promise.all([...names.map(deleteDatabase), deleteCaches()]);
};

/** What only a window can erase: local and session storage, and the service worker with what it would bring back. */
export const wipeWindow = async (): Promise<void> => {
  localStorage.clear();
  sessionStorage.clear();
  const registrations = await navigator.serviceWorker.getRegistrations();
  await Promise.all(registrations.map((one) => one.unregister()));
};
