import { plugIn } from '../actors/authenticator.ts';
import { found, home } from '../actors/circle.ts';
import {
  letPhoneUnlock,
  lockNow,
  lockScreen,
  PASSPHRASE,
  setLock,
  unlockByPassphrase,
  unlockByPhone,
} from '../actors/lock.ts';
import { newPhone } from '../actors/phone.ts';
import { expect, test } from '../actors/test.ts';
import { ledgerOnScreen } from '../actors/trade.ts';

test('[S4] the phone’s own lock opens the app; let go of, the passphrase opens it as before', async ({
  phone,
}) => {
  const ana = await phone('Ana');
  const { page } = ana;
  const own = await plugIn(page);
  await found(ana);
  const before = await ledgerOnScreen(ana);
  await setLock(ana);
  // The passphrase was typed just now: nobody has to type it again.
  await letPhoneUnlock(ana);
  expect(await own.listed()).toEqual(['Corridor at localhost']);

  await lockNow(ana);
  await unlockByPhone(ana);
  // It is there after a reload too, and shows nothing of the circle until it has been looked at.
  await page.reload();
  await expect(page.getByRole('button', { name: 'Unlock with this phone' })).toBeVisible();
  await expect(page.getByText('Valldor')).toHaveCount(0);
  await unlockByPhone(ana);
  await home(ana);
  expect(await ledgerOnScreen(ana)).toEqual(before);

  await lockScreen(ana);
  await page.getByRole('button', { name: 'Stop unlocking with this phone' }).click();
  await expect(page.getByText('Only the passphrase unlocks the app now.')).toBeVisible();
  await expect.poll(() => own.listed()).toEqual([]);
  await lockNow(ana);
  await expect(page.getByRole('button', { name: 'Unlock with this phone' })).toHaveCount(0);
  await unlockByPassphrase(ana);

  // And once more, in another visit: then it takes the passphrase, and a wrong one leaves nothing behind.
  await lockScreen(ana);
  await page.getByLabel('Your passphrase').fill('a wrong one');
  await page.getByRole('button', { name: 'Use this phone to unlock' }).click();
  await expect(page.getByText("That isn't the passphrase.")).toBeVisible();
  await expect.poll(() => own.listed()).toEqual([]);
  await page.getByLabel('Your passphrase').fill(PASSPHRASE);
  await letPhoneUnlock(ana);
  await lockNow(ana);
  await unlockByPhone(ana);
});

test('[S4] a phone that does not know its owner, or has forgotten, costs nothing: the passphrase opens the app', async ({
  phone,
}) => {
  const ana = await phone('Ana');
  const { page } = ana;
  const own = await plugIn(page);
  await found(ana);
  await setLock(ana);
  await letPhoneUnlock(ana);
  await lockNow(ana);
  const tried = async (said: string): Promise<void> => {
    await expect(page.getByRole('heading', { name: 'Locked' })).toBeVisible();
    await page.getByRole('button', { name: 'Unlock with this phone' }).click();
    await expect(page.getByRole('alert')).toContainText(said);
    await expect(page.getByRole('alert')).toContainText('The passphrase opens the app.');
    await unlockByPassphrase(ana);
  };
  const GONE = "The phone didn't confirm it, or no longer has its entry for Corridor. Nothing is lost.";
  // Somebody else looks at it; an authenticator that met strangers asks for more from then on, so this is another day's.
  await own.ownerLooks(false);
  await tried(GONE);
  await own.remove();

  // The phone was set up anew, and its entry is gone.
  const anew = await plugIn(page);
  await lockScreen(ana);
  await lockNow(ana);
  await tried(GONE);

  // The way out of all this: the old entry is let go of, and a new one opens.
  await lockScreen(ana);
  await page.getByRole('button', { name: 'Stop unlocking with this phone' }).click();
  await page.getByLabel('Your passphrase').fill(PASSPHRASE);
  await letPhoneUnlock(ana);
  await lockNow(ana);
  await unlockByPhone(ana);

  // Deleted from the list by hand.
  await lockScreen(ana);
  await lockNow(ana);
  await anew.forget();
  await tried(GONE);
});

test('[S4] a phone that says who looks and computes nothing is not taken, and leaves nothing in its list', async ({
  phone,
}) => {
  const ana = await phone('Ana');
  const { page } = ana;
  const own = await plugIn(page, { hasPrf: false });
  await found(ana);
  await setLock(ana);
  await page.getByRole('button', { name: 'Use this phone to unlock' }).click();
  await expect(page.getByRole('alert')).toContainText("it can't open anything with that");
  await expect.poll(() => own.listed()).toEqual([]);
  await own.ownerLooks(false);
  await page.getByRole('button', { name: 'Use this phone to unlock' }).click();
  await expect(page.getByRole('alert')).toContainText("The phone didn't confirm it");
  await lockNow(ana);
  await expect(page.getByRole('button', { name: 'Unlock with this phone' })).toHaveCount(0);
  await unlockByPassphrase(ana);
});

const WITHOUT = {
  'an engine that does not know it': {
    before:
      'if (globalThis.PublicKeyCredential) PublicKeyCredential.getClientCapabilities = async () => ({});',
    line: "This browser can't ask the phone for it yet.",
  },
  'an engine without it': {
    before: 'delete globalThis.PublicKeyCredential;',
    line: "This browser can't ask the phone for it yet.",
  },
  // As Chromium is without a device behind it.
  'a device without a screen lock': {
    before: '',
    line: 'This device has no screen lock that the browser could ask.',
  },
} as const;
for (const [where, { before, line }] of Object.entries(WITHOUT))
  test(`[S4] it is not offered on ${where}, and a line says why`, async ({ phone }) => {
    const ana = await phone('Ana', { before });
    await found(ana);
    await setLock(ana);
    await expect(ana.page.getByText(line)).toBeVisible();
    await expect(ana.page.getByRole('button', { name: 'Use this phone to unlock' })).toHaveCount(0);
  });

test('[S4] an address of numbers has no phone’s lock; one made at another host is not asked for', async ({
  browser,
  relay,
}) => {
  const ben = await newPhone(browser, `http://127.0.0.1:${relay.httpPort}`, 'Ben');
  await ben.page.goto('/');
  await plugIn(ben.page);
  await found(ben);
  await setLock(ben);
  await expect(ben.page.getByText("It can't be had at an address made of numbers.")).toBeVisible();
  await ben.context.close();

  // A record that came from elsewhere names a passkey of elsewhere: the browser knows it under that host alone.
  const ana = await newPhone(browser, relay.url, 'Ana');
  await ana.page.goto('/');
  await plugIn(ana.page);
  await found(ana);
  await setLock(ana);
  await ana.page.evaluate(() => {
    const get = navigator.credentials.get.bind(navigator.credentials);
    navigator.credentials.get = (options) =>
      options?.publicKey === undefined
        ? get(options)
        : get({ ...options, publicKey: { ...options.publicKey, rpId: 'elsewhere.example' } });
  });
  await letPhoneUnlock(ana);
  await lockNow(ana);
  await ana.page.getByRole('button', { name: 'Unlock with this phone' }).click();
  await expect(ana.page.getByRole('alert')).toContainText('this is another one');
  await unlockByPassphrase(ana);
  await ana.context.close();
  expect([...ana.faults, ...ben.faults]).toEqual([]);
});
