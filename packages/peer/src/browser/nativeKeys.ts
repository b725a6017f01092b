/** Keys as WebCrypto handles: non-extractable, so neither a script nor a copied profile's JSON has the secret [S4]. */
import { bytesToHex } from '@noble/hashes/utils.js';
import type { PublicKey, Signature } from '@corridor/ledger';
import { plainBytes } from '../plainBytes.ts';

/** Which kinds of key this engine can make and keep as handles. */
export interface KeyFeatures {
  readonly ed25519: boolean;
  readonly x25519: boolean;
}

const isPair = (key: CryptoKey | CryptoKeyPair): key is CryptoKeyPair => 'privateKey' in key;

/** A fresh non-extractable pair; undefined where the engine has no such kind. */
const generate = async (algorithm: string, usages: KeyUsage[]): Promise<CryptoKeyPair | undefined> => {
  try {
    const made = await crypto.subtle.generateKey({ name: algorithm }, false, usages);
    return isPair(made) ? made : undefined;
  } catch {
    return undefined; // NotSupportedError, or an older engine's own idea of it
  }
};
/** A fresh Ed25519 pair that never leaves the engine. */
export const generateSigningPair = (): Promise<CryptoKeyPair | undefined> =>
  generate('Ed25519', ['sign', 'verify']);
/** A fresh X25519 pair that never leaves the engine. */
export const generateSealingPair = (): Promise<CryptoKeyPair | undefined> =>
  generate('X25519', ['deriveBits']);

/** A key that can be generated but not cloned can't be kept in IndexedDB either. */
const isKeepable = (pair: CryptoKeyPair | undefined): boolean => {
  if (pair === undefined) return false;
  try {
    structuredClone(pair.privateKey);
    return true;
  } catch {
    return false;
  }
};

/** Tries both kinds once. */
export const detectKeyFeatures = async (): Promise<KeyFeatures> => ({
  ed25519: isKeepable(await generateSigningPair()),
  x25519: isKeepable(await generateSealingPair()),
});

/** The public half as the name everything else knows the key by. */
export const nameOfPair = async (pair: CryptoKeyPair): Promise<PublicKey> =>
  bytesToHex(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))) as PublicKey;

/** Ed25519 signature by a handle. */
export const signNatively = async (key: CryptoKey, message: Uint8Array): Promise<Signature> =>
  bytesToHex(
    new Uint8Array(await crypto.subtle.sign({ name: 'Ed25519' }, key, plainBytes(message))),
  ) as Signature;
