import { createPrivateKey, sign, type KeyObject } from 'node:crypto';
import { toHex, type Signature } from '@corridor/ledger';

/** What stands before a seed in a PKCS8 file of an Ed25519 key. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Signs with Ed25519 seeds by OpenSSL, as the always-on peer does; each key is prepared once. */
export function createSigner(): (seed: Uint8Array, message: Uint8Array) => Signature {
  const keys = new Map<Uint8Array, KeyObject>();
  const keyOf = (seed: Uint8Array): KeyObject => {
    const known = keys.get(seed);
    if (known !== undefined) return known;
    const key = createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: 'der', type: 'pkcs8' });
    keys.set(seed, key);
    return key;
  };
  return (seed, message) => toHex(sign(null, message, keyOf(seed))) as Signature;
}
