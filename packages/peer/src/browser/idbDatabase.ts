/**
 * The one database of a browser: keys, journal and records together, so that a signature and the key that
 * made it can't get out of step [W1]. Documents have databases of their own beside it.
 */
import type { Result } from '@corridor/ledger';
import { fail, ok } from '@corridor/ledger';
import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction, type StoreNames } from 'idb';
import type { ChainHead } from '../journalRows.ts';
import type { JournalRow } from '../ports.ts';
import { StorageRefused } from '../storageRefused.ts';

/** A key: as a handle that the engine never opens, or sealed under such a handle where it can't keep this kind. */
export type KeyRow =
  | {
      readonly form: 'native';
      readonly purpose: KeyPurpose;
      readonly private: CryptoKey;
      readonly public: CryptoKey;
    }
  | {
      readonly form: 'wrapped';
      readonly purpose: KeyPurpose;
      readonly nonce: Uint8Array<ArrayBuffer>;
      readonly sealed: Uint8Array<ArrayBuffer>;
    };
export type KeyPurpose = 'device' | 'witness' | 'sealing';

export interface CorridorSchema extends DBSchema {
  /** By public key (hex). */
  keys: { key: string; value: KeyRow };
  /** The one key that wraps others. */
  wrapping: { key: 'wrapping'; value: CryptoKey };
  heads: { key: string; value: ChainHead };
  rows: { key: [chain: string, seq: number]; value: JournalRow };
  records: { key: string; value: Uint8Array };
}
export type CorridorDb = IDBPDatabase<CorridorSchema>;
type Names = StoreNames<CorridorSchema>;
type Writing<N extends Names> = IDBPTransaction<CorridorSchema, N[], 'readwrite'>;

const reasonOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');

/** Opens (or makes) the database. Throws StorageRefused where the browser gives no storage. */
export const openCorridorDb = async (name: string): Promise<CorridorDb> => {
  try {
    const db = await openDB<CorridorSchema>(name, 1, {
      upgrade(fresh) {
        fresh.createObjectStore('keys');
        fresh.createObjectStore('wrapping');
        fresh.createObjectStore('heads');
        fresh.createObjectStore('rows');
        fresh.createObjectStore('records');
      },
      // Another tab wipes: let go at once, later writes are refused.
      blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
    });
    return db;
  } catch (error) {
    throw new StorageRefused(reasonOf(error));
  }
};

/**
 * One strict transaction: `work` asks and writes, and the result counts only once the disk has it [P6].
 * A refusal (quota, closed, aborted) is a value and leaves nothing behind; a fault of ours in `work`
 * aborts the transaction and is thrown on.
 */
export const writeStrictly = async <const N extends Names, T>(
  db: CorridorDb,
  stores: N[],
  work: (tx: Writing<N>) => Promise<T>,
): Promise<Result<T, string>> => {
  let tx: Writing<N>;
  try {
    tx = db.transaction(stores, 'readwrite', { durability: 'strict' });
  } catch (error) {
    return fail(reasonOf(error));
  }
  // Asked for at once, so that an abort is never an unhandled rejection.
  const end = tx.done.then(
    () => undefined,
    (error: unknown) => reasonOf(tx.error ?? error),
  );
  try {
    const value = await work(tx);
    const refused = await end;
    return refused === undefined ? ok(value) : fail(refused);
  } catch (error) {
    try {
      tx.abort();
    } catch {
      // It has ended by itself already.
    }
    const refused = await end;
    if (error instanceof DOMException) return fail(refused ?? reasonOf(error));
    throw error;
  }
};
