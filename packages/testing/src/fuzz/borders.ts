/** Where encodings and limits change: numbers, lengths and bytes that a reader must get right. */
import type { Rng } from '../sim/rng.ts';

const POWERS = [5, 6, 7, 8, 10, 12, 14, 16, 20, 31, 32, 40, 48, 53] as const;
/** Whole numbers at the border of some width or limit, and beside it. */
const NUMBERS: readonly number[] = [
  ...[0, 1, 2, 3, 9, 10, 11, 16, 17, 22, 23, 24, 25],
  ...POWERS.flatMap((power) => [2 ** power - 2, 2 ** power - 1, 2 ** power, 2 ** power + 1]),
].filter((number) => Number.isSafeInteger(number));

export const borderNumber = (rng: Rng): number => rng.pick(NUMBERS);
/** A number beside this one, or at some border. Never negative, always safe. */
export const nearNumber = (rng: Rng, number: number): number =>
  rng.chance(0.5) && Number.isSafeInteger(number)
    ? Math.max(0, number + rng.pick([-2, -1, 1, 2, 64]))
    : borderNumber(rng);

/** Bytes that are heads, marks or ends in one of our encodings. */
const BYTES = [
  ...[0, 1, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1f, 0x20, 0x38, 0x3b, 0x40, 0x58, 0x5f, 0x60, 0x78, 0x7f],
  ...[0x80, 0x81, 0x98, 0x9b, 0x9f, 0xa0, 0xa1, 0xbf, 0xc0, 0xc2, 0xd8, 0xe0, 0xed, 0xf0, 0xf4, 0xf6, 0xf7],
  ...[0xf9, 0xfb, 0xfe, 0xff],
] as const;
export const borderByte = (rng: Rng): number => rng.pick(BYTES);
