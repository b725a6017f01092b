/**
 * The app lock [S4]: a secret under a passphrase. The record says how it was made, so that the cost can
 * rise later without losing older records:
 *
 *   magic "CLK1" (4) ‖ memory KiB (u32) ‖ passes (u8) ‖ lanes (u8) ‖ salt (16) ‖ nonce (12) ‖ ciphertext ‖ tag
 *
 * All before the ciphertext is authenticated with it. Key: Argon2id of the passphrase (NFKC, UTF-8).
 */
import type { Result } from '@corridor/ledger';
import { fail, ok } from '@corridor/ledger';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { plainBytes } from './plainBytes.ts';
import {
  MAX_LOCKED_BYTES,
  MAX_LOCK_LANES,
  MAX_LOCK_MEMORY_KIB,
  MAX_LOCK_PASSES,
  NONCE_BYTES,
  TAG_BYTES,
} from './storageLimits.ts';

/** What guessing one passphrase costs. */
export interface LockCost {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly lanes: number;
}
/** 64 MiB, three passes: a fraction of a second on a phone. */
export const LOCK_COST: LockCost = { memoryKiB: 64 * 1024, passes: 3, lanes: 1 };
/** 'lock-unavailable': this device can't make the key now (memory, or its code is not there); nothing is known about the passphrase. */
export type UnlockFault = 'wrong-passphrase' | 'unreadable-record' | 'lock-unavailable';

const MAGIC = utf8ToBytes('CLK1');
const SALT_BYTES = 16;
const SALT_AT = MAGIC.length + 6;
const NONCE_AT = SALT_AT + SALT_BYTES;
const HEADER_BYTES = NONCE_AT + NONCE_BYTES;

const wrappingKey = async (passphrase: string, salt: Uint8Array, cost: LockCost): Promise<CryptoKey> => {
  const { argon2id } = await import('./argon2.ts');
  const raw = await argon2id({
    password: utf8ToBytes(passphrase.normalize('NFKC')),
    salt,
    memorySize: cost.memoryKiB,
    iterations: cost.passes,
    parallelism: cost.lanes,
    hashLength: 32,
    outputType: 'binary',
  });
  return crypto.subtle.importKey('raw', plainBytes(raw), 'AES-GCM', false, ['encrypt', 'decrypt']);
};

const parameters = (header: Uint8Array) => ({
  name: 'AES-GCM',
  iv: plainBytes(header.subarray(NONCE_AT)),
  additionalData: plainBytes(header),
});

/** The header's cost; undefined if this is no lock record, or one that asks for more than we grant. */
const readCost = (record: Uint8Array): LockCost | undefined => {
  if (record.length < HEADER_BYTES + TAG_BYTES) return undefined;
  if (record.length > HEADER_BYTES + MAX_LOCKED_BYTES + TAG_BYTES) return undefined;
  if (MAGIC.some((byte, at) => record[at] !== byte)) return undefined;
  const view = new DataView(record.buffer, record.byteOffset + MAGIC.length);
  const cost = { memoryKiB: view.getUint32(0), passes: view.getUint8(4), lanes: view.getUint8(5) };
  const fits =
    cost.lanes >= 1 &&
    cost.lanes <= MAX_LOCK_LANES &&
    cost.passes >= 1 &&
    cost.passes <= MAX_LOCK_PASSES &&
    cost.memoryKiB >= 8 * cost.lanes && // Argon2's own least
    cost.memoryKiB <= MAX_LOCK_MEMORY_KIB;
  return fits ? cost : undefined;
};

/** Locks a secret of up to {@link MAX_LOCKED_BYTES}. Throws RangeError on an empty passphrase or a longer secret. */
export const lockRecord = async (
  passphrase: string,
  secret: Uint8Array,
  cost: LockCost = LOCK_COST,
): Promise<Uint8Array> => {
  if (passphrase === '') throw new RangeError('an empty passphrase locks nothing');
  if (secret.length > MAX_LOCKED_BYTES) throw new RangeError(`${secret.length} bytes are too many to lock`);
  const header = new Uint8Array(HEADER_BYTES);
  header.set(MAGIC);
  const view = new DataView(header.buffer, MAGIC.length);
  view.setUint32(0, cost.memoryKiB);
  view.setUint8(4, cost.passes);
  view.setUint8(5, cost.lanes);
  crypto.getRandomValues(header.subarray(SALT_AT));
  const key = await wrappingKey(passphrase, header.subarray(SALT_AT, NONCE_AT), cost);
  const locked = await crypto.subtle.encrypt(parameters(header), key, plainBytes(secret));
  const record = new Uint8Array(HEADER_BYTES + locked.byteLength);
  record.set(header);
  record.set(new Uint8Array(locked), HEADER_BYTES);
  return record;
};

/** Unlocks a record. A wrong passphrase can't be told from a damaged ciphertext, and both are a value. */
export const unlockRecord = async (
  passphrase: string,
  record: Uint8Array,
): Promise<Result<Uint8Array, UnlockFault>> => {
  const cost = readCost(record);
  if (cost === undefined) return fail('unreadable-record');
  if (passphrase === '') return fail('wrong-passphrase');
  const header = record.slice(0, HEADER_BYTES);
  const key = await wrappingKey(passphrase, header.subarray(SALT_AT, NONCE_AT), cost).catch(() => undefined);
  if (key === undefined) return fail('lock-unavailable');
  return crypto.subtle.decrypt(parameters(header), key, plainBytes(record.slice(HEADER_BYTES))).then(
    (secret) => ok(new Uint8Array(secret)),
    () => fail('wrong-passphrase'),
  );
};
