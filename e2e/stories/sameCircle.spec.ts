import type { Page } from '@playwright/test';
import { found, home, inviteLink } from '../actors/circle.ts';
import { expect, test } from '../actors/test.ts';

/** The words of the sheet that is open, once they are made. */
const words = async (page: Page): Promise<readonly string[]> => {
  const list = page.getByRole('dialog').getByRole('list');
  await expect(list).toHaveAttribute('aria-busy', 'false');
  return list.getByRole('listitem').allInnerTexts();
};

test('two phones of one circle show the same six words, whatever they speak; another circle of that name shows others', async ({
  phone,
}) => {
  const ana = await phone('Ana');
  await found(ana);
  const link = await inviteLink(ana);
  await home(ana);
  const strip = ana.page.getByRole('button', { name: 'Compare Valldor with another phone' });
  await strip.press('Enter');
  const hers = await words(ana.page);
  expect(new Set(hers).size).toBeGreaterThan(1);
  expect(hers).toHaveLength(6);
  // By keyboard, too, it leads back to where one was.
  await ana.page.keyboard.press('Escape');
  await expect(strip).toBeFocused();
  await ana.page.getByRole('link', { name: 'Circle', exact: true }).click();
  await ana.page.getByRole('button', { name: 'Compare with another phone' }).click();
  expect(await words(ana.page)).toEqual(hers);
  await ana.page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await expect(ana.page.getByRole('dialog')).toHaveCount(0);

  // Ben has not joined yet: this is when he asks.
  const ben = await phone('Ben', { locale: 'es-ES' });
  await ben.page.goto(link);
  await ben.page.getByRole('button', { name: 'Comparar Valldor con otro teléfono' }).click();
  expect(await words(ben.page)).toEqual(hers);

  const mallory = await phone('Ana');
  await found(mallory);
  await mallory.page.getByRole('button', { name: 'Compare Valldor with another phone' }).click();
  expect(await words(mallory.page)).not.toEqual(hers);
});
