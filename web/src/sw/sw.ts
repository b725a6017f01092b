/**
 * The service worker: the whole app opens without network, a new version waits until it is asked for, and what other
 * apps share arrives at the scan screen.
 */
import { cleanupOutdatedCaches, matchPrecache, precacheAndRoute } from 'workbox-precaching';
import { keepLanguageWords, wordsResponse } from './language.ts';
import { keptOnUse } from './keptOnUse.ts';
import { isEasyLetters, LETTERS_CACHE } from './letters.ts';
import { putAside } from './shared.ts';
import { isWords } from './words.ts';

declare const self: ServiceWorkerGlobalScope;

const manifest = self.__WB_MANIFEST.map((entry) =>
  typeof entry === 'string' ? { url: entry, revision: null } : entry,
);
// sentences come in one file for each language: only the chosen one is kept; so with the letters
precacheAndRoute(manifest.filter(({ url }) => !isWords(url) && !isEasyLetters(url)));
cleanupOutdatedCaches();
const words = manifest.map(({ url }) => url).filter(isWords);

self.addEventListener('install', (event) => {
  event.waitUntil(keepLanguageWords(words, null));
});

// The page that a newcomer was let in on must also find every screen once the network is gone.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

/** What the page may ask of its service worker. */
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

self.addEventListener('message', (event) => {
  const data: unknown = event.data;
  if (!isRecord(data)) return;
  if (data['type'] === 'take-over') void self.skipWaiting();
  if (data['type'] === 'language' && typeof data['language'] === 'string') {
    event.waitUntil(keepLanguageWords(words, data['language']));
  }
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.method === 'POST' && url.pathname === '/shared') {
    event.respondWith(putAside(request));
    return;
  }
  if (request.method !== 'GET') return;
  if (isWords(url.pathname)) {
    event.respondWith(wordsResponse(request));
    return;
  }
  if (isEasyLetters(url.pathname)) {
    event.respondWith(keptOnUse(LETTERS_CACHE, request));
    return;
  }
  // every address of the app is the same page
  if (request.mode === 'navigate') {
    event.respondWith(matchPrecache('index.html').then((page) => page ?? fetch(request)));
  }
});
