import { readFile, readdir } from 'node:fs/promises';
import { found, home, inviteLink, join, upToDate } from '../actors/circle.ts';
import { newPhone, type Phone } from '../actors/phone.ts';
import { expect, test } from '../actors/test.ts';
import { expectBalance, expectLine, expectSameAfterReload, pay } from '../actors/trade.ts';

const YEAR_MS = 365 * 24 * 3600 * 1000;

/** Moves this realm's clock. */
const shifted = (ms: number): string => `
  (() => {
    const Real = Date;
    const now = () => Real.now() + (${ms});
    globalThis.Date = class extends Real {
      constructor(...given) {
        if (given.length === 0) super(now());
        else super(...given);
      }
      static now() {
        return now();
      }
    };
  })();
`;

const DIST = new URL('../../web/dist/assets/', import.meta.url);

for (const years of [6, -4]) {
  test(`[L4] a phone whose clock is ${Math.abs(years)} years ${years > 0 ? 'ahead' : 'behind'} joins and trades`, async ({
    browser,
    phone,
    relay,
  }) => {
    const ana = await phone('Ana');
    await found(ana);
    const link = await inviteLink(ana);
    await home(ana);

    // Page and worker share the wrong clock; a service worker would keep the real script from being replaced.
    const before = shifted(years * YEAR_MS);
    const ben: Phone = await newPhone(browser, relay.url, 'Ben', { before, serviceWorkers: 'block' });
    const worker = (await readdir(DIST)).find((name) => name.startsWith('peer.worker-')) ?? '';
    const script = await readFile(new URL(worker, DIST), 'utf8');
    await ben.context.route(`**/${worker}`, (route) =>
      route.fulfill({ contentType: 'text/javascript', body: before + script }),
    );
    await join(ben, link);
    await upToDate(ben);
    await pay(ben, { to: 'Ana', amount: '4.80', loaves: 2 });
    await expect(ben.page.getByText(/^Final\. /)).toBeVisible();
    await expectLine(ana, '2 loaves of bread', '+4.80', 'Final');
    await pay(ana, { to: 'Ben', amount: '1.50', note: 'Onions' });
    await home(ben);
    await expectLine(ben, 'Onions', '+1.50', 'Final');
    await expectBalance(ben, 'owing', '3.30');
    await expectSameAfterReload(ben);
    await expectSameAfterReload(ana);
    await ben.context.close();
    expect(ben.faults).toEqual([]);
  });
}
