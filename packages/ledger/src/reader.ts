/**
 * Reads the ledger's one encoding [E1] and nothing else: what is not in shortest form, of definite length and
 * of the type that the position demands is a fault. The first fault sticks and later reads return blanks, so a
 * decoder reads straight through and looks once at the end: it never throws and never allocates beyond its input.
 */
import { toHex, utf8Text } from './bytes.ts';
import { MAX_DEPTH } from './limits.ts';
import { nameAt, spellName, type NameTable } from './names.ts';

export type DecodeCode =
  | 'oversize'
  | 'truncated'
  | 'trailing-bytes'
  | 'not-shortest'
  | 'wrong-type'
  | 'wrong-length'
  | 'out-of-range'
  | 'too-deep'
  | 'not-utf8'
  | 'not-nfc'
  | 'unknown-kind'
  | 'kind-not-of-lane'
  | 'newer-version'
  | 'wrong-circle';
/** What is wrong with some bytes, and where: offset of the offending byte and the field read there. */
export interface DecodeFault {
  readonly code: DecodeCode;
  readonly at: number;
  readonly field: string;
}
export interface Reader {
  readonly bytes: Uint8Array;
  at: number;
  depth: number;
  fault: DecodeFault | undefined;
  readonly names: NameTable | undefined;
}
/** `names`: strings made before, for a reader of many entries. */
export const createReader = (bytes: Uint8Array, names?: NameTable): Reader => ({
  bytes,
  at: 0,
  depth: 0,
  fault: undefined,
  names,
});

export function refuse(r: Reader, code: DecodeCode, field: string, at = r.at): void {
  r.fault ??= { code, at, field };
  r.at = r.bytes.length;
}

/** The argument of an item of that major type; -1 after a fault. */
function readHead(r: Reader, major: number, field: string): number {
  const { bytes } = r;
  const start = r.at;
  if (start >= bytes.length) {
    refuse(r, 'truncated', field);
    return -1;
  }
  const first = bytes[start] ?? 0;
  if (first >> 5 !== major) {
    refuse(r, 'wrong-type', field);
    return -1;
  }
  const info = first & 31;
  if (info < 24) {
    r.at = start + 1;
    return info;
  }
  if (info > 27) {
    refuse(r, 'wrong-type', field);
    return -1;
  }
  const width = 1 << (info - 24);
  if (start + 1 + width > bytes.length) {
    refuse(r, 'truncated', field);
    return -1;
  }
  let value = 0;
  for (let i = 1; i <= width; i++) value = value * 256 + (bytes[start + i] ?? 0);
  const least = width === 1 ? 24 : width === 2 ? 0x100 : width === 4 ? 0x10000 : 0x100000000;
  if (value < least) refuse(r, 'not-shortest', field);
  else if (value > Number.MAX_SAFE_INTEGER) refuse(r, 'out-of-range', field);
  else {
    r.at = start + 1 + width;
    return value;
  }
  return -1;
}

/** An integer in [min, end). 0 after a fault. */
export function readInt(r: Reader, field: string, min: number, end: number): number {
  const start = r.at;
  const small = r.bytes[start] as number;
  // Most integers are one byte that is its own value.
  if (small < 24 && small >= min && small < end) {
    r.at = start + 1;
    return small;
  }
  const negative = ((r.bytes[start] ?? 0) & 0xe0) === 0x20;
  const argument = readHead(r, negative ? 1 : 0, field);
  if (argument < 0) return 0;
  const value = negative ? -1 - argument : argument;
  if (value >= min && value < end) return value;
  refuse(r, 'out-of-range', field, start);
  return 0;
}
/** A byte string of `length` bytes as a view, not a copy. */
export function readBytes(r: Reader, field: string, length: number): Uint8Array {
  const start = r.at;
  const got = readHead(r, 2, field);
  if (got < 0) return new Uint8Array(0);
  if (got !== length) refuse(r, 'wrong-length', field, start);
  else if (r.at + length > r.bytes.length) refuse(r, 'truncated', field, start);
  else {
    const view = r.bytes.subarray(r.at, r.at + length);
    r.at += length;
    return view;
  }
  return new Uint8Array(0);
}
/** A byte string of `length` bytes as hex. Callers brand it: the length is what the brand promises. */
export function readHex<Hex extends string>(r: Reader, field: string, length = 32): Hex {
  const { names } = r;
  if (length === 32 && names !== undefined && isNameNext(r)) {
    r.at += NAME_SIZE;
    return nameAt(names, r.bytes, r.at - 32) as Hex;
  }
  return toHex(readBytes(r, field, length)) as Hex;
}
/** The same for 32 bytes that hardly ever come twice, so that they push no name out of the table. */
export function readRareHex<Hex extends string>(r: Reader, field: string): Hex {
  const { names } = r;
  if (names !== undefined && isNameNext(r)) {
    r.at += NAME_SIZE;
    return spellName(names, r.bytes, r.at - 32) as Hex;
  }
  return toHex(readBytes(r, field, 32)) as Hex;
}
/** A head of two bytes and 32 more: what most of an entry is made of, read without a view. */
const NAME_SIZE = 34;
const isNameNext = ({ bytes, at }: Reader): boolean =>
  bytes[at] === 0x58 && bytes[at + 1] === 32 && at + NAME_SIZE <= bytes.length;

