import { expect, test } from 'vitest';
import { isWords, isWordsOf } from '../src/sw/words.ts';

test('a language’s sentences are told from every other file, and from another language’s', () => {
  expect(isWords('assets/words-en-CBVo_CmL.js')).toBe(true);
  expect(isWords('/assets/words-es-CY3VKvd2.js')).toBe(true);
  expect(isWords('/assets/shell-CY3VKvd2.js')).toBe(false);
  expect(isWords('/words')).toBe(false);
  expect(isWordsOf('/assets/words-es-CY3VKvd2.js', 'es')).toBe(true);
  expect(isWordsOf('/assets/words-es-CY3VKvd2.js', 'en')).toBe(false);
  expect(isWordsOf('/assets/words-en-CBVo_CmL.js', 'en-XA')).toBe(true);
});
