/**
 * Blinded addresses at the relay [S3]: 16-byte HMAC tags that change daily. Members of a circle share a
 * secret, a newcomer at the door has only the circle's id from the invite; each has tags of its own, and
 * the relay can link neither to a circle nor to each other. Registered for yesterday, today and tomorrow,
 * so two clocks a day apart still meet.
 */
import type { Id } from '@corridor/ledger';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { deriveFromBookKey } from './sealingKey.ts';

const TAG_BYTES = 16;
const LAST_DAY = 2 ** 32 - 2;

const tagsOf = (key: Uint8Array, domain: string, day: number): readonly string[] => {
  if (!Number.isInteger(day) || day < 1 || day > LAST_DAY) throw new RangeError(`${day} is no day`);
  return [day - 1, day, day + 1].map((one) => {
    const number = new Uint8Array(4);
    new DataView(number.buffer).setUint32(0, one);
    return bytesToHex(hmac(sha256, key, concatBytes(utf8ToBytes(domain), number)).subarray(0, TAG_BYTES));
  });
};

/** Where members meet: hex tags of yesterday, today and tomorrow under a book key. `day`: days since 1970. */
export const memberTags = (bookKey: Uint8Array, day: number): readonly string[] =>
  tagsOf(deriveFromBookKey(bookKey, 'tag', 32), 'corridor/tag/member/1', day);

/** Where a newcomer knocks: hex tags of yesterday, today and tomorrow under the circle's id. */
export const doorTags = (circle: Id, day: number): readonly string[] =>
  tagsOf(hexToBytes(circle), 'corridor/tag/door/1', day);
