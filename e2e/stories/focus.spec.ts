import type { Page } from '@playwright/test';
import { expect, test } from '../actors/test.ts';
import { go } from '../actors/station.ts';

/** More stops than any screen of the demo has. */
const MAX_STOPS = 80;

/** Walks once through a screen with Tab; returns what had the focus while something lay over all of it. */
const hiddenStops = async (page: Page): Promise<readonly string[]> => {
  const hidden: string[] = [];
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  for (let stops = 0; stops < MAX_STOPS; stops++) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const focused = document.activeElement;
      if (focused === null || focused === document.body) return null;
      const box = focused.getBoundingClientRect();
      const within = [0.1, 0.5, 0.9].flatMap((x) =>
        [0.1, 0.5, 0.9].map((y) => [box.left + box.width * x, box.top + box.height * y] as const),
      );
      const seen = within.some(([x, y]) => {
        const top = document.elementFromPoint(x, y);
        return top !== null && (focused.contains(top) || top.closest('label')?.contains(focused) === true);
      });
      return { name: focused.outerHTML.slice(0, 90), seen };
    });
    if (stop === null) return hidden;
    if (!stop.seen) hidden.push(stop.name);
  }
  throw new Error(`more than ${MAX_STOPS} stops`);
};

test('on a phone no focus lies under the bar at the bottom, and a sheet gives the focus back', async ({
  phone,
}) => {
  const { page } = await phone('Ana', { reducedMotion: 'reduce' });
  await page.getByRole('button', { name: 'Look around a demo circle' }).press('Space');
  await expect(page.getByTestId('balance')).toBeVisible();
  for (const path of [
    '/',
    '/circle',
    '/people',
    '/circle/rules',
    '/me',
    '/pay',
    '/get-paid',
    '/me/storage',
    '/circle/requests',
    '/circle/stewards',
    '/circle/stewards/propose',
    '/circle/rules/policy',
    '/me/devices',
    '/me/recovery/neighbours',
  ]) {
    if (path !== '/') await go(page, path);
    expect(await hiddenStops(page), path).toEqual([]);
  }

  await go(page, '/pay');
  await page
    .getByRole('main')
    .getByRole('listitem')
    .getByRole('link', { name: 'Joan Tur' })
    .first()
    .press('Enter');
  // With a fine pointer the amount takes the focus; a finger would find the keypad.
  await expect(page.getByLabel('How much to Joan Tur, in dors')).toBeFocused();
  const opener = page.getByRole('button', { name: 'What is it for?' });
  const sheet = page.getByRole('dialog', { name: 'What is it for?' });
  for (const close of ['Escape', 'Cancel', 'Done']) {
    await opener.press('Space');
    await expect(sheet).toBeVisible();
    if (close === 'Escape') await page.keyboard.press('Escape');
    else await sheet.getByRole('button', { name: close }).press('Space');
    await expect(sheet).toHaveCount(0);
    await expect(opener, close).toBeFocused();
  }
});

test('a proposal is made and answered by keyboard alone, and the focus stays with what was pressed', async ({
  phone,
}) => {
  const { page } = await phone('Ana', { reducedMotion: 'reduce' });
  await page.getByRole('button', { name: 'Look around a demo circle' }).press('Space');
  await expect(page.getByTestId('balance')).toBeVisible();
  await go(page, '/circle/rules');
  await page.getByRole('link', { name: 'A book is closed after 31 days' }).press('Enter');
  await page.getByLabel('Days', { exact: true }).fill('14');
  await page.getByRole('button', { name: 'Propose it' }).press('Enter');
  await expect(page.getByRole('heading', { name: 'Proposed change' })).toBeFocused();
  const no = page.getByRole('button', { name: 'No', exact: true });
  await no.press('Space');
  await expect(no).toHaveAttribute('aria-pressed', 'true');
  await expect(no).toBeFocused();
  await page.getByLabel('Say something').fill('Two weeks are short.');
  await page.getByRole('button', { name: 'Say it' }).press('Enter');
  await expect(page.getByText('Two weeks are short.')).toBeVisible();
  await expect(page.getByLabel('Say something')).toBeFocused();
});
