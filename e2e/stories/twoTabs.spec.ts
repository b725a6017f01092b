import { found, home, inviteLink, join, upToDate } from '../actors/circle.ts';
import { expect, test } from '../actors/test.ts';
import { expectBalance, expectLine, expectSameAfterReload, pay } from '../actors/trade.ts';

test('[W1] two tabs of one profile: one writes, the other follows, and takes over when the first is closed', async ({
  phone,
}) => {
  const ana = await phone('Ana');
  await found(ana);
  const link = await inviteLink(ana);
  await home(ana);
  const ben = await phone('Ben');
  await join(ben, link);
  await upToDate(ben);

  const second = { ...ben, page: await ben.context.newPage() };
  await second.page.goto('/');
  await expectBalance(second, 'even', '0.00');
  await pay(second, { to: 'Ana', amount: '4.80', loaves: 2 });
  await expect(second.page.getByText(/^Final\. /)).toBeVisible();
  await home(second);
  await expectLine(second, '2 loaves of bread', '−4.80', 'Final');
  await expectLine(ben, '2 loaves of bread', '−4.80', 'Final');
  await expectLine(ana, '2 loaves of bread', '+4.80', 'Final');

  // The tab that writes pays too, and the one that follows shows it.
  await pay(ben, { to: 'Ana', amount: '1.00', note: 'Thread' });
  await expectLine(second, 'Thread', '−1.00', 'Final');

  await ben.page.close();
  await pay(second, { to: 'Ana', amount: '2.20', note: 'Needles' });
  await expect(second.page.getByText(/^Final\. /)).toBeVisible({ timeout: 60_000 });
  await home(second);
  await expectBalance(second, 'owing', '8.00');
  await expectLine(ana, 'Needles', '+2.20', 'Final');
  await expectBalance(ana, 'owed', '8.00');
  await expectSameAfterReload(second);
});
