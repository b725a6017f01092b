/** Bytes and the two texts they travel as: lower-case hex and UTF-8. Pure: `ledger` has no TextEncoder. */

const DIGITS = '0123456789abcdef';
/** Char codes of the two digits of each byte. */
const DIGIT_CODES = Uint8Array.from({ length: 512 }, (_, i) =>
  DIGITS.charCodeAt(i % 2 === 0 ? i >> 5 : (i >> 1) & 15),
);
/** Value of a lower-case hex digit by its char code; -1 for anything else. */
const DIGIT_VALUES = Int8Array.from({ length: 128 }, (_, code) => DIGITS.indexOf(String.fromCharCode(code)));
/** `fromCharCode` takes its codes as arguments, and engines bound their number. */
const CODES_PER_CALL = 8192;

const digitValue = (hex: string, at: number): number => DIGIT_VALUES[hex.charCodeAt(at)] ?? -1;

const textOfCodes = (codes: number[]): string => {
  if (codes.length <= CODES_PER_CALL) return String.fromCharCode.apply(null, codes);
  const parts: string[] = [];
  for (let at = 0; at < codes.length; at += CODES_PER_CALL)
    parts.push(String.fromCharCode.apply(null, codes.slice(at, at + CODES_PER_CALL)));
  return parts.join('');
};

/** Lower-case hex of `bytes`. Made in one call, not by `+=`: a rope of 32 pieces is slow as a map key. */
export const toHex = (bytes: Uint8Array): string => {
  const codes = new Array<number>(bytes.length * 2);
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    codes[2 * i] = DIGIT_CODES[2 * byte] as number;
    codes[2 * i + 1] = DIGIT_CODES[2 * byte + 1] as number;
  }
  return textOfCodes(codes);
};

/** Bytes of a hex text; undefined unless it is an even number of lower-case hex digits. */
export const fromHex = (hex: string): Uint8Array<ArrayBuffer> | undefined => {
  if (hex.length % 2 !== 0) return undefined;
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    const high = digitValue(hex, 2 * i);
    const low = digitValue(hex, 2 * i + 1);
    if (high < 0 || low < 0) return undefined;
    bytes[i] = (high << 4) | low;
  }
  return bytes;
};

/** Whether both hold the same bytes. Not constant-time: nothing compared here is secret. */
export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean => {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
};

/** Order of bytes as numbers, a prefix first: negative, zero or positive. Same order as their hex. */
export const compareBytes = (a: Uint8Array, b: Uint8Array): number => {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
};

/** All parts one after another, in a new array. */
export const concatBytes = (...parts: readonly Uint8Array[]): Uint8Array => {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

const REPLACEMENT = 0xfffd;
const isSurrogate = (point: number): boolean => point >= 0xd800 && point <= 0xdfff;

/** UTF-8 of `text`. A lone surrogate has no UTF-8 and becomes U+FFFD, as everywhere on the web. */
export const utf8Bytes = (text: string): Uint8Array => {
  // At most three bytes for each UTF-16 unit (a pair of units takes four).
  const bytes = new Uint8Array(text.length * 3);
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    let point = text.codePointAt(i) as number;
    if (point > 0xffff) i++;
    if (isSurrogate(point)) point = REPLACEMENT;
    if (point < 0x80) {
      bytes[at++] = point;
    } else if (point < 0x800) {
      bytes[at++] = 0xc0 | (point >> 6);
      bytes[at++] = 0x80 | (point & 63);
    } else if (point < 0x10000) {
      bytes[at++] = 0xe0 | (point >> 12);
      bytes[at++] = 0x80 | ((point >> 6) & 63);
      bytes[at++] = 0x80 | (point & 63);
    } else {
      bytes[at++] = 0xf0 | (point >> 18);
      bytes[at++] = 0x80 | ((point >> 12) & 63);
      bytes[at++] = 0x80 | ((point >> 6) & 63);
      bytes[at++] = 0x80 | (point & 63);
    }
  }
  return bytes.slice(0, at);
};

/** Smallest code point that may take 1, 2, 3 or 4 bytes: below it the form is overlong. */
const SMALLEST = [0, 0x80, 0x800, 0x10000] as const;

/**
 * The text of strict UTF-8; undefined for anything else (overlong forms, surrogates, cut sequences,
 * beyond U+10FFFF). No byte-order mark is dropped, so `utf8Bytes` gives the same bytes back [E1].
 */
export const utf8Text = (bytes: Uint8Array): string | undefined => {
  const codes: number[] = [];
  for (let i = 0; i < bytes.length;) {
    const first = bytes[i++] as number;
    if (first < 0x80) {
      codes.push(first);
      continue;
    }
    const more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
    if (first < 0xc2 || first > 0xf4 || i + more > bytes.length) return undefined;
    let point = first & (0x3f >> more);
    for (let k = 0; k < more; k++) {
      const next = bytes[i++] as number;
      if ((next & 0xc0) !== 0x80) return undefined;
      point = (point << 6) | (next & 63);
    }
    if (point < (SMALLEST[more] as number) || point > 0x10ffff || isSurrogate(point)) return undefined;
    if (point < 0x10000) codes.push(point);
    else codes.push(0xd800 + ((point - 0x10000) >> 10), 0xdc00 + ((point - 0x10000) & 0x3ff));
  }
  return textOfCodes(codes);
};
