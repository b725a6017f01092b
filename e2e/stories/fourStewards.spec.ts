import { found, home, inviteLink, join, upToDate } from '../actors/circle.ts';
import type { Phone } from '../actors/phone.ts';
import { go } from '../actors/station.ts';
import { expect, test } from '../actors/test.ts';
import { expectBalance, expectLine, pay } from '../actors/trade.ts';

const SLOW = { timeout: 60_000 };
/** Says yes to whatever is proposed, on the screen where changes stand. */
const sayYes = async (phone: Phone, sentence: RegExp): Promise<void> => {
  await go(phone.page, '/circle/rules');
  await phone.page.getByRole('link', { name: sentence }).first().click(SLOW);
  await phone.page.getByRole('button', { name: 'Yes, I agree' }).click(SLOW);
};

test('[B1] [L1] [L3] [P7] out of one hand: four stewards keep the book, and go on when one phone is closed', async ({
  phone,
}) => {
  test.setTimeout(240_000);
  const ana = await phone('Ana');
  await found(ana);
  const others: Phone[] = [];
  for (const name of ['Ben', 'Carla', 'Dina']) {
    const link = await inviteLink(ana);
    const other = await phone(name);
    await join(other, link);
    others.push(other);
    await home(ana);
  }
  const [ben, carla, dina] = others as [Phone, Phone, Phone];
  const everybody = [ana, ben, carla, dina];
  for (const who of everybody) {
    await upToDate(who);
    await go(who.page, '/circle/stewards');
    await who.page.getByRole('button', { name: /^Offer this phone/ }).click();
    await expect(who.page.getByRole('button', { name: /^Take/ })).toBeVisible();
  }
  await go(ana.page, '/circle/stewards/propose');
  await expect(ana.page.locator('label.choice')).toHaveCount(4, SLOW);
  await ana.page.getByRole('radio', { name: '4' }).check({ force: true });
  for (const choice of await ana.page.locator('label.choice input').all())
    await choice.check({ force: true });
  await ana.page.locator('button[type=submit]').click();
  await ana.page.waitForURL(/\/circle\/changes\//);

  // The founder alone agreed, the first book was closed, and the second one has four keepers.
  for (const who of everybody) {
    await go(who.page, '/circle');
    await go(who.page, '/circle/stewards');
    await expect(who.page.locator('ul.rows li')).toHaveCount(4, SLOW);
  }
  await pay(ben, { to: 'Ana', amount: '4.80', loaves: 2 });
  await home(ana);
  await expectLine(ana, '2 loaves of bread', '+4.80', 'Final');

  await dina.context.close();
  await pay(carla, { to: 'Ana', amount: '1.50', note: 'Onions' });
  await home(ana);
  await expectLine(ana, 'Onions', '+1.50', 'Final');

  // More room for Ben: half of the stewards must say yes, and Ben's own yes does not count.
  await go(carla.page, '/people');
  await carla.page.getByRole('link', { name: /Ben/ }).click();
  const person = new URL(carla.page.url()).pathname;
  await go(carla.page, `${person}/change/room`);
  await carla.page.locator('main input').first().fill('300.00');
  await carla.page.locator('#reason').fill('He bakes for everybody');
  await carla.page.locator('button[type=submit]').click();
  await carla.page.waitForURL(/\/circle\/changes\//);
  await sayYes(ana, /Ben/);
  await expect(ana.page.getByText('He bakes for everybody').first()).toBeVisible(SLOW);
  await pay(ben, { to: 'Carla', amount: '200.00', note: 'An oven' });
  await home(carla);
  await expectLine(carla, 'An oven', '+200.00', 'Final');

  await home(ben);
  await expectBalance(ben, 'owing', '204.80');
  await ben.page.reload();
  await expectBalance(ben, 'owing', '204.80');
});
