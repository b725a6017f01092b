/**
 * Writes the ledger's one encoding [E1]: the subset of RFC 8949 CBOR with integers, byte strings, text,
 * null and definite-length arrays, every length and integer in its shortest form.
 */
import { fromHex, utf8Bytes } from './bytes.ts';

export interface Writer {
  bytes: Uint8Array;
  length: number;
}
const MAJOR = { uint: 0, negative: 1, bytes: 2, text: 3, array: 4 } as const;
const NULL = 0xf6;

export const createWriter = (): Writer => ({ bytes: new Uint8Array(320), length: 0 });
/** A copy of what was written. */
export const written = (w: Writer): Uint8Array => w.bytes.slice(0, w.length);

function room(w: Writer, more: number): void {
  if (w.length + more <= w.bytes.length) return;
  const grown = new Uint8Array(Math.max(w.bytes.length * 2, w.length + more));
  grown.set(w.bytes.subarray(0, w.length));
  w.bytes = grown;
}

function writeHead(w: Writer, major: number, value: number): void {
  room(w, 9);
  const top = major << 5;
  const { bytes } = w;
  if (value < 24) {
    bytes[w.length++] = top | value;
  } else if (value < 0x100) {
    bytes[w.length++] = top | 24;
    bytes[w.length++] = value;
  } else if (value < 0x10000) {
    bytes[w.length++] = top | 25;
    bytes[w.length++] = value >>> 8;
    bytes[w.length++] = value & 0xff;
  } else if (value < 0x100000000) {
    bytes[w.length++] = top | 26;
    for (let shift = 24; shift >= 0; shift -= 8) bytes[w.length++] = (value >>> shift) & 0xff;
  } else {
    bytes[w.length++] = top | 27;
    const high = Math.floor(value / 0x100000000);
    for (let shift = 24; shift >= 0; shift -= 8) bytes[w.length++] = (high >>> shift) & 0xff;
    for (let shift = 24; shift >= 0; shift -= 8) bytes[w.length++] = (value >>> shift) & 0xff;
  }
}

/** Safe integers only: anything else is a broken invariant of the caller and throws. */
export function writeInt(w: Writer, value: number): void {
  if (!Number.isSafeInteger(value)) throw new RangeError(`not a safe integer: ${value}`);
  if (value >= 0) writeHead(w, MAJOR.uint, value);
  else writeHead(w, MAJOR.negative, -1 - value);
}
export function writeBytes(w: Writer, value: Uint8Array): void {
  writeHead(w, MAJOR.bytes, value.length);
  room(w, value.length);
  w.bytes.set(value, w.length);
  w.length += value.length;
}
/** Hex in the program, bytes in the encoding. */
export function writeHex(w: Writer, hex: string): void {
  const bytes = fromHex(hex);
  if (bytes === undefined) throw new TypeError('not lower-case hex');
  writeBytes(w, bytes);
}
export function writeText(w: Writer, value: string): void {
  const bytes = utf8Bytes(value.normalize('NFC'));
  writeHead(w, MAJOR.text, bytes.length);
  room(w, bytes.length);
  w.bytes.set(bytes, w.length);
  w.length += bytes.length;
}
/** Opens an array: exactly `length` values must follow. */
export function writeArray(w: Writer, length: number): void {
  writeHead(w, MAJOR.array, length);
}
export function writeNull(w: Writer): void {
  room(w, 1);
  w.bytes[w.length++] = NULL;
}
export function writeOrNull<T>(w: Writer, value: T | null, write: (w: Writer, value: T) => void): void {
  if (value === null) writeNull(w);
  else write(w, value);
}
export function writeList<T>(w: Writer, values: readonly T[], write: (w: Writer, value: T) => void): void {
  writeArray(w, values.length);
  for (const value of values) write(w, value);
}
