import { found, inviteLink, join, upToDate } from '../actors/circle.ts';
import { go } from '../actors/station.ts';
import { expect, test } from '../actors/test.ts';

const SLOW = { timeout: 60_000 };

test('Ana calls a meeting, and Ben writes down what came of it', async ({ phone }) => {
  const ana = await phone('Ana');
  await found(ana);
  const ben = await phone('Ben');
  await join(ben, await inviteLink(ana));
  await upToDate(ben);

  await go(ana.page, '/circle');
  await ana.page.getByRole('link', { name: /^Meetings/ }).click();
  await ana.page.getByRole('link', { name: 'Call a meeting' }).click();
  await ana.page.getByLabel('Day').fill('2031-12-07');
  await ana.page.getByLabel('Place').fill('The mill');
  await ana.page.getByLabel('Agenda').fill('Bread prices\n# The roof');
  await ana.page.getByRole('button', { name: 'Save the text' }).click();
  await expect(ana.page.getByRole('heading', { name: '7 Dec 2031 · ahead' })).toBeVisible();

  await go(ben.page, '/circle/meetings');
  await expect(ben.page.getByText('# The roof')).toBeVisible(SLOW);
  await ben.page.getByRole('link', { name: 'Write the minutes' }).click();
  await expect(ben.page.getByLabel('Place')).toHaveValue('The mill');
  await ben.page.getByLabel('Minutes').fill('Pere mends it.');
  await ben.page.getByRole('button', { name: 'Save the text' }).click();
  await expect(ben.page.getByText('Pere mends it.')).toBeVisible();

  await expect(ana.page.getByText('Pere mends it.')).toBeVisible(SLOW);
  await ana.page.reload();
  await expect(ana.page.getByText('Pere mends it.')).toBeVisible(SLOW);
});
