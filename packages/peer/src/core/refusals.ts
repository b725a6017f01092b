/** A disk that refused, told from a broken invariant: the first is a value, the second goes on. */
import { StorageRefused } from '../storageRefused.ts';

export async function orRefused<T, R>(work: Promise<T>, refused: (reason: string) => R): Promise<T | R> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof StorageRefused) return refused(error.reason);
    throw error;
  }
}
