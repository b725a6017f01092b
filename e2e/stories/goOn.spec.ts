import { found, home, inviteLink, join, upToDate } from '../actors/circle.ts';
import type { Phone } from '../actors/phone.ts';
import { go } from '../actors/station.ts';
import { expect, test } from '../actors/test.ts';
import { expectBalance, expectLine, pay } from '../actors/trade.ts';

const SLOW = { timeout: 60_000 };

test('[K1] [I4] the only phone that keeps the book is gone: the others go on with everybody’s balances, and it took minutes', async ({
  phone,
}) => {
  test.setTimeout(240_000);
  const ana = await phone('Ana');
  await found(ana);
  const others: Phone[] = [];
  for (const name of ['Ben', 'Carla']) {
    const link = await inviteLink(ana);
    const other = await phone(name);
    await join(other, link);
    others.push(other);
    await home(ana);
  }
  const [ben, carla] = others as [Phone, Phone];
  await pay(ben, { to: 'Carla', amount: '12.00', note: 'Eggs' });
  await home(carla);
  await expectLine(carla, 'Eggs', '+12.00', 'Final');
  await home(ben);
  await expectLine(ben, 'Eggs', '12.00', 'Final');
  await upToDate(carla);
  // Lost in the river, and nobody has written down anything.
  await ana.context.close();
  await pay(carla, { to: 'Ben', amount: '4.50', note: 'Onions' });

  const lostAt = Date.now();
  await go(ben.page, '/circle');
  await ben.page.getByRole('link', { name: 'If the book is stuck' }).click(SLOW);
  await expect(ben.page.getByText(/^Only Ana's phone keeps the book/)).toBeVisible();
  await ben.page.getByRole('button', { name: 'Begin the book anew' }).click();
  await ben.page.getByRole('dialog').getByRole('button', { name: 'Begin anew' }).click();
  await expect(ben.page.getByText('The book goes on. This phone keeps it.')).toBeVisible(SLOW);
  await expectBalance(ben, 'owing', '12.00');

  // Carla is asked on her first screen, and goes along with one tap.
  await home(carla);
  await expect(carla.page.getByText(/^Ben has begun the book anew/)).toBeVisible(SLOW);
  await carla.page.getByRole('link', { name: 'See it' }).click();
  await expect(carla.page.getByText('+12 dors')).toBeVisible(SLOW);
  await carla.page.getByRole('button', { name: 'Go along with Ben' }).click();
  await expect(carla.page.getByText('You go on with Ben.')).toBeVisible(SLOW);
  await expectLine(carla, 'Onions', '4.50', 'Final');
  expect(Date.now() - lostAt, 'milliseconds until both trade again').toBeLessThan(120_000);

  await expectBalance(carla, 'owed', '7.50');
  await home(ben);
  await expectLine(ben, 'Onions', '+4.50', 'Final');
  await expectBalance(ben, 'owing', '7.50');
  await expectLine(ben, 'Eggs', '12.00', 'Closed');
  // Who is missing is missed, and whoever comes new is let in.
  await go(ben.page, '/circle');
  await ben.page.getByRole('link', { name: /If the book is stuck/ }).click();
  await expect(ben.page.locator('section', { hasText: 'Not here yet' })).toContainText('Ana');
  await home(ben);
  const dora = await phone('Dora');
  await join(dora, await inviteLink(ben));
  await pay(dora, { to: 'Carla', amount: '2.00', note: 'Jam' });
  await home(carla);
  await expectLine(carla, 'Jam', '+2.00', 'Final');
  await ben.page.reload();
  await home(ben);
  await expectBalance(ben, 'owing', '7.50');
});