/** A byte string of 1 to `max` bytes as hex. */
export function readSomeHex(r: Reader, field: string, max: number): string {
  const start = r.at;
  const length = readHead(r, 2, field);
  if (length < 0) return '';
  r.at = start;
  if (length >= 1 && length <= max) return toHex(readBytes(r, field, length));
  refuse(r, 'wrong-length', field, start);
  return '';
}
/** A byte string of one of two lengths as hex: a whole id, or as much of it as a code has room for. */
export function readEitherHex(r: Reader, field: string, first: number, second: number): string {
  const start = r.at;
  const got = readHead(r, 2, field);
  if (got < 0) return '';
  r.at = start;
  return readHex(r, field, got === first ? first : second);
}
/** Text of at most `maxBytes` of UTF-8, in NFC [E2]. */
export function readText(r: Reader, field: string, maxBytes: number): string {
  const start = r.at;
  const length = readHead(r, 3, field);
  if (length < 0) return '';
  if (length > maxBytes) refuse(r, 'oversize', field, start);
  else if (r.at + length > r.bytes.length) refuse(r, 'truncated', field, start);
  else {
    const text = utf8Text(r.bytes.subarray(r.at, r.at + length));
    if (text === undefined) refuse(r, 'not-utf8', field, start);
    else if (text.normalize('NFC') !== text) refuse(r, 'not-nfc', field, start);
    else {
      r.at += length;
      return text;
    }
  }
  return '';
}
/** Opens an array of exactly `length` values; close it with {@link endArray}. */
export function readArray(r: Reader, field: string, length: number): void {
  const start = r.at;
  if (length < 24 && r.bytes[start] === (0x80 | length)) r.at = start + 1;
  else {
    const got = readHead(r, 4, field);
    if (got >= 0 && got !== length) refuse(r, 'wrong-length', field, start);
  }
  if (++r.depth > MAX_DEPTH) refuse(r, 'too-deep', field, start);
}
export function endArray(r: Reader): void {
  r.depth--;
}
/** An array of at most `max` values, each read by `read`. */
export function readList<T>(r: Reader, field: string, max: number, read: (r: Reader) => T): readonly T[] {
  const start = r.at;
  if (r.bytes[start] === 0x80 && r.depth < MAX_DEPTH) {
    r.at = start + 1;
    return EMPTY;
  }
  const length = readHead(r, 4, field);
  const values: T[] = [];
  if (length > max) refuse(r, 'wrong-length', field, start);
  else if (++r.depth > MAX_DEPTH) refuse(r, 'too-deep', field, start);
  else for (let i = 0; i < length && r.fault === undefined; i++) values.push(read(r));
  endArray(r);
  return values;
}
/** Most lists are empty, and all empty ones are the same. */
const EMPTY: readonly never[] = Object.freeze([]);
export function readOrNull<T>(r: Reader, read: (r: Reader) => T): T | null {
  if (r.bytes[r.at] !== 0xf6) return read(r);
  r.at++;
  return null;
}
/** After the last value: bytes that are left over are a fault. */
export function readEnd(r: Reader): DecodeFault | undefined {
  if (r.fault === undefined && r.at !== r.bytes.length) refuse(r, 'trailing-bytes', 'end');
  return r.fault;
}
