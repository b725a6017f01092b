import { connectedBy, found, home, inviteLink, join, relayOnly, upToDate } from '../actors/circle.ts';
import { expect, test } from '../actors/test.ts';
import { expectBalance, expectLine, expectSameAfterReload, ledgerOnScreen, pay } from '../actors/trade.ts';

/** What the issue promises a newcomer. */
const A_MINUTE = 60_000;

test('[P1] [P7] [S2] two neighbours trade: found, invite, join, bread with its need, final on both', async ({
  phone,
}) => {
  const ana = await phone('Ana');
  await found(ana);
  await expectBalance(ana, 'even', '0.00');
  const link = await inviteLink(ana);
  const code = ana.page.getByRole('img', { name: 'QR code of the invite link' });
  await expect(code.locator('svg')).toBeVisible();
  expect(await code.getAttribute('data-code')).toBe(link);
  await home(ana);

  const started = Date.now();
  const ben = await phone('Ben');
  await join(ben, link);
  expect(Date.now() - started).toBeLessThan(A_MINUTE);
  expect(ben.page.url(), 'the secret is out of the address bar').not.toContain('#');
  await upToDate(ben);

  await pay(ben, { to: 'Ana', amount: '4.80', loaves: 2 });
  const receipt = ben.page.getByRole('article', { name: 'Receipt' });
  await expect(receipt).toContainText('2 loaves of bread');
  await expect(receipt).toContainText('Food: 4,800 kcal');
  await expect(ben.page.getByText(/^Final\. /)).toBeVisible();

  // Ana never touched her phone.
  await expectLine(ana, '2 loaves of bread', '+4.80', 'Final');
  await expectBalance(ana, 'owed', '4.80');
  await home(ben);
  await expectLine(ben, '2 loaves of bread', '−4.80', 'Final');
  await expectBalance(ben, 'owing', '4.80');
  await expectSameAfterReload(ana);
  await expectSameAfterReload(ben);
});

test('[P7] the relay is stopped, and they go on trading over their direct connection', async ({
  phone,
  relay,
}) => {
  const ana = await phone('Ana');
  await found(ana);
  const link = await inviteLink(ana);
  await home(ana);
  const ben = await phone('Ben');
  await join(ben, link);
  await connectedBy(ben, 'Ana', 'Straight from phone to phone');

  await relay.kill();
  await pay(ben, { to: 'Ana', amount: '4.80', loaves: 2 });
  await expectLine(ana, '2 loaves of bread', '+4.80', 'Final');
  await pay(ana, { to: 'Ben', amount: '1.50', note: 'Onions' });
  await home(ben);
  await expectLine(ben, 'Onions', '+1.50', 'Final');
  await expectBalance(ben, 'owing', '3.30');
  await home(ana);
  await expectBalance(ana, 'owed', '3.30');
});

test('[P3] [P9] [I9] one goes offline, both sign things, they meet again and agree', async ({
  phone,
  relay,
}) => {
  const ana = await phone('Ana');
  await found(ana);
  const link = await inviteLink(ana);
  await relayOnly(ana, true);
  const ben = await phone('Ben');
  await join(ben, link);
  await relayOnly(ben, true);
  await connectedBy(ben, 'Ana', 'Through a relay');

  // Only through the relay, and the relay is gone: nothing passes between them.
  await relay.kill();
  await expect(ana.page.getByText(/^Offline/)).toBeVisible({ timeout: 60_000 });
  await pay(ben, { to: 'Ana', amount: '4.80', loaves: 2 });
  await expect(ben.page.getByText("Ana doesn't have it yet.")).toBeVisible();
  await pay(ana, { to: 'Ben', amount: '1.50', note: 'Onions' });
  await home(ana);
  await home(ben);
  await expectLine(ben, '2 loaves of bread', '−4.80', 'On this phone');
  await expectSameAfterReload(ben);

  await relay.restart();
  for (const who of [ana, ben]) {
    await upToDate(who);
    await expectLine(who, '2 loaves of bread', '4.80', 'Final');
    await expectLine(who, 'Onions', '1.50', 'Final');
  }
  await expectBalance(ana, 'owed', '3.30');
  await expectBalance(ben, 'owing', '3.30');
  expect((await ledgerOnScreen(ana)).length).toBe((await ledgerOnScreen(ben)).length);
  await expectSameAfterReload(ana);
  await expectSameAfterReload(ben);
});
