/**
 * Parts a compiled language in two: what the first load says, and what screens that come later say. Which sentence
 * belongs where is told by its file: `messages/en.json`, or `messages/later/en.json`.
 */
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

/** Asked for with this query, a language answers with its later sentences. */
const LATER = '?later';
const COMPILED = /paraglide\/messages\/\w+\.js(\?later)?$/;
const SENTENCE = /^export const (\w+) = /gm;

/** The module with only those of its sentences that `keep` wants. Everything before the first one stays. */
export const sentencesOf = (code: string, keep: (name: string) => boolean): string => {
  const found = [...code.matchAll(SENTENCE)];
  const starts = found.map((match) => match.index);
  const parts = found.map((match, at) => ({
    name: match[1] ?? '',
    text: code.slice(match.index, starts[at + 1] ?? code.length),
  }));
  const kept = parts.filter(({ name }) => keep(name)).map(({ text }) => text);
  return code.slice(0, starts[0] ?? code.length) + kept.join('');
};

/** `later`: the file with the later sentences of one language; every language has the same names. */
export const splitWords = (later: string): Plugin => ({
  name: 'corridor-split-words',
  transform(code, id) {
    if (!COMPILED.test(id)) return null;
    const names = new Set(Object.keys(JSON.parse(readFileSync(later, 'utf8')) as object));
    const wantsLater = id.endsWith(LATER);
    return { code: sentencesOf(code, (name) => names.has(name) === wantsLater), map: null };
  },
});
