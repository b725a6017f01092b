/** The book's keys of all epochs, ready for use [S1]: grown, never shrunk, so that whoever holds the ring sees new ones. */
import type { Sha256 } from '@corridor/ledger';
import { hexToBytes } from '@noble/hashes/utils.js';
import type { Cipher } from '../cipher.ts';
import type { BookKeys } from '../sealing.ts';
import { prepareBookKey, type BookKey } from '../sealingKey.ts';
import type { CircleRecord } from './circleRecord.ts';

export interface BookRing {
  readonly keys: BookKeys;
  /** The key that seals now. */
  newest(): BookKey;
  /** Adds the keys that are not in it yet; the last of them seals from now on. */
  add(keys: CircleRecord['bookKeys']): Promise<void>;
}
export async function createBookRing(
  first: CircleRecord['bookKeys'],
  cipher: Cipher,
  sha256: Sha256,
): Promise<BookRing> {
  const keys = new Map<string, BookKey>();
  let newest: BookKey | undefined;
  const add: BookRing['add'] = async (more) => {
    for (const { key } of more) {
      newest = await prepareBookKey(hexToBytes(key), cipher, sha256);
      keys.set(newest.id, newest);
    }
  };
  await add(first);
  return {
    keys,
    add,
    newest() {
      if (newest === undefined) throw new Error('a circle is opened with its book key');
      return newest;
    },
  };
}
