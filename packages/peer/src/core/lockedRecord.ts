/**
 * The circle's record under the app lock [S4]. One random data key seals it; each way to unlock holds that key:
 *
 *   magic "CLK2" (4) ‖ passphrase's lock ‖ credential ‖ question ‖ passkey's lock ‖ nonce (12) ‖ ciphertext ‖ tag
 *
 * The four parts in the middle each have their length (u16) before them; without a passkey three of them are empty.
 * All before the nonce is authenticated with the ciphertext: no way in can be put there from outside.
 */
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { plainBytes } from '../plainBytes.ts';
import {
  DATA_KEY_BYTES,
  MAX_CREDENTIAL_BYTES,
  MAX_LOCKED_BYTES,
  NONCE_BYTES,
  PRF_SALT_BYTES,
  TAG_BYTES,
} from '../storageLimits.ts';

/** How the data key can be had. */
export interface Ways {
  readonly passphrase: Uint8Array;
  readonly passkey: PasskeyWay | null;
}
export interface PasskeyWay {
  /** The name by which the authenticator knows it. */
  readonly credential: Uint8Array;
  /** What it is asked. */
  readonly salt: Uint8Array;
  readonly lock: Uint8Array;
}
export interface LockedRecord {
  readonly ways: Ways;
  readonly header: Uint8Array;
  /** Nonce and ciphertext. */
  readonly sealed: Uint8Array;
}
const MAGIC = utf8ToBytes('CLK2');
const EMPTY = new Uint8Array(0);

const withLength = (part: Uint8Array): Uint8Array => {
  const length = new Uint8Array(2);
  new DataView(length.buffer).setUint16(0, part.length);
  return concatBytes(length, part);
};
const headerOf = ({ passphrase, passkey }: Ways): Uint8Array =>
  concatBytes(
    MAGIC,
    ...[passphrase, passkey?.credential, passkey?.salt, passkey?.lock].map((part) =>
      withLength(part ?? EMPTY),
    ),
  );

/** Takes a record apart; undefined if it is none of this form. Opens nothing. */
export function readLocked(bytes: Uint8Array): LockedRecord | undefined {
  if (!MAGIC.every((byte, at) => bytes[at] === byte)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const parts: Uint8Array[] = [];
  let at = MAGIC.length;
  for (let part = 0; part < 4; part++) {
    if (at + 2 > bytes.length) return undefined;
    const end = at + 2 + view.getUint16(at);
    if (end > bytes.length) return undefined;
    parts.push(bytes.slice(at + 2, end));
    at = end;
  }
  const [passphrase = EMPTY, credential = EMPTY, salt = EMPTY, lock = EMPTY] = parts;
  const isBare = credential.length + salt.length + lock.length === 0;
  const isWhole =
    credential.length > 0 && credential.length <= MAX_CREDENTIAL_BYTES && salt.length === PRF_SALT_BYTES;
  const sealed = bytes.slice(at);
  if (passphrase.length === 0 || !(isBare || isWhole) || sealed.length < NONCE_BYTES + TAG_BYTES)
    return undefined;
  return {
    ways: { passphrase, passkey: isBare ? null : { credential, salt, lock } },
    header: bytes.slice(0, at),
    sealed,
  };
}

/** A data key as random bytes; the caller overwrites them once both ways hold it. */
export const newDataKey = (): Uint8Array => crypto.getRandomValues(new Uint8Array(DATA_KEY_BYTES));

/** The handle that stays in memory while the app is open: it seals and opens, and can't be read out. */
export const dataKeyHandle = (raw: Uint8Array): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', plainBytes(raw), 'AES-GCM', false, ['encrypt', 'decrypt']);

const parameters = (nonce: Uint8Array, header: Uint8Array) => ({
  name: 'AES-GCM',
  iv: plainBytes(nonce),
  additionalData: plainBytes(header),
});

/** The whole record for the disk. Throws RangeError on more than {@link MAX_LOCKED_BYTES}. */
export async function sealLocked(key: CryptoKey, ways: Ways, content: Uint8Array): Promise<Uint8Array> {
  if (content.length > MAX_LOCKED_BYTES) throw new RangeError(`${content.length} bytes are too many to lock`);
  const header = headerOf(ways);
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const sealed = await crypto.subtle.encrypt(parameters(nonce, header), key, plainBytes(content));
  return concatBytes(header, nonce, new Uint8Array(sealed));
}

/** What {@link sealLocked} sealed; undefined if the key is another, or anything was changed. */
export const openLocked = (
  key: CryptoKey,
  { header, sealed }: LockedRecord,
): Promise<Uint8Array | undefined> =>
  crypto.subtle
    .decrypt(parameters(sealed.slice(0, NONCE_BYTES), header), key, plainBytes(sealed.slice(NONCE_BYTES)))
    .then(
      (content) => new Uint8Array(content),
      () => undefined,
    );
