import { readFile } from 'node:fs/promises';
import { savedFile, writeBook } from '../../packages/testing/src/writtenBook.ts';
import { found, home, inviteLink, join, upToDate } from '../actors/circle.ts';
import { newPhone, type Phone } from '../actors/phone.ts';
import { outsideTheApp, plantBook } from '../actors/plantedBook.ts';
import { expect, test } from '../actors/test.ts';
import { expectLine, ledgerOnScreen, pay } from '../actors/trade.ts';

const dataScreen = async ({ page }: Pick<Phone, 'page'>): Promise<void> => {
  await home({ page });
  await page.getByRole('link', { name: 'Me', exact: true }).click();
  await page.getByRole('link', { name: 'Your data' }).click();
  await expect(page.getByRole('heading', { name: 'Your data', level: 1 })).toBeVisible();
};
const saveCopy = async (phone: Pick<Phone, 'page'>): Promise<string> => {
  await dataScreen(phone);
  const coming = phone.page.waitForEvent('download');
  await phone.page.getByRole('button', { name: 'Save a copy' }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toMatch(/^valldor-\d{4}-\d\d-\d\d\.circle$/);
  return readFile(await download.path(), 'utf8');
};
const choose = async ({ page }: Pick<Phone, 'page'>, file: string): Promise<void> => {
  const mimeType = 'application/octet-stream';
  await page
    .getByLabel('Choose a file')
    .setInputFiles({ name: 'valldor.circle', mimeType, buffer: Buffer.from(file) });
};
const fact = ({ page }: Pick<Phone, 'page'>, name: string) =>
  page
    .locator('dl.facts div')
    .filter({ has: page.getByText(name, { exact: true }) })
    .locator('dd');

test('[S4] a saved book is checked by anybody: whose it is, that all of it holds; changed in one line, it says which', async ({
  phone,
}) => {
  const ana = await phone('Ana');
  await found(ana);
  const link = await inviteLink(ana);
  const ben = await phone('Ben');
  await join(ben, link);
  await upToDate(ben);
  await pay(ben, { to: 'Ana', amount: '4.80', loaves: 2 });
  await home(ana);
  await expectLine(ana, '2 loaves of bread', '+4.80', 'Final');
  const file = await saveCopy(ana);

  const cara = await phone('Cara');
  await cara.page.getByRole('link', { name: 'Check a saved book' }).click();
  await choose(cara, file);
  await expect(cara.page.getByRole('heading', { name: 'The book of Valldor' })).toBeFocused();
  await expect(fact(cara, 'People')).toHaveText('2');
  await expect(fact(cara, 'Payments')).toHaveText('1');
  await expect(fact(cara, 'Names and notes')).toHaveText('3');
  await expect(
    cara.page.getByText('every signature holds, and all balances together make zero'),
  ).toBeVisible();
  await expect(cara.page.getByText('what signs for a person is never in the file')).toBeVisible();
  await expect(cara.page.getByRole('button', { name: 'Bring it in' })).toHaveCount(0);

  const lines = file.split('\n');
  const signed = lines.findIndex((line, at) => at > 1 && line.includes('.'));
  const forged = (lines[signed] ?? '').replace(/\.[^.]+$/, `.${'A'.repeat(86)}`);
  await choose(cara, lines.with(signed, forged).join('\n'));
  await expect(cara.page.getByRole('alert')).toContainText(
    `The signature in line ${signed + 1} doesn't match`,
  );
  await expect(cara.page.getByRole('alert')).toContainText('Nothing of it was kept');
  await expect(cara.page.getByRole('heading', { name: 'The book of Valldor' })).toHaveCount(0);
  await choose(cara, lines.slice(0, -2).join('\n').concat('\n'));
  await expect(cara.page.getByRole('alert')).toContainText('The file breaks off');
  await choose(cara, 'Dear neighbours,\n');
  await expect(cara.page.getByRole('alert')).toContainText("This isn't a saved book");
  await cara.page.reload();
  await expect(cara.page.getByRole('heading', { name: 'Check a saved book' })).toBeVisible();
  await cara.page.getByRole('link', { name: 'Back' }).click();
  await expect(cara.page.getByRole('link', { name: 'Found a circle' })).toBeVisible();

  // In a circle of her own it is another's, also where both have one name.
  await found(cara, 'Ullastret');
  await dataScreen(cara);
  await choose(cara, file);
  await expect(cara.page.getByText('This is the book of Valldor, another circle.')).toBeVisible();
  await expect(cara.page.getByRole('button', { name: 'Bring it in' })).toHaveCount(0);
  // And who has all of it is told so.
  await dataScreen(ben);
  await choose(ben, file);
  await expect(ben.page.getByText('This phone has all of it already.')).toBeVisible();
});

test('[S4] [P9] a phone that lacks most of the book brings it in from a file: ten thousand entries, said before, and there after a reload', async ({
  browser,
  relay,
}) => {
  const eva = await newPhone(browser, relay.url, 'Eva');
  const outside = await outsideTheApp(eva);
  const [before, after] = [writeBook(200), writeBook(10_500)];
  const [had, comes] = [before.ledger.entries.size, after.ledger.entries.size];
  await plantBook(outside, before, 'Eva');
  await outside.close();
  const { page } = eva;
  await page.goto('/');
  await expect(page.getByRole('heading', { name: 'Valldor', level: 1 })).toBeVisible();
  await dataScreen(eva);
  await choose(eva, savedFile(after));
  await expect(page.getByRole('heading', { name: 'This phone lacks' })).toBeVisible({ timeout: 60_000 });
  const number = (value: number): string => new Intl.NumberFormat('en-GB').format(value);
  await expect(fact(eva, 'Entries')).toHaveText(number(comes - had));
  const started = Date.now();
  await page.getByRole('button', { name: 'Bring it in' }).click();
  await expect(page.getByRole('heading', { name: 'Checked and kept' })).toBeVisible({ timeout: 60_000 });
  test.info().annotations.push({ type: 'bring in', description: `${Date.now() - started} ms` });
  await expect(fact(eva, 'Entries')).toHaveText(number(comes - had));
  await home(eva);
  const shown = await ledgerOnScreen(eva);
  await page.reload();
  await expect.poll(() => ledgerOnScreen(eva)).toEqual(shown);
  await page.getByRole('link', { name: 'Me', exact: true }).click();
  await page.getByRole('link', { name: 'Storage' }).click();
  await expect(fact(eva, 'Entries in the book')).toHaveText(number(comes));
  await eva.context.close();
  expect(eva.faults).toEqual([]);
});
