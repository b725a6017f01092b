/**
 * Bytes in and out. The reader never throws: once something is wrong it stays wrong, gives zeros and empty
 * arrays, and says so at the end, so decoders read straight on and check once [I16].
 */

export interface ByteWriter {
  readonly u8: (value: number) => void;
  /** Shortest little-endian base-128 form of an integer 0 ≤ value < 2^53. */
  readonly varint: (value: number) => void;
  readonly raw: (bytes: Uint8Array) => void;
  /** Length as varint, then the bytes. */
  readonly counted: (bytes: Uint8Array) => void;
  readonly length: () => number;
  readonly finish: () => Uint8Array;
}

/** Bytes of the varint of `value`. */
export const varintLength = (value: number): number => {
  let length = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) length++;
  return length;
};

/** A writer that grows as it needs. */
export const createWriter = (capacity = 256): ByteWriter => {
  let bytes = new Uint8Array(capacity);
  let at = 0;
  const room = (more: number): void => {
    if (at + more <= bytes.length) return;
    const grown = new Uint8Array(Math.max(bytes.length * 2, at + more));
    grown.set(bytes);
    bytes = grown;
  };
  const u8 = (value: number): void => {
    room(1);
    bytes[at++] = value;
  };
  const varint = (value: number): void => {
    if (!Number.isSafeInteger(value) || value < 0) throw new Error(`not a varint: ${value}`);
    let rest = value;
    while (rest >= 128) {
      u8((rest % 128) | 128);
      rest = Math.floor(rest / 128);
    }
    u8(rest);
  };
  const raw = (part: Uint8Array): void => {
    room(part.length);
    bytes.set(part, at);
    at += part.length;
  };
  return {
    u8,
    varint,
    raw,
    counted: (part) => {
      varint(part.length);
      raw(part);
    },
    length: () => at,
    finish: () => bytes.slice(0, at),
  };
};

export interface ByteReader {
  readonly u8: () => number;
  /** A shortest varint ≤ max. */
  readonly varint: (max: number) => number;
  /** A varint that counts things of at least one byte each, so it cannot exceed what is left. */
  readonly count: (max: number) => number;
  /** A view of the next bytes, not a copy. */
  readonly raw: (length: number) => Uint8Array;
  readonly counted: (max: number) => Uint8Array;
  readonly rest: () => number;
  /** Marks the bytes as no message. */
  readonly refuse: () => void;
  readonly failed: () => boolean;
  /** Everything was read and nothing was wrong. */
  readonly done: () => boolean;
  readonly at: () => number;
}

const NOTHING = new Uint8Array(0);
/** Of a varint below 2^53. */
const MAX_VARINT_BYTES = 8;

export const createReader = (bytes: Uint8Array): ByteReader => {
  let at = 0;
  let bad = false;
  const refuse = (): void => {
    bad = true;
  };
  const u8 = (): number => {
    const value = bad ? undefined : bytes[at];
    if (value === undefined) {
      refuse();
      return 0;
    }
    at++;
    return value;
  };
  const varint = (max: number): number => {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < MAX_VARINT_BYTES; i++) {
      const byte = u8();
      value += (byte & 127) * scale;
      scale *= 128;
      if (byte < 128) {
        // A zero as the last of several would be a second form of the same number.
        if (value > max || (i > 0 && byte === 0)) break;
        return bad ? 0 : value;
      }
    }
    refuse();
    return 0;
  };
  const raw = (length: number): Uint8Array => {
    if (bad || length > bytes.length - at) {
      refuse();
      return NOTHING;
    }
    at += length;
    return bytes.subarray(at - length, at);
  };
  const count = (max: number): number => {
    const value = varint(max);
    if (value <= bytes.length - at) return value;
    refuse();
    return 0;
  };
  return {
    u8,
    varint,
    count,
    raw,
    counted: (max) => raw(varint(max)),
    rest: () => bytes.length - at,
    refuse,
    failed: () => bad,
    done: () => !bad && at === bytes.length,
    at: () => at,
  };
};
