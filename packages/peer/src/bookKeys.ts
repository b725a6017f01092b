/**
 * A book key on its way to a device [S1]: HPKE to the device's X25519 key, bound to the circle, the book,
 * the key epoch and the device, so that it opens nowhere else and stands for nothing else.
 */
import type { DeviceKey, Id, PublicKey } from '@corridor/ledger';
import { concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { hasNativeX25519, nativeSeal } from './hpke.ts';
import type { KeyRing } from './ports.ts';
import { BOOK_KEY_BYTES, SEALED_BOOK_KEY_BYTES } from './storageLimits.ts';

/** What a sealed book key is good for, and nothing else. */
export interface BookKeyBinding {
  readonly circle: Id;
  readonly book: number;
  readonly epoch: number;
  readonly device: DeviceKey;
}
const DOMAIN = utf8ToBytes('corridor/book-key-for-device/1');

const infoOf = ({ circle, book, epoch, device }: BookKeyBinding): Uint8Array => {
  const numbers = new Uint8Array(8);
  const view = new DataView(numbers.buffer);
  view.setUint32(0, book);
  view.setUint32(4, epoch);
  return concatBytes(DOMAIN, hexToBytes(circle), numbers, hexToBytes(device));
};

/**
 * Seals a book key (32 bytes) to a device's X25519 key; {@link SEALED_BOOK_KEY_BYTES} long, different each
 * time. undefined: `to` is no usable key. Throws unless the book key has 32 bytes.
 */
export const sealBookKey = async (
  to: PublicKey,
  bookKey: Uint8Array,
  binding: BookKeyBinding,
): Promise<Uint8Array | undefined> => {
  if (bookKey.length !== BOOK_KEY_BYTES) throw new RangeError('a book key has 32 bytes');
  if (await hasNativeX25519()) return nativeSeal(hexToBytes(to), bookKey, infoOf(binding));
  const { softSeal } = await import('./softHpke.ts');
  const ephemeral = crypto.getRandomValues(new Uint8Array(32));
  return softSeal(hexToBytes(to), bookKey, infoOf(binding), ephemeral);
};

/** Opens a book key sealed to `own`. undefined: not sealed to it, not for this binding, or damaged. */
export const openBookKey = async (
  ring: KeyRing,
  own: PublicKey,
  sealed: Uint8Array,
  binding: BookKeyBinding,
  signal?: AbortSignal,
): Promise<Uint8Array | undefined> => {
  if (sealed.length !== SEALED_BOOK_KEY_BYTES) return undefined;
  return ring.unseal(own, sealed, infoOf(binding), signal);
};
