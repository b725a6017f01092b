/**
 * For engines without Ed25519 or X25519 handles: the secret is made in JavaScript and kept sealed
 * (AES-GCM, bound to its name and purpose) under a non-extractable key of the same database. A script on
 * our origin could open it for as long as it runs; what lies on the disk alone is no use elsewhere [S4].
 */
import { concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { plainBytes } from '../plainBytes.ts';
import { NONCE_BYTES } from '../storageLimits.ts';
import { StorageRefused } from '../storageRefused.ts';
import { writeStrictly, type CorridorDb, type KeyPurpose, type KeyRow } from './idbDatabase.ts';

type WrappedRow = Extract<KeyRow, { form: 'wrapped' }>;

const NAME = 'wrapping';

/** The wrapping key of this database; the first one that is kept stays. */
const wrappingKey = async (db: CorridorDb): Promise<CryptoKey> => {
  const kept = await db.get('wrapping', NAME);
  if (kept !== undefined) return kept;
  const fresh = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ]);
  const winner = await writeStrictly(db, ['wrapping'], async (tx) => {
    const store = tx.objectStore('wrapping');
    const other = await store.get(NAME);
    if (other !== undefined) return other;
    await store.put(fresh, NAME);
    return fresh;
  });
  if (!winner.ok) throw new StorageRefused(winner.fault);
  return winner.value;
};

const parameters = (name: string, purpose: KeyPurpose, nonce: Uint8Array) => ({
  name: 'AES-GCM',
  iv: plainBytes(nonce),
  additionalData: plainBytes(concatBytes(utf8ToBytes(`corridor/wrapped/${purpose}/1`), hexToBytes(name))),
});

/** Seals a secret for its row. Throws StorageRefused if the wrapping key can't be kept. */
export const wrapSecret = async (
  db: CorridorDb,
  name: string,
  purpose: KeyPurpose,
  secret: Uint8Array,
): Promise<WrappedRow> => {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const key = await wrappingKey(db);
  const sealed = await crypto.subtle.encrypt(parameters(name, purpose, nonce), key, plainBytes(secret));
  return { form: 'wrapped', purpose, nonce, sealed: new Uint8Array(sealed) };
};

/** Opens a row's secret; the caller overwrites it after use. Rejects if the row was changed. */
export const unwrapSecret = async (db: CorridorDb, name: string, row: WrappedRow): Promise<Uint8Array> => {
  const key = await wrappingKey(db);
  return new Uint8Array(
    await crypto.subtle.decrypt(parameters(name, row.purpose, row.nonce), key, plainBytes(row.sealed)),
  );
};
