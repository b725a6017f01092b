import { found, home, join } from '../actors/circle.ts';
import { expect, test } from '../actors/test.ts';
import { expectLine, pay } from '../actors/trade.ts';

test('[S2] one poster on the wall: two neighbours scan it, read who answers for them, and trade', async ({
  phone,
}) => {
  test.setTimeout(180_000);
  const ana = await phone('Ana');
  await found(ana);
  await ana.page.getByRole('link', { name: 'Circle', exact: true }).click();
  await ana.page.getByRole('link', { name: 'Invite someone' }).click();
  await ana.page.getByRole('link', { name: 'Make a poster for many people instead' }).click();
  await ana.page.getByRole('button', { name: 'Make the poster' }).click();
  const poster = ana.page.getByRole('article');
  await expect(poster).toContainText('Ana answers for those who come by this poster.');
  await expect(poster).toContainText('Good for 20 people');
  const link =
    (await poster.getByRole('img', { name: 'QR code of the invite link' }).getAttribute('data-code')) ?? '';
  await home(ana);

  const ben = await phone('Ben');
  await ben.page.goto(link);
  await expect(
    ben.page.getByText('Ana answers for those who come by this poster. It invites you to'),
  ).toBeVisible();
  await join(ben, link);
  const carla = await phone('Carla');
  await join(carla, link);
  await pay(ben, { to: 'Carla', amount: '3.20', note: 'Leeks' });
  await home(carla);
  await expectLine(carla, 'Leeks', '+3.20', 'Final');
});
