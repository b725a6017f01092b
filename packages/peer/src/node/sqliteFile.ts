/** What all our SQLite files have in common: private files, named refusals, transactions that end. */
import { chmodSync, closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Result } from '@corridor/ledger';
import { fail, ok } from '@corridor/ledger';

/** SQLite's own error numbers for a disk that does not take the write (primary codes). */
const REFUSALS = new Map<number, string>([
  [5, 'busy'],
  [6, 'locked'],
  [8, 'read-only'],
  [10, 'input-output error'],
  [11, 'damaged'],
  [13, 'disk full'],
  [14, 'cannot open'],
  [26, 'not a database'],
]);
const BUSY_MS = 50;

/** The reason, if this error is a disk's refusal; undefined if it is a fault of ours. */
export const refusalOf = (error: unknown): string | undefined => {
  if (!(error instanceof Error)) return undefined;
  // A closed database: the store was closed or wiped under a writer.
  if ('code' in error && error.code === 'ERR_INVALID_STATE') return 'closed';
  if (!('errcode' in error) || typeof error.errcode !== 'number') return undefined;
  return REFUSALS.get(error.errcode & 0xff);
};

/**
 * Makes an empty file that only this user can read, unless it exists. Never opens one that does: POSIX drops
 * all of a process's locks on a file when it closes any descriptor of it, those that SQLite holds included.
 */
export const makePrivateFile = (path: string): void => {
  try {
    closeSync(openSync(path, 'ax', 0o600));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  chmodSync(path, 0o600);
};

/** Opens a database file that only this user can read; its journal files inherit that. */
export const openSqlite = (path: string, synchronous: 'FULL' | 'NORMAL', schema: string): DatabaseSync => {
  makePrivateFile(path);
  const db = new DatabaseSync(path, { timeout: BUSY_MS });
  db.exec(
    `PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}; PRAGMA secure_delete = ON; ${schema}`,
  );
  return db;
};

/** One transaction: all of `work` or nothing. A refusal of the disk is a value; a fault of ours is thrown on. */
export const transact = <T>(db: DatabaseSync, work: () => T): Result<T, string> => {
  try {
    db.exec('BEGIN IMMEDIATE');
    const value = work();
    db.exec('COMMIT');
    return ok(value);
  } catch (error) {
    if (db.isOpen && db.isTransaction) db.exec('ROLLBACK');
    const refused = refusalOf(error);
    if (refused === undefined) throw error;
    return fail(refused);
  }
};
