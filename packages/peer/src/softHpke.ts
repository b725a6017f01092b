/**
 * HPKE without the platform (RFC 9180, base mode, one message; DHKEM X25519, HKDF-SHA256, AES-256-GCM):
 * for browsers whose WebCrypto has no X25519 yet, and for a store in memory, where a test wants the same
 * bytes from the same random numbers. Same wire bytes as `hpke.ts`: encapsulated key (32) ‖ ciphertext ‖ tag.
 */
import { gcm } from '@noble/ciphers/aes.js';
import { x25519 } from '@noble/curves/ed25519.js';
import { expand, extract } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const NOTHING = new Uint8Array(0);
const VERSION = utf8ToBytes('HPKE-v1');
const KEM_SUITE = concatBytes(utf8ToBytes('KEM'), Uint8Array.of(0x00, 0x20));
const HPKE_SUITE = concatBytes(utf8ToBytes('HPKE'), Uint8Array.of(0x00, 0x20, 0x00, 0x01, 0x00, 0x02));

const labeledExtract = (suite: Uint8Array, salt: Uint8Array, label: string, secret: Uint8Array) =>
  extract(sha256, concatBytes(VERSION, suite, utf8ToBytes(label), secret), salt);

const labeledExpand = (suite: Uint8Array, key: Uint8Array, label: string, info: Uint8Array, length: number) =>
  expand(
    sha256,
    key,
    concatBytes(Uint8Array.of(0, length), VERSION, suite, utf8ToBytes(label), info),
    length,
  );

/** The one cipher of this message, from the Diffie-Hellman secret and both public keys. */
const cipherOf = (shared: Uint8Array, encapsulated: Uint8Array, to: Uint8Array, info: Uint8Array) => {
  const extracted = labeledExtract(KEM_SUITE, NOTHING, 'eae_prk', shared);
  const both = concatBytes(encapsulated, to);
  const secret = labeledExpand(KEM_SUITE, extracted, 'shared_secret', both, KEY_BYTES);
  const context = concatBytes(
    Uint8Array.of(0), // base mode
    labeledExtract(HPKE_SUITE, NOTHING, 'psk_id_hash', NOTHING),
    labeledExtract(HPKE_SUITE, NOTHING, 'info_hash', info),
  );
  const schedule = labeledExtract(HPKE_SUITE, secret, 'secret', NOTHING);
  return gcm(
    labeledExpand(HPKE_SUITE, schedule, 'key', context, KEY_BYTES),
    labeledExpand(HPKE_SUITE, schedule, 'base_nonce', context, NONCE_BYTES),
  );
};

/** Public key of an X25519 secret of 32 bytes. */
export const softPublicKey = (secret: Uint8Array): Uint8Array => x25519.getPublicKey(secret);

/**
 * Seals to an X25519 public key. `ephemeral`: 32 fresh random bytes, used once.
 * undefined: the public key is none (wrong length, or a point whose secret anybody knows).
 */
export const softSeal = (
  to: Uint8Array,
  plain: Uint8Array,
  info: Uint8Array,
  ephemeral: Uint8Array,
): Uint8Array | undefined => {
  try {
    const encapsulated = x25519.getPublicKey(ephemeral);
    const shared = x25519.getSharedSecret(ephemeral, to);
    return concatBytes(encapsulated, cipherOf(shared, encapsulated, to, info).encrypt(plain));
  } catch {
    return undefined; // the library throws for a key that is none
  }
};

/** Opens what was sealed to `secret`'s public key under the same `info`; undefined for anything else. */
export const softOpen = (
  secret: Uint8Array,
  sealed: Uint8Array,
  info: Uint8Array,
): Uint8Array | undefined => {
  try {
    const encapsulated = sealed.subarray(0, KEY_BYTES);
    const shared = x25519.getSharedSecret(secret, encapsulated);
    const to = x25519.getPublicKey(secret);
    return cipherOf(shared, encapsulated, to, info).decrypt(sealed.subarray(KEY_BYTES));
  } catch {
    return undefined; // not sealed to this key, or damaged
  }
};
