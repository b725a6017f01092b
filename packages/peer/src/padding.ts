/**
 * The padding rule [S1]: one byte 0x80, then zeros, up to the next multiple of {@link PAD_STEP} bytes. It
 * adds 1 to 32 bytes (16.5 on average), and a sealed length tells a payment's size only in steps of 32.
 */
import { PAD_STEP } from './storageLimits.ts';

const MARK = 0x80;

/** Length of `length` bytes once padded. */
export const paddedLength = (length: number): number => (Math.floor(length / PAD_STEP) + 1) * PAD_STEP;

/** Writes `bytes` and their padding into `target`, which has exactly {@link paddedLength} zero bytes. */
export const writePadded = (target: Uint8Array, bytes: Uint8Array): void => {
  target.set(bytes);
  target[bytes.length] = MARK;
};

/** What was padded; undefined unless the padding is the one the rule gives. */
export const unpad = (padded: Uint8Array): Uint8Array | undefined => {
  let end = padded.length - 1;
  while (end >= 0 && padded[end] === 0) end--;
  if (end < 0 || padded[end] !== MARK || paddedLength(end) !== padded.length) return undefined;
  return padded.subarray(0, end);
};
