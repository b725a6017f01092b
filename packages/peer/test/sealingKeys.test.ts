import type { DeviceKey, Id, PublicKey } from '@corridor/ledger';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openBookKey, sealBookKey, type BookKeyBinding } from '../src/bookKeys.ts';
import { nativeOpen, nativeSeal } from '../src/hpke.ts';
import { createMemoryDisk } from '../src/memoryDisk.ts';
import { openMemoryStore } from '../src/memoryStore.ts';
import { plainBytes } from '../src/plainBytes.ts';
import { softOpen, softPublicKey, softSeal } from '../src/softHpke.ts';
import { SEALED_BOOK_KEY_BYTES } from '../src/storageLimits.ts';
import { RUNS } from './runs.ts';

const BOOK_KEY = Uint8Array.from({ length: 32 }, (_, at) => at);
const BINDING: BookKeyBinding = {
  circle: '01'.repeat(32) as Id,
  book: 3,
  epoch: 2,
  device: '02'.repeat(32) as DeviceKey,
};
const openRing = () =>
  openMemoryStore(createMemoryDisk(), (length) => crypto.getRandomValues(new Uint8Array(length))).keys;

test('[S1] the keeper seals the book key to Bob; Carol and another binding do not open it', async () => {
  const bob = openRing();
  const carol = openRing();
  const bobsKey = await bob.createSealing();
  const carolsKey = await carol.createSealing();
  const sealed = await sealBookKey(bobsKey, BOOK_KEY, BINDING);
  expect(sealed?.length).toBe(SEALED_BOOK_KEY_BYTES);
  if (sealed === undefined) return;
  expect(await openBookKey(bob, bobsKey, sealed, BINDING)).toEqual(BOOK_KEY);
  expect(await openBookKey(carol, carolsKey, sealed, BINDING)).toBeUndefined();
  expect(await openBookKey(carol, bobsKey, sealed, BINDING)).toBeUndefined();
  const others: readonly BookKeyBinding[] = [
    { ...BINDING, circle: '03'.repeat(32) as Id },
    { ...BINDING, book: 2 },
    { ...BINDING, epoch: 3 },
    { ...BINDING, device: '04'.repeat(32) as DeviceKey },
  ];
  for (const other of others) expect(await openBookKey(bob, bobsKey, sealed, other)).toBeUndefined();
});

test('[S1] sealing to a key that is none is refused, not thrown', async () => {
  for (const none of ['00'.repeat(32), '01'.padEnd(64, '0'), 'ab'.repeat(31)])
    expect(await sealBookKey(none as PublicKey, BOOK_KEY, BINDING)).toBeUndefined();
  expect(softSeal(new Uint8Array(32), BOOK_KEY, BOOK_KEY, BOOK_KEY)).toBeUndefined();
  await expect(sealBookKey('09'.padEnd(64, '0') as PublicKey, BOOK_KEY.slice(1), BINDING)).rejects.toThrow(
    RangeError,
  );
});

/** A key pair for WebCrypto from the secret that the soft engine takes. */
const pairOf = async (secret: Uint8Array): Promise<CryptoKeyPair> => {
  const pkcs8 = plainBytes(hexToBytes(`302e020100300506032b656e04220420${bytesToHex(secret)}`));
  return {
    privateKey: await crypto.subtle.importKey('pkcs8', pkcs8, 'X25519', false, ['deriveBits']),
    publicKey: await crypto.subtle.importKey('raw', plainBytes(softPublicKey(secret)), 'X25519', true, []),
  };
};

test('[S1] engines with and without X25519 open what the other one sealed', async () => {
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
  const property = fc.asyncProperty(
    bytes(32),
    bytes(32),
    fc.uint8Array({ maxLength: 80 }),
    fc.uint8Array({ maxLength: 80 }),
    async (secret, ephemeral, plain, info) => {
      const to = softPublicKey(secret);
      const pair = await pairOf(secret);
      const soft = softSeal(to, plain, info, ephemeral) ?? new Uint8Array(0);
      expect(await nativeOpen(pair, soft, info)).toEqual(plain);
      const native = (await nativeSeal(to, plain, info)) ?? new Uint8Array(0);
      expect(softOpen(secret, native, info)).toEqual(plain);
    },
  );
  await fc.assert(property, { numRuns: Math.ceil(RUNS / 20) });
});

test('[I16] opening a garbled book key never throws and never succeeds', async () => {
  const secret = new Uint8Array(32).fill(5);
  const pair = await pairOf(secret);
  const info = Uint8Array.of(1);
  const property = fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), async (garbage) => {
    expect(softOpen(secret, garbage, info)).toBeUndefined();
    expect(await nativeOpen(pair, garbage, info)).toBeUndefined();
  });
  await fc.assert(property, { numRuns: RUNS });
});
