import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  contestedVectors,
  keyVectors,
  signatureVectors,
  signingVectors,
  type SignatureVector,
} from '../../testing/src/vectors.ts';
import { fromHex, toHex } from '../src/bytes.ts';
import type { PublicKey, Signature } from '../src/ids.ts';
import { isOrdinaryKey, publicKeyOfSeed, referenceVerify, signWithSeed } from '../src/signature.ts';

/** 1,000 in `npm test`; `test:long` asks for 100,000. */
const RUNS = Number(process.env['CORRIDOR_RUNS'] ?? 1000);
/** A run costs two signatures' worth of big-integer arithmetic. */
const PATIENCE = 30_000 + RUNS * 60;

const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 });
const verdict = (vector: SignatureVector): boolean =>
  referenceVerify(vector.key, vector.message, vector.signature);
const flip = (hex: string, bit: number): string => {
  const bytes = fromHex(hex) ?? new Uint8Array();
  return toHex(bytes.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte)));
};

test('[E5] all the hard vectors are there', () => {
  expect(signingVectors).toHaveLength(5);
  expect(contestedVectors).toHaveLength(12);
  expect(signatureVectors.filter(({ name }) => name.startsWith('ZIP 215'))).toHaveLength(14 * 14);
  expect(signatureVectors.filter(({ name }) => name.includes('in R under an ordinary key'))).toHaveLength(7);
  expect(signatureVectors.filter(({ name }) => / S \+ \d+ L/.test(name))).toHaveLength(5);
});

test.each(signatureVectors.map((vector) => [vector.name, vector] as const))('[E5] %s', (_, vector) => {
  expect(verdict(vector)).toBe(vector.valid);
});

test.each(signingVectors.map((vector) => [vector.name, vector] as const))(
  '[E5] %s is what signing gives',
  (_, { seed, key, message, signature }) => {
    expect(publicKeyOfSeed(seed)).toBe(key);
    expect(signWithSeed(seed, message)).toBe(signature);
  },
);

test.each(keyVectors)('[E5] key $name: may be admitted: $ordinary', ({ key, ordinary }) => {
  expect(isOrdinaryKey(key)).toBe(ordinary);
});

describe('[E5] whoever sends it, malformed hex is a verdict and no exception', () => {
  const [good] = signingVectors;
  if (good === undefined) throw new Error('RFC 8032 has vectors');
  test.each([
    ['a key cut short', good.key.slice(2), good.signature],
    ['a key in capitals', good.key.toUpperCase(), good.signature],
    ['a long key', `${good.key}00`, good.signature],
    ['a signature cut short', good.key, good.signature.slice(2)],
    ['a signature in capitals', good.key, good.signature.toUpperCase()],
    ['a long signature', good.key, `${good.signature}00`],
    ['nothing', '', ''],
  ])('%s', (_, key, signature) => {
    expect(referenceVerify(key as PublicKey, good.message, signature as Signature)).toBe(false);
    if (key !== good.key) expect(isOrdinaryKey(key as PublicKey)).toBe(false);
  });

  test('any text at all', () => {
    const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[0-9a-f]{64}([0-9a-f]{64})?$/));
    fc.assert(
      fc.property(texts, texts, fc.uint8Array(), (key, signature, message) => {
        expect(referenceVerify(key as PublicKey, message, signature as Signature)).toBe(false);
        expect(isOrdinaryKey(key as PublicKey)).toBeTypeOf('boolean');
      }),
      { numRuns: 300 },
    );
  });
});

test(
  '[E5] what Alice signs holds for every message, and one flipped bit breaks it',
  () => {
    fc.assert(
      fc.property(seeds, fc.uint8Array({ maxLength: 300 }), fc.nat(511), (seed, message, bit) => {
        const key = publicKeyOfSeed(seed);
        const signature = signWithSeed(seed, message);
        expect(referenceVerify(key, message, signature)).toBe(true);
        expect(referenceVerify(key, message, flip(signature, bit) as Signature)).toBe(false);
      }),
      { numRuns: RUNS },
    );
  },
  PATIENCE,
);

test(
  '[E5] every key that signs is ordinary, and its signature says nothing about another message or key',
  () => {
    fc.assert(
      fc.property(seeds, seeds, fc.uint8Array({ minLength: 1, maxLength: 64 }), (alice, bob, message) => {
        fc.pre(toHex(alice) !== toHex(bob));
        const key = publicKeyOfSeed(alice);
        const signature = signWithSeed(alice, message);
        expect(isOrdinaryKey(key)).toBe(true);
        expect(referenceVerify(key, message.subarray(1), signature)).toBe(false);
        expect(referenceVerify(publicKeyOfSeed(bob), message, signature)).toBe(false);
      }),
      { numRuns: Math.ceil(RUNS / 5) },
    );
  },
  PATIENCE,
);
