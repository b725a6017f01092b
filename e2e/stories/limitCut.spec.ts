import { home, upToDate } from '../actors/circle.ts';
import { council, decided, openPerson, SLOW } from '../actors/council.ts';
import { go } from '../actors/station.ts';
import { expect, test } from '../actors/test.ts';
import { expectBalance, expectLine, ledgerOnScreen, pay, preparePayment } from '../actors/trade.ts';

test('[C1] [C2] [C3] [I2] [P2] a limit is cut while its owner pays, with one steward lying and one away: the payment counts once or not at all, alike for everybody', async ({
  phone,
}) => {
  test.setTimeout(240_000);
  const { ana, ben, dina, mallory } = await council(phone);
  await pay(ben, { to: 'Ana', amount: '30.00', note: 'Cheese' });
  await home(ana);
  await expectLine(ana, 'Cheese', '+30.00', 'Final');
  await dina.context.close();

  const person = await openPerson(ana, 'Ben');
  await go(ana.page, `${person}/change/room`);
  await ana.page.locator('#down').fill('40.00');
  await ana.page.locator('#reason').fill('It grew too fast');
  const button = await preparePayment(ben, { to: 'Ana', amount: '20.00', note: 'A chair' });
  // Both at once: Ana's yes and Mallory's are enough, and the account is being closed while Ben pays.
  await Promise.all([ana.page.locator('button[type=submit]').click(), button.click()]);
  await decided(ana, /Ben may go down to −?40/);
  await decided(ben, /Ben may go down to −?40/);
  await upToDate(ben);
  expect(mallory.lies.report, 'Mallory reported that nothing was settled').toBeGreaterThan(0);

  // What was settled before stays. The chair was carried by the closing, or left out and not lawful any more.
  await home(ana);
  await expectLine(ana, 'Cheese', '+30.00', 'Final');
  const chair = async (): Promise<string> => {
    const [balance = ''] = await ledgerOnScreen(ana);
    return balance.startsWith('50.00') ? 'counts' : balance.startsWith('30.00') ? 'left out' : balance;
  };
  await expect.poll(chair, SLOW).toMatch(/^(counts|left out)$/);
  const outcome = await chair();
  await home(ben);
  await expectBalance(ben, 'owing', outcome === 'counts' ? '50.00' : '30.00');

  // Within the new limit or not: what is beyond it is refused before it is signed, what climbs is not.
  await pay(ana, { to: 'Ben', amount: '25.00', note: 'Eggs' });
  await home(ben);
  await expectLine(ben, 'Eggs', '+25.00', 'Final');
  const beyond = await preparePayment(ben, { to: 'Ana', amount: '39.00' });
  await expect(beyond).toBeDisabled();
  await home(ben);
  await pay(ben, { to: 'Ana', amount: '6.00', note: 'Leeks' });
  await home(ana);
  await expectLine(ana, 'Leeks', '+6.00', 'Final');

  // More room again takes two as well: Ana proposes nothing she could decide alone.
  await go(ana.page, `${person}/change/room`);
  await ana.page.locator('#down').fill('150.00');
  await ana.page.locator('button[type=submit]').click();
  await decided(ben, /Ben may go down to −?150/);
  await home(ben);
  await pay(ben, { to: 'Ana', amount: '39.00', note: 'A lamp' });
  await home(ana);
  await expectLine(ana, 'A lamp', '+39.00', 'Final');
  await mallory.stop();
});
