/** Texts that trip who takes a character for a byte, a code unit or a letter. */
import { utf8Bytes } from '@corridor/ledger';
import type { Rng } from '../sim/rng.ts';

const FORMS = ['NFC', 'NFD', 'NFKC', 'NFKD'] as const;
const PIECES = [
  ...[
    '',
    ' ',
    '\0',
    '\n',
    '\r\n',
    '\t',
    '\u2028',
    '\u202e',
    '\ufeff',
    '\u200d',
    '\ufffd',
    '\ud800',
    '\udfff',
  ],
  // Composed, decomposed, and what NFC writes in another way.
  ...['é', 'e\u0301', 'Å', '\u212b', '\u0344', '\u0958', '가', '\u1100\u1161', 'ﬁ', 'ǆ', 'ı', 'ẞ'],
  ...['👩‍👩‍👧', '🏳️‍🌈', '\u{1d7d8}', '\u{10ffff}', '\uffff', '١٢', '９'],
  ...['#j=', '#p=', 'CORRIDOR:', '%00', '%', '..', '/', '\\', '"', '{}', '[]', '-', '_', '=', ';q=0', ','],
] as const;
/** Marks of several classes: their canonical order has to be sorted out. */
const MARKS = ['\u0301', '\u0315', '\u0323', '\u0345', '\u0334', '\u05b0'] as const;

/** A few characters that are seldom thought of; now and then many marks on one letter. */
export const hostilePiece = (rng: Rng): string =>
  rng.chance(0.05)
    ? `a${Array.from({ length: rng.pick([3, 40, 500]) }, () => rng.pick(MARKS)).join('')}`
    : rng.pick(PIECES);

/** UTF-8 that no strict reader takes: overlong, surrogates, beyond the end, cut. */
const BAD_UTF8: readonly (readonly number[])[] = [
  ...[
    [0xc0, 0x80],
    [0xc1, 0xbf],
    [0xe0, 0x80, 0x80],
    [0xf0, 0x80, 0x80, 0x80],
    [0xed, 0xa0, 0x80],
  ],
  ...[[0xed, 0xbf, 0xbf], [0xf4, 0x90, 0x80, 0x80], [0xf8, 0x88, 0x80, 0x80, 0x80], [0x80], [0xe2, 0x82]],
  ...[[0xf0, 0x9f, 0x98], [0xff], [0xfe, 0xff]],
];
export const hostileUtf8 = (rng: Rng): Uint8Array =>
  rng.chance(0.4) ? Uint8Array.from(rng.pick(BAD_UTF8)) : utf8Bytes(hostilePiece(rng));

/** The text with one change, or a few. `others`: what parts can be borrowed from. */
export function mutateText(rng: Rng, text: string, others: readonly string[] = []): string {
  let changed = text;
  do changed = oneChange(rng, changed, others);
  while (rng.chance(0.3));
  return changed;
}
const LONGEST = 20_000;
function oneChange(rng: Rng, text: string, others: readonly string[]): string {
  const from = rng.below(text.length + 1);
  const to = Math.min(text.length, from + rng.below(rng.chance(0.3) ? text.length + 1 : 5));
  const part = text.slice(from, to);
  const put = (piece: string): string => `${text.slice(0, from)}${piece}${text.slice(to)}`;
  switch (rng.below(10)) {
    case 0:
      return text.slice(0, from);
    case 1:
      return put('');
    case 2:
      return put(part + part);
    case 3:
      return put(hostilePiece(rng));
    case 4:
      return put(String.fromCharCode(rng.pick([rng.below(128), rng.below(65_536)])));
    case 5:
      return rng.chance(0.5) ? put(part.toUpperCase()) : put(part.toLowerCase());
    case 6:
      return text.normalize(rng.pick(FORMS));
    case 7: {
      const other = others.length === 0 ? text : rng.pick(others);
      return text.slice(0, from) + other.slice(rng.below(other.length + 1));
    }
    case 8:
      // Rare, because long inputs take long.
      return rng.chance(0.9) || part === ''
        ? put(part.split('').toReversed().join(''))
        : put(part.repeat(Math.ceil(rng.pick([200, 4096, LONGEST]) / part.length)));
    default:
      return from < text.length
        ? text.slice(0, from) +
            String.fromCharCode(text.charCodeAt(from) ^ (1 << rng.below(7))) +
            text.slice(from + 1)
        : text;
  }
}
