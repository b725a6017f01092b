/**
 * Keys and signatures that cost one hash, so that thousands of worlds fit a minute. Who holds no secret can still not
 * make one through the key ring's port, which is all that the simulated peers have. Real ones (an invite's) are told
 * apart by their form and go to the reference.
 */
import { referenceVerify, toHex, type PublicKey, type Sha256, type Signature } from '@corridor/ledger';
import type {
  KeyRing,
  MemoryDisk,
  PeerOptions,
  RandomBytes,
  SignatureChecker,
  SignatureCheck,
} from '@corridor/peer';

const MARK = 'c0ffee00';
const KEY_BYTES = 32;
const join = (...parts: readonly Uint8Array[]): Uint8Array => {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
};
const ascii = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));

export interface CheapCrypto {
  /** `onSign` hears of every signature before it is made. */
  keys(disk: MemoryDisk, random: RandomBytes, onSign: (key: string, message: Uint8Array) => void): KeyRing;
  readonly checker: SignatureChecker;
  readonly sealKey: NonNullable<PeerOptions['sealKey']>;
  signatureOf(key: string, message: Uint8Array): Signature;
}
export function createCheapCrypto(sha256: Sha256): CheapCrypto {
  const publicOf = (purpose: string, secret: Uint8Array): PublicKey =>
    `${MARK}${toHex(sha256(join(ascii(purpose), secret))).slice(MARK.length)}` as PublicKey;
  const signatureOf = (key: string, message: Uint8Array): Signature => {
    const half = toHex(sha256(join(ascii(key), message)));
    return `${half}${half}` as Signature;
  };
  const streamFor = (key: string, info: Uint8Array): Uint8Array => sha256(join(ascii(key), info));
  const real = new Map<string, boolean>();
  const isValid = ({ key, message, signature }: SignatureCheck): boolean => {
    if (key.startsWith(MARK)) return signatureOf(key, message) === signature;
    const name = `${key}${signature}${toHex(sha256(message))}`;
    let valid = real.get(name);
    if (valid === undefined) real.set(name, (valid = referenceVerify(key, message, signature)));
    return valid;
  };
  return {
    signatureOf,
    keys: (disk, random, onSign) => ({
      create(purpose) {
        const secret = random(KEY_BYTES);
        const name = publicOf(purpose, secret);
        disk.keys.set(name, { purpose, secret });
        return Promise.resolve(name);
      },
      witnessKeys: () =>
        Promise.resolve(
          [...disk.keys].flatMap(([name, { purpose }]) => (purpose === 'witness' ? [name as PublicKey] : [])),
        ),
      eraseWitnessKeys(these) {
        for (const [name, { purpose }] of disk.keys)
          if (purpose === 'witness' && these.has(name)) disk.keys.delete(name);
        return Promise.resolve(true);
      },
      createSealing() {
        const secret = random(KEY_BYTES);
        const name = publicOf('sealing', secret);
        disk.keys.set(name, { purpose: 'sealing', secret });
        return Promise.resolve(name);
      },
      sign(key, message) {
        if (!disk.keys.has(key)) return Promise.resolve(undefined);
        onSign(key, message);
        return Promise.resolve(signatureOf(key, message));
      },
      unseal(key, sealed, info) {
        if (!disk.keys.has(key)) return Promise.resolve(undefined);
        const stream = streamFor(key, info);
        return Promise.resolve(sealed.slice(0, KEY_BYTES).map((byte, i) => byte ^ (stream[i] ?? 0)));
      },
    }),
    checker: {
      check: (checks, budget) =>
        Promise.resolve(
          checks.map((check) => {
            const valid = isValid(check);
            if (!valid) budget.left -= 1;
            return valid ? 'valid' : budget.left < 0 ? 'undecided' : 'invalid';
          }),
        ),
    },
    sealKey(to, bookKey, { circle, book, epoch, device }) {
      const info = join(
        ascii('corridor/book-key-for-device/1'),
        bytesOfHex(circle),
        word(book),
        word(epoch),
        bytesOfHex(device),
      );
      const stream = streamFor(to, info);
      const sealed = new Uint8Array(SEALED_BYTES);
      sealed.set(bookKey.map((byte, i) => byte ^ (stream[i] ?? 0)));
      return Promise.resolve(sealed);
    },
  };
}
/** As long as a key sealed by HPKE. */
const SEALED_BYTES = 80;
const word = (value: number): Uint8Array => {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
};
const bytesOfHex = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
