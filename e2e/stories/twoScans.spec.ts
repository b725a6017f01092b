import { bytesOfCode, FAKE_CAMERA, holdInFront } from '../actors/camera.ts';
import { found, home, inviteLink, join, keptForOffline, relayOnly, upToDate } from '../actors/circle.ts';
import { expect, test } from '../actors/test.ts';
import { expectBalance, expectLine, expectSameAfterReload } from '../actors/trade.ts';

/** One static QR each, small enough for an old phone's camera. */
const MAX_CODE_BYTES = 300;

test('[P3] with no network at all Ben pays Ana in two scans', async ({ phone, relay }) => {
  const screen = { before: FAKE_CAMERA, deviceScaleFactor: 2 };
  const ana = await phone('Ana', screen);
  await found(ana);
  const link = await inviteLink(ana);
  await relayOnly(ana, true);
  const ben = await phone('Ben', screen);
  await join(ben, link);
  await relayOnly(ben, true);
  await upToDate(ben);
  for (const who of [ana, ben]) await keptForOffline(who);

  await relay.kill();
  for (const who of [ana, ben]) {
    await who.context.setOffline(true);
    await expect(who.page.getByText(/^Offline/)).toBeVisible({ timeout: 60_000 });
  }

  // Ana asks.
  await ana.page.getByRole('link', { name: 'Get paid' }).click();
  await ana.page.getByLabel('How much, in dors').fill('12.00');
  await ana.page.getByRole('button', { name: 'What is it for?' }).click();
  const sheet = ana.page.getByRole('dialog', { name: 'What is it for?' });
  await sheet.getByRole('textbox', { name: 'Note' }).fill('Jam');
  await sheet.getByRole('button', { name: 'Done' }).click();
  await ana.page.getByRole('button', { name: 'Show code' }).click();
  const request = ana.page.getByRole('img', { name: /^QR code of your request/ });
  await expect(request).toBeVisible();
  expect(await bytesOfCode(request)).toBeLessThanOrEqual(MAX_CODE_BYTES);

  // First scan: Ben's camera sees Ana's screen.
  await ben.page.getByRole('link', { name: 'Scan or pay' }).first().click();
  await ben.page.getByRole('link', { name: 'Scan, paste or photo' }).click();
  await expect(ben.page.getByLabel('What the camera sees')).toBeVisible();
  await holdInFront(ben, request);
  await ben.page.getByRole('button', { name: 'Pay 12.00 dors to Ana' }).click();
  await expect(ben.page.getByRole('heading', { name: 'Show this to Ana' })).toBeVisible();
  const payment = ben.page.getByRole('img', { name: /^QR code of the signed payment/ });
  await expect(payment).toBeVisible();
  expect(await bytesOfCode(payment)).toBeLessThanOrEqual(MAX_CODE_BYTES);

  // Second scan: Ana's camera sees Ben's screen.
  await ana.page.getByRole('link', { name: 'Scan their screen' }).click();
  await expect(ana.page.getByLabel('What the camera sees')).toBeVisible();
  await holdInFront(ana, payment);
  await expect(ana.page.getByRole('heading', { name: 'Received' })).toBeVisible();
  const receipt = ana.page.getByRole('article', { name: 'Receipt' });
  await expect(receipt).toContainText('12.00 dors');
  await expect(receipt).toContainText('Ben paid you');
  await expect(receipt).toContainText('Jam');
  await ben.page.getByRole('button', { name: 'Ana has it' }).click();
  // The same letters on both screens.
  const code = /[0-9A-Z]{4} [0-9A-Z]{4}/;
  const read = code.exec(await receipt.innerText())?.[0];
  expect(read).toBeDefined();
  await expect(ben.page.getByRole('article', { name: 'Receipt' })).toContainText(read ?? '');

  // Still without any network, both load the app again.
  await expectSameAfterReload(ana);
  await expectSameAfterReload(ben);
  // Ana keeps the book, so on her phone it is in there already.
  await expectLine(ana, 'Jam', '+12.00', 'Final');
  await expectLine(ben, 'Jam', '−12.00', 'On this phone');

  // When they meet again it is in the book.
  await relay.restart();
  for (const who of [ana, ben]) await who.context.setOffline(false);
  for (const who of [ana, ben]) {
    await upToDate(who);
    await expectLine(who, 'Jam', '12.00', 'Final');
  }
  await expectBalance(ana, 'owed', '12.00');
  await home(ben);
  await expectBalance(ben, 'owing', '12.00');
});
