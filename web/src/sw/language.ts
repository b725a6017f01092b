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

/** From the cache, else from the network, and then kept. Names carry a hash, so a kept one is never stale. */
export const wordsResponse = async (request: Request): Promise<Response> => {
  const cache = await caches.open(WORDS_CACHE);
  const kept = await cache.match(request.url);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) await cache.put(request.url, response.clone());
  return response;
};
