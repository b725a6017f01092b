import { found, home, inviteLink, join, keptForOffline, upToDate } from '../actors/circle.ts';
import { expect, test } from '../actors/test.ts';
import { expectBalance, expectLine, expectSameAfterReload, pay } from '../actors/trade.ts';

test('[P6] the relay is killed and started again: they find each other, and newcomers find them', async ({
  phone,
  relay,
}) => {
  const ana = await phone('Ana');
  await found(ana);
  const bensInvite = await inviteLink(ana);
  await home(ana);
  const ben = await phone('Ben');
  await join(ben, bensInvite);
  await upToDate(ben);
  await keptForOffline(ben);

  await relay.kill();
  // Ben's browser is closed and opened again, so their direct connection is gone as well.
  await ben.page.close();
  const back = { ...ben, page: await ben.context.newPage() };
  await back.page.goto('/');
  await expect(back.page.getByText(/^Offline/)).toBeVisible({ timeout: 60_000 });
  await pay(back, { to: 'Ana', amount: '4.80', loaves: 2 });
  await home(back);
  await expectLine(back, '2 loaves of bread', '−4.80', 'On this phone');

  await relay.restart();
  await upToDate(back);
  await expectLine(back, '2 loaves of bread', '−4.80', 'Final');
  // Ana's page was never loaded again.
  await expectLine(ana, '2 loaves of bread', '+4.80', 'Final');

  const carolsInvite = await inviteLink(ana);
  await home(ana);
  const carol = await phone('Carol');
  await join(carol, carolsInvite);
  await pay(carol, { to: 'Ben', amount: '2.00', note: 'Eggs' });
  await expectLine(back, 'Eggs', '+2.00', 'Final');
  await expectBalance(back, 'owing', '2.80');
  await expectSameAfterReload(back);
});
