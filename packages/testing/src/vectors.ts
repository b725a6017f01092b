/** The hard signature vectors with E5's verdict on each. Data and sources: `../vectors`. */
import type { PublicKey, Signature } from '@corridor/ledger';
import crafted from '../vectors/crafted.json' with { type: 'json' };
import keys from '../vectors/keys.json' with { type: 'json' };
import rfc8032 from '../vectors/rfc8032.json' with { type: 'json' };
import speccheck from '../vectors/speccheck.json' with { type: 'json' };
import zip215 from '../vectors/zip215.json' with { type: 'json' };

export interface SignatureVector {
  readonly name: string;
  readonly key: PublicKey;
  readonly message: Uint8Array;
  readonly signature: Signature;
  /** E5's verdict. */
  readonly valid: boolean;
}
/** A vector whose signature anyone with the seed must arrive at. */
export interface SigningVector extends SignatureVector {
  readonly seed: Uint8Array;
}
export interface KeyVector {
  readonly name: string;
  readonly key: PublicKey;
  /** Whether the key may be admitted. */
  readonly ordinary: boolean;
}

interface StoredVector {
  readonly name: string;
  readonly key: string;
  readonly message: string;
  readonly signature: string;
  readonly valid: boolean;
}

const bytesOf = (hex: string): Uint8Array =>
  Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));

const load = (set: string, stored: StoredVector): SignatureVector => ({
  name: `${set}, ${stored.name}`,
  key: stored.key as PublicKey,
  message: bytesOf(stored.message),
  signature: stored.signature as Signature,
  valid: stored.valid,
});

/** RFC 8032 §7.1. */
export const signingVectors: readonly SigningVector[] = rfc8032.vectors.map((stored) => ({
  ...load('RFC 8032', stored),
  seed: bytesOf(stored.seed),
}));

/** ZIP 215's grid: every encoding of small order as A and as R, S = 0, all valid. */
const gridVectors: readonly SignatureVector[] = zip215.encodings.flatMap((key, a) =>
  zip215.encodings.map((r, b) =>
    load('ZIP 215', {
      name: `A ${a}, R ${b}`,
      key,
      message: zip215.message,
      signature: r + '0'.repeat(64),
      valid: true,
    }),
  ),
);

/** The 12 on which libraries disagree. */
export const contestedVectors: readonly SignatureVector[] = speccheck.vectors.map((stored) =>
  load('Taming the many EdDSAs', stored),
);

/** All of them. */
export const signatureVectors: readonly SignatureVector[] = [
  ...signingVectors,
  ...gridVectors,
  ...contestedVectors,
  ...crafted.vectors.map((stored) => load('crafted', stored)),
];

export const keyVectors: readonly KeyVector[] = keys.keys.map(({ name, key, ordinary }) => ({
  name,
  key: key as PublicKey,
  ordinary,
}));
