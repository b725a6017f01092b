/**
 * The second way to unlock [S4]: a secret under what a passkey computes. WebAuthn's PRF gives 32 bytes that only this
 * passkey makes of this question, after the authenticator has looked at its owner:
 *
 *   magic "CPK1" (4) ‖ salt (32) ‖ nonce (12) ‖ ciphertext ‖ tag
 *
 * All before the ciphertext is authenticated with it. Key: HKDF-SHA-256 of those bytes.
 */
import type { Result } from '@corridor/ledger';
import { fail, ok } from '@corridor/ledger';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { plainBytes } from './plainBytes.ts';
import { MAX_LOCKED_BYTES, NONCE_BYTES, PRF_BYTES, PRF_SALT_BYTES, TAG_BYTES } from './storageLimits.ts';

/** Another passkey's bytes can't be told from a damaged record, and both are this. */
export type PrfFault = 'wrong-passkey';

const MAGIC = utf8ToBytes('CPK1');
const PURPOSE = utf8ToBytes('corridor/lock/passkey/1');
const NONCE_AT = MAGIC.length + PRF_SALT_BYTES;
const HEADER_BYTES = NONCE_AT + NONCE_BYTES;

const wrappingKey = async (prf: Uint8Array, header: Uint8Array): Promise<CryptoKey> => {
  const material = await crypto.subtle.importKey('raw', plainBytes(prf), 'HKDF', false, ['deriveKey']);
  const salt = plainBytes(header.slice(MAGIC.length, NONCE_AT));
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt, info: PURPOSE },
    material,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  );
};
const parameters = (header: Uint8Array) => ({
  name: 'AES-GCM',
  iv: plainBytes(header.slice(NONCE_AT)),
  additionalData: plainBytes(header),
});

/** Locks a secret under a passkey's bytes. Throws RangeError unless there are {@link PRF_BYTES} of them. */
export const lockByPrf = async (prf: Uint8Array, secret: Uint8Array): Promise<Uint8Array> => {
  if (prf.length !== PRF_BYTES) throw new RangeError(`a passkey's answer has ${PRF_BYTES} bytes`);
  if (secret.length > MAX_LOCKED_BYTES) throw new RangeError(`${secret.length} bytes are too many to lock`);
  const header = new Uint8Array(HEADER_BYTES);
  header.set(MAGIC);
  crypto.getRandomValues(header.subarray(MAGIC.length));
  const key = await wrappingKey(prf, header);
  const locked = await crypto.subtle.encrypt(parameters(header), key, plainBytes(secret));
  const record = new Uint8Array(HEADER_BYTES + locked.byteLength);
  record.set(header);
  record.set(new Uint8Array(locked), HEADER_BYTES);
  return record;
};

/** Opens what {@link lockByPrf} locked. Total. */
export const unlockByPrf = async (
  prf: Uint8Array,
  record: Uint8Array,
): Promise<Result<Uint8Array, PrfFault>> => {
  const header = record.slice(0, HEADER_BYTES);
  const isRecord =
    record.length >= HEADER_BYTES + TAG_BYTES &&
    record.length <= HEADER_BYTES + MAX_LOCKED_BYTES + TAG_BYTES &&
    MAGIC.every((byte, at) => header[at] === byte);
  if (!isRecord || prf.length !== PRF_BYTES) return fail('wrong-passkey');
  const key = await wrappingKey(prf, header);
  return crypto.subtle.decrypt(parameters(header), key, plainBytes(record.slice(HEADER_BYTES))).then(
    (secret) => ok(new Uint8Array(secret)),
    () => fail('wrong-passkey'),
  );
};
