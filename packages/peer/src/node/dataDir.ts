/**
 * The folder of an always-on peer, and the lock that lets one process alone use it [W1]. The lock is an
 * SQLite file under an exclusive transaction: the system frees it when the process ends, however it ends,
 * so no stale lock has ever to be removed by hand.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StorageRefused } from '../storageRefused.ts';
import { makePrivateFile, refusalOf } from './sqliteFile.ts';

const LOCK = 'lock';
const ENDINGS = ['', '-wal', '-shm', '-journal'];

export interface DataDir {
  /** Path of a file of ours in it. */
  file(name: string): string;
  /** Deletes these database files and what SQLite put beside them. */
  erase(names: readonly string[]): void;
  release(): void;
}
/** Another process holds the folder. */
export class DataDirInUse extends Error {
  override readonly name = 'DataDirInUse';

  constructor(path: string) {
    super(`${path} is in use by another process. Stop that one, or give this one a folder of its own.`);
  }
}

/** Makes the folder if it is missing (0700) and locks it. Throws DataDirInUse or StorageRefused. */
export const openDataDir = (path: string): DataDir => {
  let lock: DatabaseSync;
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    makePrivateFile(join(path, LOCK));
    lock = new DatabaseSync(join(path, LOCK), { timeout: 0 });
  } catch (error) {
    throw new StorageRefused(error instanceof Error ? error.message : 'cannot open');
  }
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    const reason = refusalOf(error) ?? 'cannot lock';
    throw reason === 'busy' ? new DataDirInUse(path) : new StorageRefused(reason);
  }
  const erase = (names: readonly string[]): void => {
    for (const name of names)
      for (const ending of ENDINGS) rmSync(join(path, name + ending), { force: true });
  };
  return { file: (name) => join(path, name), erase, release: () => lock.close() };
};
