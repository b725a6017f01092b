import { found, home, inviteLink, join, keptForOffline, upToDate } from '../actors/circle.ts';
import { expect, test } from '../actors/test.ts';
import { expectBalance, lines, preparePayment } from '../actors/trade.ts';

/** Milliseconds between the press and the reload: before it is signed, while it is kept, before it is shown. */
const MOMENTS = [0, 1, 5, 15, 40, 100, 300] as const;
/** One at each of them, and one more. */
const PAYMENTS = MOMENTS.length + 1;

test('[P6] the page is loaded again between sign and send: nothing is lost, nothing is signed twice', async ({
  phone,
  relay,
}) => {
  const ana = await phone('Ana');
  await found(ana);
  const link = await inviteLink(ana);
  await home(ana);
  const ben = await phone('Ben', { before: 'delete globalThis.RTCPeerConnection;' });
  await join(ben, link);
  await upToDate(ben);
  await keptForOffline(ben);
  // Nothing can leave the phone: what is signed is between sign and send.
  await relay.kill();
  await expect(ben.page.getByText(/^Offline/)).toBeVisible({ timeout: 60_000 });

  for (const [paid, moment] of MOMENTS.entries()) {
    const note = `Bread after ${moment} ms`;
    const button = await preparePayment(ben, { to: 'Ana', amount: '1.00', note });
    const loaded = ben.page.waitForEvent('load');
    await button.evaluate((element: HTMLElement, ms) => {
      element.click();
      // The test's only clock: it decides in which moment of the payment the page goes.
      setTimeout(() => location.reload(), ms);
    }, moment);
    await loaded;
    // What was signed shows its receipt. Otherwise the same draft is still there, ready, and Ben presses again.
    const receipt = ben.page.getByRole('article', { name: 'Receipt' });
    const again = ben.page.getByRole('button', { name: 'Pay 1.00 dor to Ana', disabled: false });
    await expect(receipt.or(again)).toBeVisible();
    if (await again.isVisible()) {
      await again.click();
      await expect(receipt).toBeVisible();
    }
    await expect(receipt).toContainText(note);
    await home(ben);
    await expect(lines(ben)).toHaveCount(paid + 1);
    await expect(lines(ben).filter({ hasText: note })).toHaveCount(1);
  }

  // The page that goes may come as far as its receipt, and the new one is still loaded at the form.
  const button = await preparePayment(ben, { to: 'Ana', amount: '1.00', note: 'Overtaken' });
  const form = ben.page.url();
  await button.click();
  const receipt = ben.page.getByRole('article', { name: 'Receipt' });
  await expect(receipt).toBeVisible();
  await ben.page.evaluate((url) => history.replaceState(null, '', url), form);
  await ben.page.reload();
  await expect(receipt).toContainText('Overtaken');
  await home(ben);

  // Who only looks at the form again gets the form, not the receipt of what was paid before.
  await ben.page.getByRole('link', { name: 'Scan or pay' }).first().click();
  await ben.page.getByRole('main').getByRole('listitem').getByRole('link', { name: 'Ana' }).first().click();
  await expect(ben.page.getByRole('heading', { name: 'Pay Ana' })).toBeVisible();
  await ben.page.reload();
  await ben.page.getByLabel('How much to Ana, in dors').fill('2.00');
  await expect(ben.page.getByRole('button', { name: 'Pay 2.00 dors to Ana' })).toBeEnabled();
  await home(ben);

  await relay.restart();
  await upToDate(ben);
  for (const who of [ana, ben]) {
    await expect(lines(who)).toHaveCount(PAYMENTS, { timeout: 60_000 });
    await expect(lines(who).filter({ hasText: 'Final' })).toHaveCount(PAYMENTS, { timeout: 60_000 });
  }
  await expectBalance(ben, 'owing', `${PAYMENTS}.00`);
  await expectBalance(ana, 'owed', `${PAYMENTS}.00`);
});
