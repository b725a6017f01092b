import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readMessages } from './plainWords.ts';
import type { Message } from './plainWords.ts';

/** The first load's sentences, and those of the screens that come later. */
const FILES = [
  { folder: 'messages', en: readMessages('en'), es: readMessages('es') },
  { folder: 'messages/later', en: readMessages('later/en'), es: readMessages('later/es') },
];

const sentences = (message: Message): readonly string[] =>
  typeof message === 'string'
    ? [message]
    : Object.entries(message)
        .filter(([name]) => name !== 'by')
        .map(([, text]) => text);
const places = (message: Message): string =>
  [
    ...new Set(
      sentences(message).flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '')),
    ),
  ]
    .toSorted()
    .join(' ');

/** LOOK: words that belong to another world than a neighbour's notebook. */
const BANNED =
  /\b(wallets?|tokens?|transactions?|nodes?|peers?|sync\w*|keys?|seeds?|blockchains?|users?|invalid|failed to|glitch|IOUs?|treat(y|ies)|witness\w*)\b/i;
const VETADAS =
  /(^|[^\p{L}])(monederos?|billeteras?|carteras?|transacci(ón|ones)|nodos?|pares|sincroniza\p{L}*|claves?|llaves?|semillas?|usuari[oa]s?|inválid[oa]s?)($|[^\p{L}])/iu;

/** Everything that speaks. */
const sources = (folder: URL): string =>
  readdirSync(folder, { withFileTypes: true })
    .map((row) => {
      if (row.name === 'paraglide') return '';
      if (row.isDirectory()) return sources(new URL(`${row.name}/`, folder));
      return /\.tsx?$/.test(row.name) ? readFileSync(new URL(row.name, folder), 'utf8') : '';
    })
    .join('\n');

test('every sentence is said somewhere', () => {
  const calls = sources(new URL('../src/', import.meta.url)).matchAll(/\b(?:m|peek\(\))\.(\w+)/g);
  const said = new Set([...calls].map(([, name]) => name));
  const names = FILES.flatMap(({ en }) => Object.keys(en));
  expect(names.filter((name) => !said.has(name))).toEqual([]);
});

test('no sentence is in the first load and among the later ones', () => {
  const [first, later] = FILES.map(({ en }) => new Set(Object.keys(en)));
  expect([...(first ?? [])].filter((name) => later?.has(name))).toEqual([]);
});

describe.each(FILES)('the sentences in $folder', ({ en, es }) => {
  test('are the same in both languages: names, places, and what bends with a number', () => {
    expect(Object.keys(es).toSorted()).toEqual(Object.keys(en).toSorted());
    for (const [name, message] of Object.entries(en)) {
      const other = es[name] ?? '';
      expect(places(other), name).toBe(places(message));
      expect(typeof other, name).toBe(typeof message);
    }
  });

  test('are ordered by name, so that two writers meet in one place', () => {
    expect(Object.keys(en)).toEqual(Object.keys(en).toSorted());
    expect(Object.keys(es)).toEqual(Object.keys(es).toSorted());
  });

  test('use no banned word', () => {
    for (const [name, message] of Object.entries(en))
      expect(sentences(message).join(' '), name).not.toMatch(BANNED);
    for (const [name, message] of Object.entries(es))
      expect(sentences(message).join(' '), name).not.toMatch(VETADAS);
  });

  test('are all there: none is empty, and none was left in the other language', () => {
    const same = new Set([
      'app',
      'balance',
      'default_unit',
      'hidden_amount',
      'megabytes',
      'motion_no',
      'motion_say_no',
      'need_met',
      'no',
      'quantity_kcal',
      'quantity_kwh',
    ]);
    for (const [name, message] of Object.entries(en)) {
      const other = es[name] ?? '';
      expect(
        sentences(other).every((text) => text.trim() !== ''),
        name,
      ).toBe(true);
      if (!same.has(name)) expect(sentences(other).join(), name).not.toBe(sentences(message).join());
    }
  });
});
