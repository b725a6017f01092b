/**
 * What follows from a book key [S1]. HKDF-SHA256 (salt "corridor/book-key/1") gives three values that say
 * nothing of each other: the encryption key, the nonce key, and the key id. The id goes in clear at the
 * front of every sealed value and commits to the key: nobody finds a second key for an id they have seen.
 */
import type { Sha256 } from '@corridor/ledger';
import { expand, extract } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Cipher, KeyedCipher } from './cipher.ts';
import { portableSha256 } from './hasher.ts';
import { BOOK_KEY_BYTES, KEY_ID_BYTES, NONCE_BYTES } from './storageLimits.ts';

const SALT = utf8ToBytes('corridor/book-key/1');
const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;

/** Derives `length` bytes for one purpose from a book key. Throws unless the key has 32 bytes. */
export const deriveFromBookKey = (raw: Uint8Array, purpose: string, length: number): Uint8Array => {
  if (raw.length !== BOOK_KEY_BYTES) throw new RangeError('a book key has 32 bytes');
  return expand(sha256, extract(sha256, raw, SALT), utf8ToBytes(purpose), length);
};

/** A book key made ready for sealing and opening. */
export interface BookKey {
  /** Hex of the 8 bytes at the front of all that this key sealed. */
  readonly id: string;
  readonly idBytes: Uint8Array;
  readonly cipher: KeyedCipher;
  /** The one nonce for this text: HMAC(nonce key, SHA-256(text)) cut to 96 bits. */
  nonceFor(text: Uint8Array): Uint8Array;
}

/** HMAC-SHA256 of 32-byte messages. The padded keys are laid out once, and each call is two short digests. */
const createDigestMac = (key: Uint8Array, digest: Sha256): Sha256 => {
  const inner = new Uint8Array(BLOCK_BYTES + DIGEST_BYTES).fill(0x36, 0, BLOCK_BYTES);
  const outer = new Uint8Array(BLOCK_BYTES + DIGEST_BYTES).fill(0x5c, 0, BLOCK_BYTES);
  key.forEach((byte, at) => {
    inner[at] = byte ^ 0x36;
    outer[at] = byte ^ 0x5c;
  });
  return (message) => {
    inner.set(message, BLOCK_BYTES);
    outer.set(digest(inner), BLOCK_BYTES);
    return digest(outer);
  };
};

/** Prepares a raw book key (32 bytes; throws on another length). `digest`: a faster SHA-256, where there is one. */
export const prepareBookKey = async (
  raw: Uint8Array,
  cipher: Cipher,
  digest: Sha256 = portableSha256,
): Promise<BookKey> => {
  const mac = createDigestMac(deriveFromBookKey(raw, 'nonce', DIGEST_BYTES), digest);
  const idBytes = deriveFromBookKey(raw, 'id', KEY_ID_BYTES);
  return {
    id: bytesToHex(idBytes),
    idBytes,
    cipher: await cipher.withKey(deriveFromBookKey(raw, 'encrypt', BOOK_KEY_BYTES)),
    nonceFor: (text) => mac(digest(text)).slice(0, NONCE_BYTES),
  };
};
