/**
 * Names are hex strings in the program and 32 bytes in an entry. Entries name the same circle, devices and recent
 * entries again and again: a small table of fixed size gives the string that was made before instead of another copy.
 */

const NAME_BYTES = 32;
const WORDS = NAME_BYTES / 4;
/** Slots of a table, a power of two, 40 bytes each. A name that lost its slot is only spelled out again. */
const LEAST_SLOTS = 2 ** 10;
const MOST_SLOTS = 2 ** 18;
const DIGITS = '0123456789abcdef';
/** Char codes of the high and the low digit of each byte. */
const HIGH = Uint8Array.from({ length: 256 }, (_, byte) => DIGITS.charCodeAt(byte >> 4));
const LOW = Uint8Array.from({ length: 256 }, (_, byte) => DIGITS.charCodeAt(byte & 15));

export interface NameTable {
  readonly words: Int32Array;
  readonly names: (string | undefined)[];
  /** Room to spell one name in, reused: a fresh array for each would cost more than the rest. */
  readonly codes: number[];
}
/** A table for so many names, roughly; it never grows, whatever is read through it. */
export function createNameTable(expected: number): NameTable {
  let slots = LEAST_SLOTS;
  while (slots < expected && slots < MOST_SLOTS) slots *= 2;
  return {
    words: new Int32Array(slots * WORDS),
    names: new Array<string | undefined>(slots),
    codes: Array.from({ length: NAME_BYTES * 2 }, () => 0),
  };
}

const wordAt = (bytes: Uint8Array, at: number): number =>
  (bytes[at] as number) |
  ((bytes[at + 1] as number) << 8) |
  ((bytes[at + 2] as number) << 16) |
  ((bytes[at + 3] as number) << 24);

/** The hex of the 32 bytes at `at`, which must be there: for names that hardly ever come twice. */
export function spellName({ codes }: NameTable, bytes: Uint8Array, at: number): string {
  for (let i = 0; i < NAME_BYTES; i++) {
    const byte = bytes[at + i] as number;
    codes[2 * i] = HIGH[byte] as number;
    codes[2 * i + 1] = LOW[byte] as number;
  }
  return String.fromCharCode.apply(null, codes);
}
/** The same through the table. Names are hashes and keys, so any four bytes spread them. */
export function nameAt(table: NameTable, bytes: Uint8Array, at: number): string {
  const { words, names } = table;
  const slot = wordAt(bytes, at) & (names.length - 1);
  const base = slot * WORDS;
  const known = names[slot];
  let i = 0;
  while (i < WORDS && words[base + i] === wordAt(bytes, at + 4 * i)) i++;
  if (i === WORDS && known !== undefined) return known;
  for (i = 0; i < WORDS; i++) words[base + i] = wordAt(bytes, at + 4 * i);
  const name = spellName(table, bytes, at);
  names[slot] = name;
  return name;
}
