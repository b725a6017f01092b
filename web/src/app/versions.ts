import { effect } from '@preact/signals';
import { CHOICES_CACHE, LANGUAGE_URL } from '../sw/names.ts';
import type { App } from './app.ts';

const keepLanguage = async (language: string): Promise<void> => {
  const cache = await caches.open(CHOICES_CACHE);
  await cache.put(LANGUAGE_URL, new Response(language));
};

/**
 * Registers the service worker and says when a new version waits. It never reloads by itself: someone may be in the
 * middle of a sale.
 */
export const watchVersions = (app: App): void => {
  if (import.meta.env.DEV || !isSecureContext || !('serviceWorker' in navigator)) return;
  const offer = (waiting: ServiceWorker): void => {
    // without a controller this is the first version, not a new one
    if (!navigator.serviceWorker.controller) return;
    app.update.value = () => {
      navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
      waiting.postMessage({ type: 'take-over' });
    };
  };
  const register = async (): Promise<void> => {
    await keepLanguage(app.language.peek());
    const registration = await navigator.serviceWorker.register('/sw.js');
    if (registration.waiting) offer(registration.waiting);
    registration.addEventListener('updatefound', () => {
      const coming = registration.installing;
      coming?.addEventListener('statechange', () => {
        if (coming.state === 'installed') offer(coming);
      });
    });
    effect(() => {
      const language = app.language.value;
      keepLanguage(language).then(
        () => registration.active?.postMessage({ type: 'language', language }),
        () => undefined,
      );
    });
  };
  // a browser that refuses service workers (private windows) still has the whole app while it is open
  register().catch(() => undefined);
};
