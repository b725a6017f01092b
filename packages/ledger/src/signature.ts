/**
 * The one rule for signatures [E5]: Ed25519 as ZIP215 reads it, decided by `@noble/ed25519`.
 *
 * - A and R may be any encoding that decompresses, y ≥ p and "minus zero" included;
 * - 0 ≤ S < L, with no exception;
 * - [8][S]B = [8]R + [8][k]A, k hashed over the bytes as they came.
 *
 * It is slow (about 3 ms). Where many signatures wait, a shell asks a faster engine first and this last.
 */
import { getPublicKey, hashes, Point, sign, verify } from '@noble/ed25519';
import { sha512 } from '@noble/hashes/sha2.js';
import { fromHex, toHex } from './bytes.ts';
import type { DeviceKey, PublicKey, Signature } from './ids.ts';

export const SEED_BYTES = 32;
export const KEY_BYTES = 32;
export const SIGNATURE_BYTES = 64;

// The library's synchronous calls look their hash up in this slot and have no other way to be given one.
hashes.sha512 = sha512;

const hexOfLength = (hex: string, length: number): Uint8Array | undefined => {
  const bytes = fromHex(hex);
  return bytes?.length === length ? bytes : undefined;
};

/** Whether `signature` (hex) fits `message` under `key` (hex) by E5. Total: anything malformed is false. */
export const referenceVerify = (
  key: PublicKey | DeviceKey,
  message: Uint8Array,
  signature: Signature,
): boolean => {
  const keyBytes = hexOfLength(key, KEY_BYTES);
  const signatureBytes = hexOfLength(signature, SIGNATURE_BYTES);
  if (keyBytes === undefined || signatureBytes === undefined) return false;
  return verify(signatureBytes, message, keyBytes, { zip215: true });
};

/**
 * Whether a key (hex) is canonically encoded, on the curve and of prime order [E5]. Asked once, where a
 * key is admitted: under a key of small order one all-zero signature would fit any message.
 */
export const isOrdinaryKey = (key: PublicKey | DeviceKey): boolean => {
  const bytes = hexOfLength(key, KEY_BYTES);
  if (bytes === undefined) return false;
  try {
    const point = Point.fromBytes(bytes, false);
    return !point.isSmallOrder() && point.isTorsionFree();
  } catch {
    return false; // the library's way to say: not canonical, or not on the curve
  }
};

/** Public key of an RFC 8032 seed. Throws unless the seed has {@link SEED_BYTES} bytes. */
export const publicKeyOfSeed = (seed: Uint8Array): PublicKey => toHex(getPublicKey(seed)) as PublicKey;

/** RFC 8032 signature with a seed, for keys that live in memory (invites, tests). Throws on a bad seed. */
export const signWithSeed = (seed: Uint8Array, message: Uint8Array): Signature =>
  toHex(sign(message, seed)) as Signature;
