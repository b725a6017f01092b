import { expect, test } from 'vitest';
import { isEasyLetters } from '../src/sw/letters.ts';
import { isWords, isWordsOf } from '../src/sw/words.ts';

test('a language’s sentences are told from every other file, and from another language’s', () => {
  expect(isWords('assets/words-en-CBVo_CmL.js')).toBe(true);
  expect(isWords('/assets/words-es-CY3VKvd2.js')).toBe(true);
  expect(isWords('/assets/shell-CY3VKvd2.js')).toBe(false);
  expect(isWords('/words')).toBe(false);
  expect(isWordsOf('/assets/words-es-CY3VKvd2.js', 'es')).toBe(true);
  expect(isWordsOf('/assets/words-es-CY3VKvd2.js', 'en')).toBe(false);
  expect(isWordsOf('/assets/words-en-CBVo_CmL.js', 'en-XA')).toBe(true);
  expect(isWords('assets/words-en-later-CBVo_CmL.js')).toBe(true);
  expect(isWordsOf('/assets/words-es-later-CBVo_CmL.js', 'es')).toBe(true);
  expect(isWordsOf('/assets/words-es-later-CBVo_CmL.js', 'en')).toBe(false);
});

test('the easier letters are told from the usual ones', () => {
  expect(isEasyLetters('/assets/atkinson-hyperlegible-next-latin-wght-normal-B1xY_z-9.woff2')).toBe(true);
  expect(isEasyLetters('assets/atkinson-hyperlegible-next-latin-ext-wght-normal-B1xYz.woff2')).toBe(true);
  expect(isEasyLetters('/assets/public-sans-latin-wght-normal-DdeTHZLK.woff2')).toBe(false);
  expect(isEasyLetters('/atkinson-hyperlegible-next.woff2')).toBe(false);
});
