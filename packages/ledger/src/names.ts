/**
 * Names are hex strings in the program and 32 bytes in an entry. Entries name the same circle, devices and recent
 * entries again and again: a small table of fixed size gives the string that was made before instead of another copy.
 */
import { toHex } from './bytes.ts';

const NAME_BYTES = 32;
const WORDS = NAME_BYTES / 4;
/** Slots of a table, a power of two: about 2.5 MB. A name that lost its slot is only spelled out again. */
const SLOTS = 2 ** 16;

export interface NameTable {
  readonly words: Int32Array;
  readonly names: (string | undefined)[];
}
export const createNameTable = (): NameTable => ({
  words: new Int32Array(SLOTS * WORDS),
  names: Array.from<string | undefined>({ length: SLOTS }),
});

const wordAt = (bytes: Uint8Array, at: number): number =>
  (bytes[at] as number) |
  ((bytes[at + 1] as number) << 8) |
  ((bytes[at + 2] as number) << 16) |
  ((bytes[at + 3] as number) << 24);

/** The hex of the 32 bytes at `at`, which must be there. Names are hashes and keys, so any four bytes spread them. */
export function nameAt(table: NameTable, bytes: Uint8Array, at: number): string {
  const slot = wordAt(bytes, at) & (SLOTS - 1);
  const base = slot * WORDS;
  const { words } = table;
  const known = table.names[slot];
  let i = 0;
  while (i < WORDS && words[base + i] === wordAt(bytes, at + 4 * i)) i++;
  if (i === WORDS && known !== undefined) return known;
  for (i = 0; i < WORDS; i++) words[base + i] = wordAt(bytes, at + 4 * i);
  const name = toHex(bytes.subarray(at, at + NAME_BYTES));
  table.names[slot] = name;
  return name;
}
