import { expect, test } from 'vitest';
import { WORD_LIST } from '../src/parts/wordList.ts';
import { linkWords, weaveWords } from '../src/parts/weaveWords.ts';

test('a circle keeps its words: another version of the app says the same six', async () => {
  expect(await weaveWords('00112233445566778899aabbccddeeff'.repeat(2))).toEqual([
    'scooter',
    'romance',
    'coyote',
    'social',
    'yeti',
    'hobby',
  ]);
  // one digit further, and nothing is left of them
  expect(await weaveWords('00112233445566778899aabbccddeefe'.repeat(2))).toEqual([
    'jade',
    'guacamole',
    'motor',
    'eclipse',
    'tractor',
    'gazpacho',
  ]);
});

/** How many letters must be changed, added, taken away or swapped with their neighbour to make one word another. */
const distance = (a: string, b: string): number => {
  const rows = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : j === 0 ? i : 0)),
  );
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Infinity;
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const row = rows[i];
      if (row)
        row[j] = Math.min(
          at(i - 1, j) + 1,
          at(i, j - 1) + 1,
          at(i - 1, j - 1) + same,
          swapped ? at(i - 2, j - 2) + 1 : Infinity,
        );
    }
  return at(a.length, b.length);
};

/** Letters that one of the two languages says alike are written alike. */
const SOUNDS = [
  [/ph/g, 'f'],
  [/sh|ch/g, 'x'],
  [/qu|ck/g, 'k'],
  [/gu(?=[ei])/g, 'g'],
  [/[cz](?=[ei])|z/g, 's'],
  [/[cq]/g, 'k'],
  [/ll/g, 'y'],
  [/v/g, 'b'],
  [/w/g, 'u'],
  [/g(?=[ei])/g, 'j'],
  [/h/g, ''],
  [/(.)\1/g, '$1'],
] as const;
const sound = (word: string): string =>
  SOUNDS.reduce((said, [letters, alike]) => said.replace(letters, alike), word);

test('256 short words, and no two of them look or sound alike', () => {
  expect(WORD_LIST).toHaveLength(256);
  expect(WORD_LIST.filter((word) => !/^[a-z]{4,9}$/.test(word))).toEqual([]);
  expect(new Set(WORD_LIST.map((word) => word.slice(0, 4))).size).toBe(256);
  const alike = WORD_LIST.flatMap((word, at) =>
    WORD_LIST.slice(at + 1)
      .filter((other) => distance(word, other) < 2 || distance(sound(word), sound(other)) < 2)
      .map((other) => `${word} ${other}`),
  );
  expect(alike).toEqual([]);
});

test('a link’s words are its own, the same on the phone that made it and the one that read it', async () => {
  const invite = '00112233445566778899aabbccddeeff'.repeat(2);
  const words = await linkWords(invite);
  expect(words).toEqual(await linkWords(invite));
  expect(words).not.toEqual(await weaveWords(invite));
  expect(words).toEqual(['ramen', 'jazz', 'social', 'tuba', 'global', 'falafel']);
});
