import { readFile } from 'node:fs/promises';
import type { Download, Page } from '@playwright/test';
import { found, home, inviteLink, join, upToDate } from '../actors/circle.ts';
import type { Phone } from '../actors/phone.ts';
import { expect, test } from '../actors/test.ts';
import { expectLine, lines, pay } from '../actors/trade.ts';

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Sent from a phone, over whatever there is. */
const MAX_PICTURE_BYTES = 150_000;

/** Opens what can be given away, and does `how` with it. */
const share = async (page: Page, how: string): Promise<void> => {
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  await page.getByRole('dialog', { name: 'Share the receipt' }).getByRole('button', { name: how }).click();
};
const shareToFile = async (page: Page, how: string): Promise<Download> => {
  const [download] = await Promise.all([page.waitForEvent('download'), share(page, how)]);
  await expect(page.getByText('It is in your downloads.')).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  return download;
};
const contentOf = async (download: Download): Promise<Buffer> => readFile(await download.path());

/** Ana founds, Ben joins and pays her for jam; Ana is at its receipt. */
const jam = async (phone: (name: string) => Promise<Phone>): Promise<readonly [Phone, Phone]> => {
  const ana = await phone('Ana');
  await found(ana);
  const link = await inviteLink(ana);
  await home(ana);
  const ben = await phone('Ben');
  await join(ben, link);
  await upToDate(ben);
  await pay(ben, { to: 'Ana', amount: '12.00', note: 'Jam' });
  await home(ben);
  await expectLine(ben, 'Jam', '−12.00', 'Final');
  await expectLine(ana, 'Jam', '+12.00', 'Final');
  await lines(ana).filter({ hasText: 'Jam' }).click();
  return [ana, ben];
};

