import { connectedBy, found, home, inviteLink, join } from '../actors/circle.ts';
import { expect, test } from '../actors/test.ts';
import { expectLine, pay } from '../actors/trade.ts';

test('[P1] a browser without WebRTC trades through the relay', async ({ phone }) => {
  const ana = await phone('Ana');
  await found(ana);
  const link = await inviteLink(ana);
  await home(ana);
  const ben = await phone('Ben', { before: 'delete globalThis.RTCPeerConnection;' });
  expect(await ben.page.evaluate(() => 'RTCPeerConnection' in globalThis)).toBe(false);
  await join(ben, link);
  await connectedBy(ben, 'Ana', 'Through a relay');
  await pay(ben, { to: 'Ana', amount: '4.80', loaves: 2 });
  await expect(ben.page.getByText(/^Final\. /)).toBeVisible();
  await expectLine(ana, '2 loaves of bread', '+4.80', 'Final');
  await pay(ana, { to: 'Ben', amount: '1.50', note: 'Onions' });
  await home(ben);
  await expectLine(ben, 'Onions', '+1.50', 'Final');
  await connectedBy(ben, 'Ana', 'Through a relay');
});
