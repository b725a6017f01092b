/** Bytes changed without knowing what they are: what damage, and a sender who counts wrong, make of a message. */
import { concatBytes } from '@corridor/ledger';
import type { Rng } from '../sim/rng.ts';
import { borderByte, borderNumber } from './borders.ts';

type Change = (bytes: Uint8Array, rng: Rng, others: readonly Uint8Array[]) => Uint8Array;

/** Bytes of a chunk that is repeated until the whole is long. */
const LONG = 70_000;

const at = (bytes: Uint8Array, rng: Rng): number => rng.below(bytes.length + 1);
/** Two places in order. */
const stretch = (bytes: Uint8Array, rng: Rng): readonly [number, number] => {
  const from = at(bytes, rng);
  return [from, Math.min(bytes.length, from + rng.below(rng.chance(0.3) ? bytes.length + 1 : 9))];
};
const withPart = (bytes: Uint8Array, from: number, to: number, part: Uint8Array): Uint8Array =>
  concatBytes(bytes.subarray(0, from), part, bytes.subarray(to));
const withByte = (bytes: Uint8Array, rng: Rng, change: (byte: number) => number): Uint8Array => {
  const changed = bytes.slice();
  const place = rng.below(Math.max(1, bytes.length));
  if (place < changed.length) changed[place] = change(changed[place] ?? 0);
  return changed;
};
/** A number in 1, 2, 4 or 8 bytes, the big or the little end first. */
const asBytes = (number: number, width: number, isBig: boolean): Uint8Array => {
  const bytes = new Uint8Array(width);
  let rest = number;
  for (let i = 0; i < width; i++, rest = Math.floor(rest / 256))
    bytes[isBig ? width - 1 - i : i] = rest % 256;
  return bytes;
};
const asVarint = (number: number, spare: number): Uint8Array => {
  const bytes: number[] = [];
  let rest = number;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(spare > 0 ? rest | 128 : rest);
  for (let i = 1; i <= spare; i++) bytes.push(i === spare ? 0 : 128);
  return Uint8Array.from(bytes);
};

const CHANGES: readonly Change[] = [
  (bytes, rng) => withByte(bytes, rng, (byte) => byte ^ (1 << rng.below(8))),
  (bytes, rng) => withByte(bytes, rng, () => borderByte(rng)),
  (bytes, rng) => withByte(bytes, rng, (byte) => byte + rng.pick([-1, 1])),
  (bytes, rng) => bytes.slice(0, at(bytes, rng)),
  (bytes, rng) => concatBytes(bytes, rng.bytes(1 + rng.below(rng.chance(0.1) ? 400 : 8))),
  (bytes, rng) => {
    const [from, to] = stretch(bytes, rng);
    return withPart(bytes, from, to, new Uint8Array(0));
  },
  (bytes, rng) => {
    const [from, to] = stretch(bytes, rng);
    return withPart(bytes, to, to, bytes.subarray(from, to));
  },
  (bytes, rng) => {
    const [from, to] = stretch(bytes, rng);
    return withPart(bytes, from, to, new Uint8Array(to - from).fill(rng.pick([0, 0x80, 0xff])));
  },
  (bytes, rng) => {
    const place = at(bytes, rng);
    return withPart(bytes, place, place, rng.bytes(1 + rng.below(8)));
  },
  (bytes, rng) => {
    const place = at(bytes, rng);
    const number = asBytes(borderNumber(rng), rng.pick([1, 2, 4, 8]), rng.chance(0.7));
    return withPart(bytes, place, Math.min(bytes.length, place + number.length), number);
  },
  (bytes, rng) => {
    const place = at(bytes, rng);
    const number = asVarint(borderNumber(rng), rng.chance(0.2) ? rng.between(1, 9) : 0);
    return withPart(bytes, place, Math.min(bytes.length, place + rng.between(0, number.length)), number);
  },
  (bytes, rng, others) => {
    const other = others.length === 0 ? bytes : rng.pick(others);
    return concatBytes(bytes.subarray(0, at(bytes, rng)), other.subarray(at(other, rng)));
  },
  (bytes, rng, others) => {
    const other = others.length === 0 ? bytes : rng.pick(others);
    const [from, to] = stretch(other, rng);
    const place = at(bytes, rng);
    return withPart(bytes, place, Math.min(bytes.length, place + to - from), other.subarray(from, to));
  },
];
/** Rare, because long inputs take long. */
const repeated: Change = (bytes, rng) => {
  const [from, to] = stretch(bytes, rng);
  const part = bytes.subarray(from, Math.max(to, from + 1));
  if (part.length === 0) return bytes;
  const times = Math.floor(rng.pick([300, 1000, 5000, LONG]) / part.length);
  const filled = new Uint8Array(part.length * times);
  for (let i = 0; i < times; i++) filled.set(part, i * part.length);
  return withPart(bytes, from, from, filled);
};
const REPEATS = 0.01;

/** The bytes with one change, or a few. `others`: what parts can be borrowed from. */
export function mutateBytes(rng: Rng, bytes: Uint8Array, others: readonly Uint8Array[] = []): Uint8Array {
  let changed = bytes;
  do changed = (rng.chance(REPEATS) ? repeated : rng.pick(CHANGES))(changed, rng, others);
  while (rng.chance(0.3));
  return changed;
}
