import { found, home, inviteLink, join, upToDate } from '../actors/circle.ts';
import { expect, test } from '../actors/test.ts';
import { expectLine, ledgerOnScreen, pay } from '../actors/trade.ts';

const PASSPHRASE = 'olive oil and salt';

test('[S4] the app lock shows nothing of the circle until the passphrase is right', async ({ phone }) => {
  const ana = await phone('Ana');
  await found(ana);
  const before = await ledgerOnScreen(ana);
  const { page } = ana;
  await page.getByRole('link', { name: 'Me', exact: true }).click();
  await page.getByRole('link', { name: 'App lock' }).click();
  await page.getByLabel('New passphrase').fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Set the lock' }).click();
  await expect(page.getByText('The lock is set.')).toBeVisible();
  await page.getByRole('link', { name: 'Back' }).click();
  await page.getByRole('button', { name: 'Lock now' }).click();

  for (const opening of ['locked by hand', 'opened again']) {
    await expect(page.getByRole('heading', { name: 'Locked' }), opening).toBeVisible();
    await expect(page.getByText('Valldor')).toHaveCount(0);
    await page.getByLabel('Passphrase').fill('a wrong one');
    await page.getByRole('button', { name: 'Unlock' }).click();
    await expect(page.getByText("That isn't the passphrase.")).toBeVisible();
    if (opening === 'locked by hand') await page.reload();
  }
  await page.getByLabel('Passphrase').fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Unlock' }).click();
  await expect(page.getByRole('link', { name: 'Home', exact: true })).toBeVisible();
  await home(ana);
  expect(await ledgerOnScreen(ana)).toEqual(before);
});

test('[S4] one gesture wipes a phone; what others hold stays with them', async ({ phone }) => {
  const ana = await phone('Ana');
  await found(ana);
  const link = await inviteLink(ana);
  await home(ana);
  const ben = await phone('Ben');
  await join(ben, link);
  await upToDate(ben);
  await pay(ben, { to: 'Ana', amount: '4.80', loaves: 2 });
  await expectLine(ana, '2 loaves of bread', '+4.80', 'Final');

  const { page } = ben;
  await home(ben);
  await page.getByRole('link', { name: 'Me', exact: true }).click();
  await page.getByRole('link', { name: 'Wipe this phone' }).click();
  await expect(page.getByText('What stays elsewhere')).toBeVisible();
  // The page starts anew by itself once all is gone; only that one is looked at.
  await page.evaluate(() => Reflect.set(globalThis, 'beforeTheWipe', true));
  await page.getByRole('button', { name: 'Take everything off this phone' }).click();
  await page.getByRole('button', { name: 'Yes, take it all off' }).click();
  await page.waitForFunction(() => !('beforeTheWipe' in globalThis));
  await expect(page.getByRole('link', { name: 'Found a circle' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('link', { name: 'Found a circle' })).toBeVisible();
  // A first start makes empty shelves again; nothing of the circle stands in them.
  const left = await page.evaluate(async () => {
    const found: string[] = [];
    for (const { name = '' } of await indexedDB.databases()) {
      const opened = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(name);
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(new Error('not opened'));
      });
      for (const store of opened.objectStoreNames) {
        const count = await new Promise<number>((resolve) => {
          const request = opened.transaction(store).objectStore(store).count();
          request.onsuccess = () => resolve(request.result);
        });
        if (count > 0) found.push(`${name}/${store}: ${count}`);
      }
      opened.close();
    }
    return found;
  });
  expect(left).toEqual([]);
  await expectLine(ana, '2 loaves of bread', '+4.80', 'Final');
});
