import { home, inviteLink, join, upToDate } from '../actors/circle.ts';
import { council, decided, openPerson, sayYes, SLOW } from '../actors/council.ts';
import { sheetLink } from '../actors/governingTour.ts';
import type { Phone } from '../actors/phone.ts';
import { go } from '../actors/station.ts';
import { expect, test } from '../actors/test.ts';
import { expectBalance, expectLine, expectSameAfterReload, pay } from '../actors/trade.ts';

/** Proposes to close the book, as a steward. */
const closeBook = async ({ page }: Phone): Promise<void> => {
  await go(page, '/circle/book');
  await page.getByRole('button', { name: 'Close the book' }).click();
  await page.getByRole('button', { name: 'Propose it' }).click();
  await page.waitForURL(/\/circle\/changes\//);
};
const inBook = async ({ page }: Phone, number: number): Promise<void> => {
  await go(page, '/circle');
  await go(page, '/circle/book');
  await expect(page.getByText(`Book ${number}`, { exact: true })).toBeVisible({ timeout: 120_000 });
};

test('[C4] [B1] [C3] [L1] [S1] a lost phone, a month’s end and an expulsion, with one steward lying and one phone off: everybody goes on, and the liar is out', async ({
  phone,
}) => {
  test.setTimeout(420_000);
  const { ana, ben, dina, mallory } = await council(phone);
  const emil = await phone('Emil');
  await join(emil, await inviteLink(ana));
  await upToDate(emil);
  await pay(emil, { to: 'Ana', amount: '7.00', note: 'Seeds' });
  await home(ana);
  await expectLine(ana, 'Seeds', '+7.00', 'Final');

  // Dina's phone is off, Emil's is lost. The words bring him back: two honest stewards and a liar close what he had.
  const sheet = await sheetLink(emil.page);
  const list = emil.page.getByRole('list', { name: 'The twelve words' }).getByRole('listitem');
  const words = (await list.allInnerTexts()).map((word) => word.replace(/\d/g, '')).join(' ');
  await emil.context.close();
  await dina.page.goto('about:blank');
  const again = await phone('Emil');
  await again.page.goto(sheet);
  await again.page.getByLabel('The twelve words').fill(words);
  await again.page.getByLabel('Your name').fill('Emil');
  await again.page.getByRole('button', { name: 'Come back' }).click();
  await expect(again.page.getByRole('heading', { name: 'Valldor', exact: true, level: 1 })).toBeVisible({
    timeout: 120_000,
  });
  await expectBalance(again, 'owing', '7.00');
  await pay(again, { to: 'Ben', amount: '2.00', note: 'Twine' });
  await home(ben);
  await expectLine(ben, 'Twine', '+2.00', 'Final');

  // The month ends. Mallory reports that nothing was ever settled.
  await closeBook(ana);
  await sayYes(ben, /Book .* is closed/);
  for (const who of [ana, ben, again]) await inBook(who, 3);
  expect(mallory.lies.report).toBeGreaterThan(0);
  await home(again);
  await expectBalance(again, 'owing', '9.00');
  await pay(again, { to: 'Ana', amount: '1.00', note: 'Chalk' });
  await home(ana);
  await expectLine(ana, 'Chalk', '+1.00', 'Final');

  // Dina is back, and Mallory says nothing any more: two yes are enough, and three phones carry it out.
  await dina.page.goto('/');
  await inBook(dina, 3);
  await mallory.stop();
  const person = await openPerson(ana, 'Mallory');
  await go(ana.page, `${person}/change/leave`);
  await ana.page.locator('#reason').fill('Two votes in one place');
  await ana.page.locator('button[type=submit]').click();
  await ana.page.waitForURL(/\/circle\/changes\//);
  await sayYes(ben, /Mallory leaves/);
  for (const who of [ana, ben, dina, again]) await decided(who, /Mallory leaves the circle/);
  await home(ben);
  await pay(ben, { to: 'Emil', amount: '3.00', note: 'A rake' });
  await home(again);
  await expectLine(again, 'A rake', '+3.00', 'Final');
  await expectBalance(again, 'owing', '7.00');

  // The next book is kept by those who stayed.
  await closeBook(dina);
  await sayYes(ana, /Book .* is closed/);
  for (const who of [ana, ben, dina, again]) await inBook(who, 4);
  await go(ana.page, '/circle/stewards');
  await expect(ana.page.locator('ul.rows li')).toHaveCount(3, SLOW);
  await pay(again, { to: 'Dina', amount: '1.50', note: 'Candles' });
  await home(dina);
  await expectLine(dina, 'Candles', '+1.50', 'Final');
  await expectSameAfterReload(again);
});
