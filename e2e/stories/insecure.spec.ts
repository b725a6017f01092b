import { found, inviteLink } from '../actors/circle.ts';
import { newPhone } from '../actors/phone.ts';
import { expect, test } from '../actors/test.ts';

test('over plain http the app says in a sentence what is wrong, and what to open instead', async ({
  browser,
  phone,
  relay,
}) => {
  const address = `http://village.test:${relay.httpPort}`;
  const ben = await newPhone(browser, address, 'Ben');
  await ben.page.goto('/');
  expect(await ben.page.evaluate(() => isSecureContext)).toBe(false);
  const alert = ben.page.getByRole('alert');
  await expect(alert).toContainText("isn't protected");
  await expect(alert).toContainText('Nothing is lost.');
  await expect(alert).toContainText(`https://village.test:${relay.httpPort}`);

  // The same for someone with an invite in hand; the secret leaves the address bar all the same.
  const ana = await phone('Ana');
  await found(ana);
  const link = await inviteLink(ana);
  await ben.page.goto(link.replace(relay.url, address));
  await expect(alert).toContainText("isn't protected");
  expect(ben.page.url()).not.toContain('#');
  // Looking around needs no keys and no camera.
  await ben.page.getByRole('button', { name: 'Look around a demo circle' }).click();
  await expect(ben.page.getByRole('region', { name: 'Balance' })).toBeVisible();
  await ben.context.close();
  expect(ben.faults).toEqual([]);
});
