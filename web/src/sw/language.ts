import { keptOnUse } from './keptOnUse.ts';
import { CHOICES_CACHE, LANGUAGE_URL } from './names.ts';
import { isWordsOf } from './words.ts';

const WORDS_CACHE = 'corridor-words';

const chosenLanguage = async (): Promise<string | null> => {
  const kept = await (await caches.open(CHOICES_CACHE)).match(LANGUAGE_URL);
  return kept ? kept.text() : null;
};

/** Keeps the sentences of the chosen language; all of them while nobody has chosen. Rejects without network. */
export const keepLanguageWords = async (words: readonly string[], language: string | null): Promise<void> => {
  const chosen = language ?? (await chosenLanguage());
  const wanted = chosen === null ? words : words.filter((url) => isWordsOf(url, chosen));
  const cache = await caches.open(WORDS_CACHE);
  for (const url of wanted) {
    if (!(await cache.match(`/${url}`))) await cache.add(`/${url}`);
  }
};

export const wordsResponse = (request: Request): Promise<Response> => keptOnUse(WORDS_CACHE, request);
