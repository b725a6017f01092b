/**
 * HPKE (RFC 9180 base mode, DHKEM X25519 HKDF-SHA256, AES-256-GCM) by WebCrypto, so that the private key
 * may be one that the engine never shows. Wire bytes: encapsulated key (32) ‖ ciphertext ‖ tag.
 */
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import { plainBytes } from './plainBytes.ts';

const ENCAPSULATED_BYTES = 32;

const createSuite = (): CipherSuite =>
  new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });

/** Whether this engine's WebCrypto has X25519 (Chromium from 133, Firefox from 130, Safari from 17). */
export const hasNativeX25519 = (): Promise<boolean> =>
  crypto.subtle.generateKey('X25519', false, ['deriveBits']).then(
    () => true,
    () => false,
  );

/** Seals to an X25519 public key (32 bytes); undefined if the key is none. */
export const nativeSeal = async (
  to: Uint8Array,
  plain: Uint8Array,
  info: Uint8Array,
): Promise<Uint8Array | undefined> => {
  try {
    const suite = createSuite();
    const recipientPublicKey = await suite.kem.deserializePublicKey(plainBytes(to));
    const { ct, enc } = await suite.seal({ recipientPublicKey, info: plainBytes(info) }, plainBytes(plain));
    const sealed = new Uint8Array(enc.byteLength + ct.byteLength);
    sealed.set(new Uint8Array(enc));
    sealed.set(new Uint8Array(ct), enc.byteLength);
    return sealed;
  } catch {
    return undefined; // the engine refuses keys of the wrong length and of small order
  }
};

/** Opens with a key pair whose private half may be non-extractable; undefined if it does not fit. */
export const nativeOpen = async (
  recipientKey: CryptoKeyPair,
  sealed: Uint8Array,
  info: Uint8Array,
): Promise<Uint8Array | undefined> => {
  try {
    const enc = plainBytes(sealed.slice(0, ENCAPSULATED_BYTES));
    const plain = await createSuite().open(
      { recipientKey, enc, info: plainBytes(info) },
      plainBytes(sealed.slice(ENCAPSULATED_BYTES)),
    );
    return new Uint8Array(plain);
  } catch {
    return undefined; // not sealed to this key, or damaged
  }
};
