/**
 * edwards25519 from its definition in RFC 8032 §5.1, slow and plain. It shares no code with the libraries
 * under test, so the vectors made with it are a second opinion and not an echo.
 */
import { createHash } from 'node:crypto';

export const P = 2n ** 255n - 19n;
/** Order of the base point. */
export const L = 2n ** 252n + 27742317777372353535851937790883648493n;

export interface Point {
  readonly x: bigint;
  readonly y: bigint;
}

const mod = (a: bigint, m = P): bigint => ((a % m) + m) % m;
const power = (base: bigint, exponent: bigint): bigint => {
  let result = 1n;
  for (let square = mod(base), e = exponent; e > 0n; e >>= 1n, square = mod(square * square))
    if (e & 1n) result = mod(result * square);
  return result;
};
const inverse = (a: bigint): bigint => power(a, P - 2n);
const D = mod(-121665n * inverse(121666n));
const ROOT_OF_MINUS_ONE = power(2n, (P - 1n) / 4n);

export const IDENTITY: Point = { x: 0n, y: 1n };

export const add = (a: Point, b: Point): Point => {
  const t = mod(D * mod(a.x * b.x) * mod(a.y * b.y));
  return {
    x: mod((a.x * b.y + a.y * b.x) * inverse(1n + t)),
    y: mod((a.y * b.y + a.x * b.x) * inverse(1n - t)),
  };
};
export const times = (scalar: bigint, point: Point): Point => {
  let result = IDENTITY;
  for (let double = point, s = scalar; s > 0n; s >>= 1n, double = add(double, double))
    if (s & 1n) result = add(result, double);
  return result;
};
export const samePoint = (a: Point, b: Point): boolean => a.x === b.x && a.y === b.y;

/** The point with this y (taken mod p) and sign of x, "minus zero" included; undefined off the curve. */
export const pointOf = (y: bigint, sign: bigint): Point | undefined => {
  const y2 = mod(y * y);
  const x2 = mod((y2 - 1n) * inverse(D * y2 + 1n));
  let x = power(x2, (P + 3n) / 8n);
  if (mod(x * x) !== x2) x = mod(x * ROOT_OF_MINUS_ONE);
  if (mod(x * x) !== x2) return undefined;
  return { x: (x & 1n) === sign ? x : mod(-x), y: mod(y) };
};

export const littleEndian = (value: bigint): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));
export const numberOf = (bytes: Uint8Array): bigint =>
  bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);

export const encode = (point: Point): Uint8Array => littleEndian(point.y | ((point.x & 1n) << 255n));
export const decode = (bytes: Uint8Array): Point | undefined => {
  const value = numberOf(bytes);
  return pointOf(value & (2n ** 255n - 1n), value >> 255n);
};

const basePoint = pointOf(4n * inverse(5n), 0n);
if (basePoint === undefined) throw new Error('the base point is on the curve');
export const BASE: Point = basePoint;

/** SHA-512 of all parts, as a scalar: k of RFC 8032 §5.1.7. */
export const challenge = (...parts: readonly Uint8Array[]): bigint => {
  const hash = createHash('sha512');
  for (const part of parts) hash.update(part);
  return numberOf(hash.digest()) % L;
};
export const secretScalar = (seed: Uint8Array): bigint => {
  const head = numberOf(createHash('sha512').update(seed).digest().subarray(0, 32));
  return (head & (2n ** 254n - 8n)) | (2n ** 254n);
};

/** The eight points of order 1, 2, 4 and 8, as multiples of one of order 8. */
export const torsion = (): readonly Point[] => {
  for (let y = 2n; ; y++) {
    const point = pointOf(y, 0n);
    if (point === undefined) continue;
    const generator = times(L, point);
    if (!samePoint(times(4n, generator), IDENTITY))
      return Array.from({ length: 8 }, (_, i) => times(BigInt(i), generator));
  }
};

/** All 14 encodings that decompress to a point of small order, by the text of ZIP 215. */
export const smallOrderEncodings = (): readonly Uint8Array[] => {
  const points = torsion();
  const encodings: Uint8Array[] = [];
  for (const y of new Set(points.map((point) => point.y)))
    for (const spelt of [y, y + P].filter((value) => value < 2n ** 255n))
      for (const sign of [0n, 1n]) encodings.push(littleEndian(spelt | (sign << 255n)));
  return encodings;
};

/** ZIP 215's rule, from its text. */
export const validByZip215 = (key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean => {
  const [r, s] = [signature.subarray(0, 32), numberOf(signature.subarray(32))];
  const [a, R] = [decode(key), decode(r)];
  if (a === undefined || R === undefined || s >= L) return false;
  const right = add(R, times(challenge(r, key, message), a));
  return samePoint(times(8n, times(s, BASE)), times(8n, right));
};
