/** The key ring of a browser: handles where the engine has them, wrapped secrets where it has not [S4]. */
import type { PublicKey } from '@corridor/ledger';
import { publicKeyOfSeed, signWithSeed } from '@corridor/ledger';
import { bytesToHex } from '@noble/hashes/utils.js';
import { nativeOpen } from '../hpke.ts';
import type { KeyRing } from '../ports.ts';
import { StorageRefused } from '../storageRefused.ts';
import { writeStrictly, type CorridorDb, type KeyPurpose, type KeyRow } from './idbDatabase.ts';
import {
  generateSealingPair,
  generateSigningPair,
  nameOfPair,
  signNatively,
  type KeyFeatures,
} from './nativeKeys.ts';
import { unwrapSecret, wrapSecret } from './wrappedKeys.ts';

const SECRET_BYTES = 32;

/** A key ring over the database; `features` says which kinds the engine can keep as handles. */
export const createIdbKeys = (db: CorridorDb, features: KeyFeatures): KeyRing => {
  const known = new Map<string, KeyRow>();

  const rowOf = async (name: string): Promise<KeyRow | undefined> => {
    const row = known.get(name) ?? (await db.get('keys', name));
    if (row !== undefined) known.set(name, row);
    return row;
  };
  const keep = async (name: PublicKey, row: KeyRow): Promise<PublicKey> => {
    const written = await writeStrictly(db, ['keys'], (tx) => tx.objectStore('keys').add(row, name));
    if (!written.ok) throw new StorageRefused(written.fault);
    return name;
  };
  const keepPair = async (pair: CryptoKeyPair, purpose: KeyPurpose): Promise<PublicKey> =>
    keep(await nameOfPair(pair), {
      form: 'native',
      purpose,
      private: pair.privateKey,
      public: pair.publicKey,
    });
  const keepSecret = async (
    nameOf: (secret: Uint8Array) => PublicKey,
    purpose: KeyPurpose,
  ): Promise<PublicKey> => {
    const secret = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
    const name = nameOf(secret);
    const row = await wrapSecret(db, name, purpose, secret);
    secret.fill(0);
    return keep(name, row);
  };

  return {
    async create(purpose, signal) {
      signal?.throwIfAborted();
      const pair = features.ed25519 ? await generateSigningPair() : undefined;
      return pair === undefined ? keepSecret(publicKeyOfSeed, purpose) : keepPair(pair, purpose);
    },
    async witnessKeys(signal) {
      signal?.throwIfAborted();
      const names: PublicKey[] = [];
      const { store } = db.transaction('keys');
      for (let at = await store.openCursor(); at !== null; at = await at.continue())
        if (at.value.purpose === 'witness') names.push(at.key as PublicKey);
      return names;
    },
    async eraseWitnessKeys(these, signal) {
      signal?.throwIfAborted();
      const erased = await writeStrictly(db, ['keys'], async (tx) => {
        const gone: string[] = [];
        for (let at = await tx.objectStore('keys').openCursor(); at !== null; at = await at.continue()) {
          if (at.value.purpose !== 'witness' || !these.has(at.key)) continue;
          gone.push(at.key);
          await at.delete();
        }
        return gone;
      });
      if (!erased.ok) return false;
      for (const name of erased.value) known.delete(name);
      return true;
    },
    async createSealing(signal) {
      signal?.throwIfAborted();
      const pair = features.x25519 ? await generateSealingPair() : undefined;
      if (pair !== undefined) return keepPair(pair, 'sealing');
      const { softPublicKey } = await import('../softHpke.ts');
      return keepSecret((secret) => bytesToHex(softPublicKey(secret)) as PublicKey, 'sealing');
    },
    async sign(key, message, signal) {
      signal?.throwIfAborted();
      const row = await rowOf(key);
      if (row === undefined || row.purpose === 'sealing') return undefined;
      if (row.form === 'native') return signNatively(row.private, message);
      const seed = await unwrapSecret(db, key, row);
      const signature = signWithSeed(seed, message);
      seed.fill(0);
      return signature;
    },
    async unseal(key, sealed, info, signal) {
      signal?.throwIfAborted();
      const row = await rowOf(key);
      if (row?.purpose !== 'sealing') return undefined;
      if (row.form === 'native')
        return nativeOpen({ privateKey: row.private, publicKey: row.public }, sealed, info);
      const { softOpen } = await import('../softHpke.ts');
      const secret = await unwrapSecret(db, key, row);
      const plain = softOpen(secret, sealed, info);
      secret.fill(0);
      return plain;
    },
  };
};
