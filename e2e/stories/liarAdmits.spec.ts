import { askToJoin, home, inviteLink } from '../actors/circle.ts';
import { council, decided, sayYes, SLOW } from '../actors/council.ts';
import { go } from '../actors/station.ts';
import { expect, test } from '../actors/test.ts';
import { expectBalance, expectLine, expectSameAfterReload, pay } from '../actors/trade.ts';

test('[L1] [L3] [S2] [I1] [I11] one steward away and one lying: somebody is let in, pays, and the lies are shown side by side', async ({
  phone,
}) => {
  test.setTimeout(240_000);
  const { ana, ben, dina, mallory } = await council(phone);
  await dina.context.close();
  // The rule that the stewards decide who comes in: three of the four say yes, and three phones carry it out.
  await go(ana.page, '/circle/rules/admission');
  await ana.page.getByRole('radio', { name: 'The stewards' }).check({ force: true });
  await ana.page.locator('button[type=submit]').click();
  await sayYes(ben, /The stewards decide/);
  await decided(ben, /The stewards decide who comes in/);

  const link = await inviteLink(ben);
  const emil = await phone('Emil');
  await askToJoin(emil, link);
  await go(ana.page, '/circle/requests');
  await ana.page.getByRole('button', { name: 'Say yes to Emil' }).click(SLOW);
  await expect(emil.page.getByRole('heading', { name: 'Valldor', exact: true, level: 1 })).toBeVisible(SLOW);

  await pay(emil, { to: 'Ana', amount: '3.00', note: 'Onions' });
  await home(ana);
  await expectLine(ana, 'Onions', '+3.00', 'Final');
  await home(emil);
  await expectLine(emil, 'Onions', '3.00', 'Final');
  await home(ben);
  await pay(ben, { to: 'Emil', amount: '2.00', note: 'Thread' });
  await home(emil);
  await expectLine(emil, 'Thread', '+2.00', 'Final');
  expect(mallory.lies.vote, 'Mallory voted twice').toBeGreaterThan(0);
  expect(mallory.lies.round, 'and spoke with two tongues').toBeGreaterThan(0);

  // What she did stands on everybody's phone, both entries side by side, and what one can do about it.
  for (const who of [ana, ben, emil]) {
    await home(who);
    await who.page.getByRole('link', { name: 'See both' }).click(SLOW);
    const faults = who.page.locator('section.fault');
    await expect(faults.first()).toContainText('The phone of Mallory');
    const vote = faults.filter({ hasText: 'confirmed two different payments in one place' }).first();
    const sides = vote.locator('dl.sides dd');
    await expect(sides).toHaveCount(2);
    const [left, right] = await sides.allInnerTexts();
    expect(left).not.toBe(right);
    await expect(vote.getByRole('link', { name: 'Propose other stewards' })).toBeVisible();
    await expect(faults.filter({ hasText: /The phone of (Ana|Ben|Dina|Emil)/ })).toHaveCount(0);
  }
  await home(ana);
  await expectBalance(ana, 'owed', '3.00');
  await expectSameAfterReload(ana);
  await expectSameAfterReload(ben);
  await mallory.stop();
});
