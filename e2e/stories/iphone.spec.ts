import type { Page } from '@playwright/test';
import { found, home, inviteLink } from '../actors/circle.ts';
import { expect, test } from '../actors/test.ts';
import { IPHONE } from '../actors/tour.ts';

/** For `before`: a page in Safari on an iPhone. */
const AS_IPHONE = `
  for (const [name, value] of Object.entries(${JSON.stringify(IPHONE)}))
    Object.defineProperty(navigator, name, { value, configurable: true });
`;
/** The same, opened from the home screen. */
const INSTALLED = `${AS_IPHONE} Object.defineProperty(navigator, 'standalone', { value: true });`;

/** How many things the app has put in this browser's database: keys, entries, records. */
const kept = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open('corridor');
        opening.addEventListener('error', () => reject(new Error('no database')));
        opening.addEventListener('success', () => {
          const database = opening.result;
          const names = [...database.objectStoreNames];
          const looking = database.transaction(names);
          const counts = names.map((name) => looking.objectStore(name).count());
          looking.addEventListener('complete', () => {
            database.close();
            resolve(counts.reduce((sum, { result }) => sum + result, 0));
          });
        });
      }),
  );

test('on an iPhone one installs first: the invite comes along, and nothing is made in the tab that is left', async ({
  phone,
}) => {
  const ana = await phone('Ana');
  await found(ana);
  const link = await inviteLink(ana);
  await home(ana);

  const permissions = ['clipboard-read', 'clipboard-write'];
  const { page: tab } = await phone('Ben', { before: AS_IPHONE, permissions });
  await tab.goto(link);
  await expect(tab.getByRole('heading', { name: 'First put Corridor on your home screen' })).toBeVisible();
  await expect(tab.getByRole('list').getByRole('listitem')).toHaveCount(4);
  await expect(tab.getByRole('button', { name: 'Join' })).toHaveCount(0);
  await tab.getByRole('button', { name: 'Copy link' }).click();
  await expect(tab.getByText('Copied.')).toBeVisible();
  const copied = await tab.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe(link);
  expect(await kept(tab)).toBe(0);

  // The home screen's app: another storage, and no link that leads to it.
  const { page: app } = await phone('Ben', { before: INSTALLED });
  await app.getByRole('link', { name: 'Join a circle' }).click();
  await app.getByLabel('Or paste a code or link').fill(copied);
  await app.getByRole('button', { name: 'Read it' }).click();
  await app.getByRole('button', { name: 'Join', exact: true }).click();
  await app.getByRole('textbox', { name: 'Your name' }).fill('Ben');
  await app.getByRole('button', { name: 'Join Valldor' }).click();
  await expect(app.getByRole('heading', { name: 'Valldor', level: 1 })).toBeVisible({ timeout: 60_000 });
  expect(await kept(app)).toBeGreaterThan(0);
});

test('whoever wants to goes on in Safari, and has read what that means', async ({ phone }) => {
  const ana = await phone('Ana');
  await found(ana);
  const link = await inviteLink(ana);
  await home(ana);
  const { page } = await phone('Ben', { before: AS_IPHONE });
  await page.goto(link);
  await expect(page.getByText(/^In Safari it works too, but/)).toBeVisible();
  await page.getByRole('button', { name: 'Go on here' }).press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
  await page.getByRole('button', { name: 'Join', exact: true }).click();
  await page.getByRole('textbox', { name: 'Your name' }).fill('Ben');
  await page.getByRole('button', { name: 'Join Valldor' }).click();
  await expect(page.getByRole('heading', { name: 'Valldor', level: 1 })).toBeVisible({ timeout: 60_000 });
});
