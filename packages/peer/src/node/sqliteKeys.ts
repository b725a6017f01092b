/**
 * The key ring of an always-on peer. A machine that must start by itself after a power cut has nobody to
 * ask for a passphrase and no key store that only this program can open: the secrets lie in the database
 * as PKCS8, guarded by the file's permissions (0600) alone. Whoever can read that file is this device [S4].
 */
import { createPrivateKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { PublicKey, Signature } from '@corridor/ledger';
import { toHex } from '@corridor/ledger';
import { nativeOpen } from '../hpke.ts';
import type { KeyRing } from '../ports.ts';
import { plainBytes } from '../plainBytes.ts';
import { StorageRefused } from '../storageRefused.ts';
import { transact } from './sqliteFile.ts';

export const KEYS_SCHEMA =
  'CREATE TABLE IF NOT EXISTS keys (name TEXT PRIMARY KEY, purpose TEXT NOT NULL, pkcs8 BLOB NOT NULL) WITHOUT ROWID;';

type Purpose = 'device' | 'witness' | 'sealing';
interface Pair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const rawPublicKey = (key: KeyObject): Uint8Array =>
  new Uint8Array(Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url'));

const toPair = async (name: string, pkcs8: Uint8Array): Promise<CryptoKeyPair> => ({
  privateKey: await crypto.subtle.importKey('pkcs8', plainBytes(pkcs8), 'X25519', false, ['deriveBits']),
  publicKey: await crypto.subtle.importKey(
    'raw',
    new Uint8Array(Buffer.from(name, 'hex')),
    'X25519',
    true,
    [],
  ),
});

/** The key ring in SQLite. */
export const createSqliteKeys = (db: DatabaseSync): KeyRing => {
  const insert = db.prepare('INSERT INTO keys VALUES (?, ?, ?)');
  const select = db.prepare('SELECT purpose, pkcs8 FROM keys WHERE name = ?');
  const erase = db.prepare(
    "DELETE FROM keys WHERE purpose = 'witness' AND name IN (SELECT value FROM json_each(?))",
  );
  const witnesses = db.prepare("SELECT name FROM keys WHERE purpose = 'witness'");
  const signing = new Map<string, KeyObject>();

  const keep = ({ publicKey, privateKey }: Pair, purpose: Purpose): PublicKey => {
    const name = toHex(rawPublicKey(publicKey)) as PublicKey;
    const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
    const written = transact(db, () => insert.run(name, purpose, pkcs8));
    if (!written.ok) throw new StorageRefused(written.fault);
    return name;
  };
  const secretOf = (name: string, sealing: boolean): Uint8Array | undefined => {
    const row = select.get(name);
    if (row === undefined || (row['purpose'] === 'sealing') !== sealing) return undefined;
    return row['pkcs8'] as Uint8Array;
  };
  const signingKey = (name: string): KeyObject | undefined => {
    const known = signing.get(name);
    if (known !== undefined) return known;
    const pkcs8 = secretOf(name, false);
    if (pkcs8 === undefined) return undefined;
    const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
    signing.set(name, key);
    return key;
  };

  return {
    async create(purpose, signal) {
      signal?.throwIfAborted();
      return keep(generateKeyPairSync('ed25519'), purpose);
    },
    async witnessKeys(signal) {
      signal?.throwIfAborted();
      return witnesses.all().map((row) => row['name'] as PublicKey);
    },
    async eraseWitnessKeys(these, signal) {
      signal?.throwIfAborted();
      const names = JSON.stringify([...these]);
      const erased = transact(db, () => erase.run(names));
      // A handle of what is gone must not sign on.
      if (erased.ok) signing.clear();
      return erased.ok;
    },
    async createSealing(signal) {
      signal?.throwIfAborted();
      return keep(generateKeyPairSync('x25519'), 'sealing');
    },
    async sign(name, message, signal) {
      signal?.throwIfAborted();
      const key = signingKey(name);
      return key === undefined ? undefined : (toHex(sign(null, message, key)) as Signature);
    },
    async unseal(name, sealed, info, signal) {
      signal?.throwIfAborted();
      const pkcs8 = secretOf(name, true);
      return pkcs8 === undefined ? undefined : nativeOpen(await toPair(name, pkcs8), sealed, info);
    },
  };
};
