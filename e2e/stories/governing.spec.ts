import { found, home, inviteLink, join, upToDate } from '../actors/circle.ts';
import { sheetLink } from '../actors/governingTour.ts';
import { go } from '../actors/station.ts';
import { expect, test } from '../actors/test.ts';

test('[L3] a rule is changed on the screen, and holds on the other phone too', async ({ phone }) => {
  const ana = await phone('Ana');
  await found(ana);
  const ben = await phone('Ben');
  await join(ben, await inviteLink(ana));
  await upToDate(ben);

  await go(ana.page, '/circle/rules');
  await ana.page.getByRole('link', { name: 'A book is closed after 31 days' }).click();
  await ana.page.getByLabel('Days', { exact: true }).fill('14');
  await ana.page.getByLabel(/^Why/).fill('We meet every two weeks.');
  await ana.page.getByRole('button', { name: 'Propose it' }).click();
  await expect(ana.page.getByRole('heading', { name: 'Proposed change' })).toBeVisible();

  await go(ben.page, '/circle/rules');
  await expect(ben.page.getByRole('link', { name: 'A book is closed after 14 days' })).toBeVisible({
    timeout: 60_000,
  });
  await expect(ben.page.getByText('“We meet every two weeks.”')).toBeVisible();
});

test('[C4] who lost a phone comes back with the sheet and its words, under the same name', async ({
  phone,
}) => {
  const ana = await phone('Ana');
  await found(ana);
  const ben = await phone('Ben');
  await join(ben, await inviteLink(ana));
  await upToDate(ben);
  const sheet = await sheetLink(ben.page);
  const words = await ben.page
    .getByRole('list', { name: 'The twelve words' })
    .getByRole('listitem')
    .allInnerTexts();
  await ben.context.close();
  await home(ana);

  const again = await phone('Ben');
  await again.page.goto(sheet);
  await again.page
    .getByLabel('The twelve words')
    .fill(words.map((word) => word.replace(/\d/g, '')).join(' '));
  await again.page.getByLabel('Your name').fill('Ben');
  await again.page.getByRole('button', { name: 'Come back' }).click();
  await expect(again.page.getByRole('heading', { name: 'Valldor', exact: true, level: 1 })).toBeVisible({
    timeout: 90_000,
  });
  await go(again.page, '/people');
  await expect(again.page.getByRole('main').getByRole('listitem')).toHaveCount(2);
});
