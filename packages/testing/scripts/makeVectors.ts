/**
 * Writes the vectors that are built, not quoted: `node packages/testing/scripts/makeVectors.ts`.
 * Every verdict is stated by its construction and checked here against ZIP 215's text.
 */
import { writeFileSync } from 'node:fs';
import * as curve from './curve.ts';
import type { Point } from './curve.ts';

interface Made {
  readonly name: string;
  readonly key: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
  readonly valid: boolean;
}
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const join = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));
const text = (words: string): Uint8Array => Uint8Array.from(Buffer.from(words, 'utf8'));
const write = (file: string, value: unknown): void =>
  writeFileSync(new URL(`../vectors/${file}`, import.meta.url), `${JSON.stringify(value, null, 2)}\n`);

const { L, BASE, add, times, encode, littleEndian, challenge } = curve;
const torsion = curve.torsion();
const smallOrder = curve.smallOrderEncodings();
const message = text('Ana paid Ben for bread');
const otherMessage = text('Ana paid Ben for cakes');
const seed = new Uint8Array(32).fill(7);
const a = curve.secretScalar(seed);
const A = times(a, BASE);
const key = encode(A);
const r = challenge(text('a fixed nonce'));
const R = times(r, BASE);
const nudged = (point: Point, i: number): Point => add(point, torsion[i] ?? curve.IDENTITY);
/** Signs with everything chosen: what is hashed as R and A need not be what is sent. */
const forge = (sentR: Uint8Array, sentKey: Uint8Array, nonce = r, scalar = a, hashedR = sentR): Uint8Array =>
  join(sentR, littleEndian((nonce + challenge(hashedR, sentKey, message) * scalar) % L));
const honest = forge(encode(R), key);
const s = curve.numberOf(honest.subarray(32));
const withS = (value: bigint): Uint8Array => join(encode(R), littleEndian(value));
const flipped = (bytes: Uint8Array, bit: number): Uint8Array =>
  bytes.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
const offCurve = [2n, 3n, 4n, 5n, 6n, 7n].find((y) => curve.pointOf(y, 0n) === undefined) ?? 0n;
const nowhere = littleEndian(offCurve);

const plain = (name: string, signature: Uint8Array, valid: boolean): Made => ({
  name,
  key,
  message,
  signature,
  valid,
});
const crafted: readonly Made[] = [
  plain('an ordinary signature', honest, true),
  ...[1, 2, 3, 4, 5, 6, 7].map((i) =>
    plain(`torsion ${i} in R under an ordinary key`, forge(encode(nudged(R, i)), key), true),
  ),
  ...smallOrder.map((encoding, i) =>
    plain(`R of small order, encoding ${i}, under an ordinary key`, forge(encoding, key, 0n), true),
  ),
  ...[1, 2, 3, 4, 5, 6, 7].map((i) => {
    const mixed = encode(nudged(A, i));
    return {
      ...plain(`torsion ${i} in the key`, forge(encode(R), mixed), true),
      key: mixed,
    };
  }),
  ...smallOrder.map((encoding, i) => ({
    ...plain(`key of small order, encoding ${i}, S = r`, forge(encode(R), encoding, r, 0n), true),
    key: encoding,
  })),
  ...[1n, 2n, 4n, 8n, 14n].map((n) => plain(`S + ${n} L`, withS(s + n * L), false)),
  ...smallOrder.map((encoding, i) => ({
    ...plain(`S = L where S = 0 fits, encoding ${i}`, join(encoding, littleEndian(L)), false),
    key: encoding,
  })),
  ...smallOrder.map((encoding, i) => ({
    ...plain(`S = 1 where S = 0 fits, encoding ${i}`, join(encoding, littleEndian(1n)), false),
    key: encoding,
  })),
  ...[2, 3, 8, 9].map((i) =>
    plain(
      `R of small order, encoding ${i}, hashed as its canonical form`,
      forge(smallOrder[i] ?? key, key, 0n, a, encode(i < 4 ? curve.IDENTITY : nudged(curve.IDENTITY, 2))),
      false,
    ),
  ),
  plain('S = 2^256 - 1', withS(2n ** 256n - 1n), false),
  plain('S = L - S', withS(L - s), false),
  plain('all zero', new Uint8Array(64), false),
  plain('all ones', new Uint8Array(64).fill(255), false),
  plain('R not on the curve', join(nowhere, honest.subarray(32)), false),
  { ...plain('key not on the curve', forge(encode(R), nowhere), false), key: nowhere },
  { ...plain('another message', honest, false), message: otherMessage },
  { ...plain('an empty message', honest, false), message: new Uint8Array() },
  { ...plain('another key', honest, false), key: encode(times(a + 8n, BASE)) },
  { ...plain('the key with the sign of x turned', honest, false), key: flipped(key, 255) },
  ...[0, 255, 256, 300, 507].map((bit) => plain(`bit ${bit} flipped`, flipped(honest, bit), false)),
];

for (const made of crafted)
  if (curve.validByZip215(made.key, made.message, made.signature) !== made.valid)
    throw new Error(`ZIP 215 does not say ${made.valid} of: ${made.name}`);

write('zip215.json', {
  source:
    'ZIP 215, https://zips.z.cash/zip-0215: all 14 encodings of points of small order, as A and as R, with S = 0. Each of the 196 is valid. Built by scripts/makeVectors.ts.',
  message: hex(text('Zcash')),
  encodings: smallOrder.map(hex),
});
write('crafted.json', {
  source: 'Built by scripts/makeVectors.ts from the definitions in RFC 8032 and ZIP 215.',
  vectors: crafted.map((made) => ({
    name: made.name,
    key: hex(made.key),
    message: hex(made.message),
    signature: hex(made.signature),
    valid: made.valid,
  })),
});
write('keys.json', {
  source: 'Built by scripts/makeVectors.ts: which keys may be admitted [E5].',
  keys: [
    { name: 'an ordinary key', key: hex(key), ordinary: true },
    { name: 'its negative', key: hex(flipped(key, 255)), ordinary: true },
    { name: 'the base point', key: hex(encode(BASE)), ordinary: true },
    ...smallOrder.map((encoding, i) => ({
      name: `small order, encoding ${i}`,
      key: hex(encoding),
      ordinary: false,
    })),
    ...[1, 2, 3, 4, 5, 6, 7].map((i) => ({
      name: `torsion ${i} beside prime order`,
      key: hex(encode(nudged(A, i))),
      ordinary: false,
    })),
    { name: 'not on the curve', key: hex(nowhere), ordinary: false },
    ...Array.from({ length: 19 }, (_, y) => ({
      name: `y = p + ${y}`,
      key: hex(littleEndian(curve.P + BigInt(y))),
      ordinary: false,
    })),
  ],
});
