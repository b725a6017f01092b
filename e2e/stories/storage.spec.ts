import { found, home, inviteLink, join, upToDate } from '../actors/circle.ts';
import { newPhone, type Phone } from '../actors/phone.ts';
import { expect, test } from '../actors/test.ts';
import {
  expectBalance,
  expectLine,
  expectSameAfterReload,
  lines,
  pay,
  preparePayment,
} from '../actors/trade.ts';

/** What a small phone gives to one site. */
const QUOTA = 3 * 1024 * 1024;

/** Gives this origin so much room on this phone; what is returned ends that. */
const limitStorage = async ({ context, page, url }: Phone, bytes: number): Promise<() => Promise<void>> => {
  const session = await context.newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', { origin: url, quotaSize: bytes });
  // The browser forgets it with the session.
  return () => session.detach();
};

/** Fills this site's storage to the brim, until the browser refuses a few bytes more. */
const fillStorage = ({ page }: Phone): Promise<void> =>
  page.evaluate(async () => {
    const opened = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('ballast');
      request.onupgradeneeded = () => request.result.createObjectStore('ballast', { autoIncrement: true });
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error('not opened'));
    });
    const put = (size: number): Promise<boolean> =>
      new Promise((resolve) => {
        const writing = opened.transaction('ballast', 'readwrite', { durability: 'relaxed' });
        writing.objectStore('ballast').add(crypto.getRandomValues(new Uint8Array(size)));
        writing.oncomplete = () => resolve(true);
        writing.onabort = () => resolve(false);
      });
    for (const size of [65_536, 4_096, 256]) while (await put(size));
    opened.close();
  });
const makeRoom = ({ page }: Phone): Promise<void> =>
  page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const request = indexedDB.deleteDatabase('ballast');
        request.onsuccess = () => resolve();
        request.onerror = () => reject(new Error('not deleted'));
      }),
  );

test('[P6] the disk refuses: nothing is signed, a sentence says so, nothing is lost, and it works again after', async ({
  browser,
  phone,
  relay,
}) => {
  const ana = await phone('Ana');
  await found(ana);
  const link = await inviteLink(ana);
  await home(ana);
  const ben = await newPhone(browser, relay.url, 'Ben');
  const endLimit = await limitStorage(ben, QUOTA);
  await join(ben, link);
  await upToDate(ben);
  await pay(ben, { to: 'Ana', amount: '1.00', note: 'Thread' });
  await expect(ben.page.getByText(/^Final\. /)).toBeVisible();

  const button = await preparePayment(ben, { to: 'Ana', amount: '4.80', note: 'Bread' });
  await fillStorage(ben);
  await button.click();
  const refused = ben.page.getByRole('alert').filter({ hasText: 'The phone refused to save this' });
  await expect(refused).toContainText('it was not signed and nothing was paid');
  await expect(refused).toContainText('What was saved before is kept.');
  // The others can still pay, and this phone shows what it can't keep yet.
  await pay(ana, { to: 'Ben', amount: '2.50', note: 'Onions' });
  await home(ben);
  await expectLine(ben, 'Thread', '−1.00', 'Final');
  await expectLine(ben, 'Onions', '+2.50', 'Final');
  await expect(lines(ben)).toHaveCount(2);
  await expectBalance(ben, 'owed', '1.50');

  // There is room again: the same press works, once.
  await makeRoom(ben);
  await endLimit();
  const again = await preparePayment(ben, { to: 'Ana', amount: '4.80' });
  await expect(ben.page.getByRole('button', { name: 'For: Bread' }), 'the draft was kept').toBeVisible();
  await again.click();
  await expect(ben.page.getByText(/^Final\. /)).toBeVisible();
  await home(ben);
  await expect(lines(ben)).toHaveCount(3);
  await expectBalance(ben, 'owing', '3.30');
  await expectSameAfterReload(ben);
  await home(ana);
  await expectBalance(ana, 'owed', '3.30');
  await ben.context.close();
  expect(ben.faults).toEqual([]);
});