test('a receipt is given away as text, as a picture and as a file, and the file can be checked', async ({
  phone,
}) => {
  const [ana, ben] = await jam((name) => phone(name, { permissions: ['clipboard-read', 'clipboard-write'] }));
  const code = /[0-9A-Z]{4} [0-9A-Z]{4}/.exec(await ana.page.getByRole('article').innerText())?.[0] ?? '';
  expect(code).not.toBe('');

  // Where a phone has no share sheet, text goes to the clipboard and the rest to the downloads.
  await share(ana.page, 'As text');
  await expect(ana.page.getByText('Copied.')).toBeVisible();
  const text = await ana.page.evaluate(() => navigator.clipboard.readText());
  for (const part of ['Ben paid Ana: 12.00 dors', 'For: Jam', code, ': Final', 'Valldor'])
    expect(text).toContain(part);

  const picture = await shareToFile(ana.page, 'As a picture');
  expect(picture.suggestedFilename()).toBe(`corridor-${code.replace(' ', '-')}.png`);
  const pixels = await contentOf(picture);
  expect(pixels.subarray(0, PNG.length)).toEqual(PNG);
  expect(pixels.readUInt32BE(16)).toBe(720);
  expect(pixels.readUInt32BE(20)).toBeGreaterThan(600);
  expect(pixels.length).toBeLessThan(MAX_PICTURE_BYTES);

  const file = await shareToFile(ana.page, 'As a file');
  expect(file.suggestedFilename()).toBe(`corridor-${code.replace(' ', '-')}.txt`);
  const told = (await contentOf(file)).toString('utf8');
  const id = new URL(ana.page.url()).pathname.split('/').at(-1) ?? '';
  for (const part of ['Ben paid Ana: 12.00 dors', 'For: Jam', code, id]) expect(told).toContain(part);

  // Whoever is in the circle pastes it, or opens its link, and reads what their own book says.
  await ben.page.goto('/scan');
  await ben.page.getByLabel('Or paste a code or link').fill(told.replace('12.00', '99.00'));
  await ben.page.getByRole('button', { name: 'Read it' }).click();
  await expect(ben.page).toHaveURL(new RegExp(`/receipt/${id}$`));
  await expect(ben.page.getByRole('article')).toContainText(code);
  await expect(ben.page.getByRole('article')).toContainText('12.00 dors');
  await home(ben);
  await ben.page.goto(/https?:\S+#r=\w+/.exec(text)?.[0] ?? '');
  await expect(ben.page).toHaveURL(new RegExp(`/receipt/${id}$`));
  // What is in nobody's book is in this one neither.
  await ben.page.goto(`/#r=${'0'.repeat(64)}`);
  await expect(ben.page.getByText("This receipt isn't on this phone.")).toBeVisible();
  await expect(ben.page.getByRole('article')).toHaveCount(0);
});

/** For `before`: a phone with a share sheet, which notes what it was given. */
const SHARE_SHEET = `
  globalThis.given = [];
  navigator.canShare = () => true;
  navigator.share = async ({ text, files = [] }) => {
    for (const file of files) globalThis.given.push(file.name + ' ' + file.type);
    if (text !== undefined) globalThis.given.push(text);
  };
`;
declare global {
  /** What {@link SHARE_SHEET} was given. */
  var given: string[];
}

test('a phone with a share sheet gets text and files there, and nothing in its downloads', async ({
  phone,
}) => {
  const { page } = await phone('Ana', { before: SHARE_SHEET });
  let downloads = 0;
  page.on('download', () => (downloads += 1));
  await page.getByRole('button', { name: 'Look around a demo circle' }).click();
  await lines({ page }).filter({ hasText: 'childcare' }).click();
  for (const [how, what] of [
    ['As text', /^Salma Khatib paid Marta Soler: 20\.00 dors/],
    ['As a picture', /^corridor-\w{4}-\w{4}\.png image\/png$/],
    ['As a file', /^corridor-\w{4}-\w{4}\.txt text\/plain$/],
  ] as const) {
    await share(page, how);
    await expect.poll(() => page.evaluate(() => globalThis.given.at(-1) ?? '')).toMatch(what);
    await expect(page.getByRole('dialog')).toHaveCount(0);
  }
  expect(downloads).toBe(0);
});

test('on paper there is the slip and nothing else, 80 mm wide or as an A6 card', async ({ phone }) => {
  const { page } = await phone('Ana');
  await page.getByRole('button', { name: 'Look around a demo circle' }).click();
  await lines({ page }).filter({ hasText: 'childcare' }).click();
  await page.evaluate(() => {
    globalThis.print = () => undefined;
  });
  for (const [choice, paper, wide] of [
    ['80 mm strip', 'strip', 80],
    ['A6 card', 'a6', 105],
  ] as const) {
    await page.getByRole('button', { name: 'Print' }).click();
    await page.getByRole('dialog', { name: 'Print' }).getByRole('button', { name: choice }).click();
    await expect(page.locator('html')).toHaveAttribute('data-paper', paper);
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    const boxes = [...pdf.matchAll(/\/MediaBox \[0 0 ([\d.]+) [\d.]+\]/g)];
    expect(boxes).toHaveLength(1);
    expect(Math.round((Number(boxes[0]?.[1]) / 72) * 25.4)).toBe(wide);
  }
  await page.emulateMedia({ media: 'print' });
  const seen = page.locator('.weave, .verdict, .chips, .foot, nav, h1, article').filter({ visible: true });
  expect(await seen.evaluateAll((found) => found.map((one) => one.closest('article') !== null))).toEqual([
    true,
    true,
  ]);
});

test('[E6] Ana erases the note of a receipt: it is gone here, also after a reload, and Ben still has it', async ({
  phone,
}) => {
  const [ana, ben] = await jam(phone);
  await ana.page.getByRole('button', { name: 'Erase the note' }).click();
  const sheet = ana.page.getByRole('dialog', { name: 'Erase this note?' });
  await sheet.getByRole('button', { name: 'Erase', exact: true }).click();
  await expect(ana.page.getByText('The note is gone from this phone.')).toBeVisible();
  await expect(ana.page.getByRole('article')).not.toContainText('Jam');
  await expect(ana.page.getByRole('button', { name: 'Erase the note' })).toHaveCount(0);
  await ana.page.reload();
  await expect(ana.page.getByRole('article')).toContainText('12.00');
  await expect(ana.page.getByRole('article')).not.toContainText('Jam');
  await expectLine(ben, 'Jam', '−12.00', 'Final');
});
