import { plugIn } from '../actors/authenticator.ts';
import { found, home, inviteLink, join, upToDate } from '../actors/circle.ts';
import { letPhoneUnlock, lockNow, setLock, unlockByPassphrase } from '../actors/lock.ts';
import type { Phone } from '../actors/phone.ts';
import { expect, test } from '../actors/test.ts';
import { expectLine, ledgerOnScreen, pay } from '../actors/trade.ts';

/** The one gesture, as a keyboard or a switch makes it. */
const takeEverythingOff = async ({ page }: Pick<Phone, 'page'>): Promise<void> => {
  await page.getByRole('button', { name: 'Take everything off this phone' }).click();
  await page.getByRole('button', { name: 'Yes, take it all off' }).click();
};
/** What stands in this origin's databases. A first start makes empty shelves again; nothing may stand in them. */
const rowsLeft = ({ page }: Pick<Phone, 'page'>): Promise<readonly string[]> =>
  page.evaluate(async () => {
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
const newcomer = ({ page }: Pick<Phone, 'page'>): Promise<void> =>
  expect(page.getByRole('link', { name: 'Found a circle' })).toBeVisible();
const wipeScreen = async ({ page }: Pick<Phone, 'page'>): Promise<void> => {
  await expect(page.getByRole('heading', { name: 'Valldor', level: 1 })).toBeVisible();
  await home({ page });
  await page.getByRole('link', { name: 'Me', exact: true }).click();
  await page.getByRole('link', { name: 'Wipe this phone' }).click();
  await expect(page.getByText('What stays elsewhere')).toBeVisible();
};

test('[S4] the app lock shows nothing of the circle until the passphrase is right', async ({ phone }) => {
  const ana = await phone('Ana');
  await found(ana);
  const before = await ledgerOnScreen(ana);
  const { page } = ana;
  await setLock(ana);
  await lockNow(ana);

  for (const opening of ['locked by hand', 'opened again']) {
    await expect(page.getByRole('heading', { name: 'Locked' }), opening).toBeVisible();
    await expect(page.getByText('Valldor')).toHaveCount(0);
    await page.getByLabel('Passphrase').fill('a wrong one');
    await page.getByRole('button', { name: 'Unlock', exact: true }).click();
    await expect(page.getByText("That isn't the passphrase.")).toBeVisible();
    if (opening === 'locked by hand') await page.reload();
  }
  await unlockByPassphrase(ana);
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
  await wipeScreen(ben);
  // The page starts anew by itself once all is gone; only that one is looked at.
  await page.evaluate(() => Reflect.set(globalThis, 'beforeTheWipe', true));
  await takeEverythingOff(ben);
  await page.waitForFunction(() => !('beforeTheWipe' in globalThis));
  await newcomer(ben);
  await page.reload();
  await newcomer(ben);
  expect(await rowsLeft(ben)).toEqual([]);
  await expectLine(ana, '2 loaves of bread', '+4.80', 'Final');
});

test('[S4] a locked phone is wiped by the same gesture, without the passphrase, and is let go of by its own lock', async ({
  phone,
}) => {
  const ana = await phone('Ana');
  const { page } = ana;
  const own = await plugIn(page);
  await found(ana);
  await setLock(ana);
  await letPhoneUnlock(ana);
  await lockNow(ana);
  await page.getByText('What goes, and what stays elsewhere').click();
  await expect(page.getByText('Your other phones, if you have any.')).toBeVisible();
  const button = page.getByRole('button', { name: 'Take everything off this phone' });
  await button.scrollIntoViewIfNeeded();
  await button.hover();
  // A finger that moves wants to scroll, however long it stays down.
  await page.mouse.down();
  const { x, y, width, height } = (await button.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  await page.mouse.move(x + width / 2, y + height / 2 - 20);
  await expect(button).not.toHaveClass(/held/);
  await page.mouse.up();
  await expect(page.getByRole('heading', { name: 'Locked' })).toBeVisible();

  await button.hover();
  await page.mouse.down();
  await newcomer(ana);
  await page.mouse.up();
  expect(await rowsLeft(ana)).toEqual([]);
  await expect.poll(() => own.listed()).toEqual([]);
});

test('[S4] [W1] a wipe needs no other tab, not even the one that writes, and each starts anew', async ({
  phone,
}) => {
  const ana = await phone('Ana');
  await found(ana);
  const second = { page: await ana.context.newPage() };
  await second.page.goto('/');
  await wipeScreen(second);
  await takeEverythingOff(second);
  await newcomer(second);
  await newcomer(ana);
  expect(await rowsLeft(second)).toEqual([]);

  // The tab that writes is asleep: it hears nothing and lets go of nothing. Its content is gone all the same.
  await found(ana);
  await wipeScreen(second);
  const asleep = await ana.context.newCDPSession(ana.page);
  await asleep.send('Page.setWebLifecycleState', { state: 'frozen' });
  await second.page.evaluate(() => Reflect.set(globalThis, 'beforeTheWipe', true));
  await takeEverythingOff(second);
  await second.page.waitForFunction(() => !('beforeTheWipe' in globalThis));
  await asleep.send('Page.setWebLifecycleState', { state: 'active' });
  await newcomer(second);
  await newcomer(ana);
  expect(await rowsLeft(second)).toEqual([]);
});

test('[S4] [P6] a disk that does not erase is told as it is: nothing stays on the screen, and it can be tried again', async ({
  phone,
}) => {
  const ana = await phone('Ana', {
    before: `{
      const { clear } = IDBObjectStore.prototype;
      const erase = IDBFactory.prototype.deleteDatabase;
      IDBObjectStore.prototype.clear = function () {
        const abort = () => { try { this.transaction.abort(); } catch {} };
        if (globalThis.diskRefuses) queueMicrotask(abort);
        return clear.call(this);
      };
      IDBFactory.prototype.deleteDatabase = function (name) {
        if (!globalThis.diskRefuses) return erase.call(this, name);
        const request = new EventTarget();
        queueMicrotask(() => request.onerror(new Event('error')));
        return request;
      };
    }`,
  });
  const { page } = ana;
  await found(ana);
  await wipeScreen(ana);
  await page.evaluate(() => Reflect.set(globalThis, 'diskRefuses', true));
  await takeEverythingOff(ana);
  await expect(page.getByRole('heading', { name: 'Not everything is gone' })).toBeVisible();
  await expect(page.getByRole('alert')).toContainText('this phone can still act for you');
  await expect(page.getByText('Valldor')).toHaveCount(0);
  await page.evaluate(() => Reflect.set(globalThis, 'diskRefuses', false));
  await page.getByRole('button', { name: 'Try again' }).click();
  await newcomer(ana);
  expect(await rowsLeft(ana)).toEqual([]);
});
