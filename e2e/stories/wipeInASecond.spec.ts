import type { Browser, Page } from '@playwright/test';
import { writeBook } from '../../packages/testing/src/writtenBook.ts';
import { keptForOffline } from '../actors/circle.ts';
import { newPhone, type Phone } from '../actors/phone.ts';
import { outsideTheApp, plantBook } from '../actors/plantedBook.ts';
import { expect, test } from '../actors/test.ts';

const ENTRIES = 10_500;
const LIMIT_MS = 1000;
/** How long the gesture takes: as `HoldButton` counts it. */
const HOLD_MS = 800;
interface BigPhone extends Phone {
  readonly outside: Page;
}
/** Ana's phone with a book of ten thousand entries, kept for offline like any other. */
const withBigBook = async (browser: Browser, url: string): Promise<BigPhone> => {
  const ana = await newPhone(browser, url, 'Ana');
  const outside = await outsideTheApp(ana);
  const book = writeBook(ENTRIES);
  expect(book.ledger.entries.size).toBeGreaterThan(10_000);
  await plantBook(outside, book, 'Ana');
  await ana.page.goto('/');
  await expect(ana.page.getByRole('heading', { name: 'Valldor', level: 1 })).toBeVisible({ timeout: 60_000 });
  await keptForOffline(ana);
  return { ...ana, outside };
};

/**
 * Waits until nothing at all is left of this origin and says when that was: no database, no cache, no service worker, no
 * choices. The page that starts anew would make empty ones again, so it is held up meanwhile.
 */
const nothingLeft = (outside: Page): Promise<number> =>
  outside.evaluate(async () => {
    for (;;) {
      const [databases, kept, workers] = await Promise.all([
        indexedDB.databases(),
        caches.keys(),
        navigator.serviceWorker.getRegistrations(),
      ]);
      const left = databases.length + kept.length + workers.length + localStorage.length;
      if (left === 0) return performance.timeOrigin + performance.now();
    }
  });
const holdUpTheNewStart = async (page: Page): Promise<void> => {
  await page.route('**/', () => undefined);
};

test('[S4] from the press to nothing left: under a second, with a book of ten thousand entries', async ({
  browser,
  relay,
}) => {
  const ana = await withBigBook(browser, relay.url);
  const { page, outside } = ana;
  await page.getByRole('link', { name: 'Me', exact: true }).click();
  await page.getByRole('link', { name: 'Wipe this phone' }).click();
  const button = page.getByRole('button', { name: 'Take everything off this phone' });
  await button.scrollIntoViewIfNeeded();
  await holdUpTheNewStart(page);
  const down = page.evaluate(
    () =>
      new Promise<number>((resolve) =>
        addEventListener('pointerdown', () => resolve(performance.timeOrigin + performance.now())),
      ),
  );
  const gone = nothingLeft(outside);
  await button.hover();
  await page.mouse.down();
  const fromFinger = (await gone) - (await down);
  await page.mouse.up();
  const fromPress = fromFinger - HOLD_MS;
  test.info().annotations.push({
    type: 'wipe',
    description: `${fromPress.toFixed(0)} ms from the press, ${fromFinger.toFixed(0)} ms from the finger on`,
  });
  expect(fromPress).toBeGreaterThan(0);
  expect(fromPress).toBeLessThan(LIMIT_MS);
  await ana.context.close();
  expect(ana.faults).toEqual([]);
});
