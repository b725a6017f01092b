import type { Locator, Page } from '@playwright/test';
import { found, home, inviteLink } from '../actors/circle.ts';
import { expect, test } from '../actors/test.ts';
import { expectLine } from '../actors/trade.ts';

/** More stops than any screen of the path has. */
const MAX_STOPS = 40;

/** Presses Tab until the thing has the focus, and it must show. */
const tabTo = async (page: Page, thing: Locator): Promise<void> => {
  await expect(thing).toBeVisible({ timeout: 60_000 });
  await expect(thing).toBeEnabled();
  for (let stops = 0; stops < MAX_STOPS; stops++) {
    if (await thing.evaluate((element) => element === document.activeElement)) {
      const seen = await thing.evaluate((element) => {
        const ring = getComputedStyle(element);
        return (
          element.matches(':focus-visible') && (ring.outlineStyle !== 'none' || ring.boxShadow !== 'none')
        );
      });
      expect(seen, 'the focus can be seen').toBe(true);
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`${MAX_STOPS} times Tab, and not there: ${thing.toString()}`);
};
const press = async (page: Page, thing: Locator, key = 'Enter'): Promise<void> => {
  await tabTo(page, thing);
  await page.keyboard.press(key);
};
const write = async (page: Page, field: Locator, text: string): Promise<void> => {
  await tabTo(page, field);
  await page.keyboard.type(text);
};

test('joining and paying, with a keyboard alone', async ({ phone }) => {
  const ana = await phone('Ana');
  await found(ana);
  const link = await inviteLink(ana);
  await home(ana);

  const { page } = await phone('Ben', { viewport: { width: 1280, height: 800 } });
  const button = (name: string | RegExp): Locator => page.getByRole('button', { name, exact: true });
  await page.goto(link);
  await press(page, button('Join'));
  await write(page, page.getByRole('textbox', { name: 'Your name' }), 'Ben');
  await press(page, button('Join Valldor'));

  await press(page, page.getByRole('main').getByRole('link', { name: 'Scan or pay' }));
  await press(page, page.getByRole('main').getByRole('listitem').getByRole('link', { name: 'Ana' }));
  await write(page, page.getByLabel('How much to Ana, in dors'), '4.80');
  await press(page, button('What is it for?'));
  const sheet = page.getByRole('dialog', { name: 'What is it for?' });
  // One stop for the whole group; the arrow keys choose in it.
  const chosen = sheet.getByRole('radio', { name: 'Leave it out' });
  await tabTo(page, chosen);
  await page.keyboard.press('ArrowRight');
  await expect(sheet.getByRole('radio', { name: 'Food' })).toBeChecked();
  await write(page, sheet.getByLabel('How much or how many'), '2');
  await press(page, sheet.getByRole('button', { name: 'Done' }));
  await expect(sheet).toHaveCount(0);
  await press(page, button('Pay 4.80 dors to Ana'));
  await expect(page.getByRole('heading', { name: 'Paid', level: 1 })).toBeFocused();
  await press(page, page.getByRole('link', { name: 'Done' }));
  await expectLine({ page }, '2 loaves of bread', '−4.80', 'Final');
  await expectLine(ana, '2 loaves of bread', '+4.80', 'Final');
});
