import { signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';

/** Whether the browser believes in a network. */
export const watchNetwork = (): ReadonlySignal<boolean> => {
  const online = signal(navigator.onLine);
  addEventListener('online', () => {
    online.value = true;
  });
  addEventListener('offline', () => {
    online.value = false;
  });
  return online;
};

const MINUTE_MS = 60_000;

/** Unix seconds, moving once a minute: enough for "Up to date, 14:02" and for a day that ends. */
export const watchTime = (): ReadonlySignal<number> => {
  const now = signal(Math.floor(Date.now() / 1000));
  setInterval(() => {
    now.value = Math.floor(Date.now() / 1000);
  }, MINUTE_MS);
  return now;
};
