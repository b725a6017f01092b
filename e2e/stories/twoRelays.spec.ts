import { found, home, inviteLink, join, keptForOffline, relayOnly, upToDate } from '../actors/circle.ts';
import type { Phone } from '../actors/phone.ts';
import { startRelay } from '../actors/relayProcess.ts';
import { expect, test } from '../actors/test.ts';
import { expectLine, pay } from '../actors/trade.ts';

/** Until the page that this phone keeps lets it reach that host, too. */
const keptPageAllows = async ({ page }: Phone, host: string): Promise<void> => {
  const policies = (): Promise<readonly (string | null)[]> =>
    page.evaluate(async () => {
      const found: (string | null)[] = [];
      for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const key of await cache.keys())
          if (new URL(key.url).pathname === '/index.html')
            found.push((await cache.match(key))?.headers.get('Content-Security-Policy') ?? null);
      }
      return found;
    });
  await expect.poll(policies, { timeout: 60_000 }).toEqual([expect.stringContaining(host)]);
};
/** The app in a new tab; `hosts` gets to know whom it speaks to. */
const openedAgain = async (phone: Phone, hosts: Set<string>): Promise<Phone> => {
  await phone.page.close();
  const back = { ...phone, page: await phone.context.newPage() };
  back.page.on('request', (request) => hosts.add(new URL(request.url()).host));
  back.page.on('websocket', (socket) => hosts.add(new URL(socket.url()).host));
  await back.page.goto('/');
  return back;
};

test('[S3] a relay names a second one and is gone for good: phones that have the app go on over the second, and meet nobody else', async ({
  phone,
  relay,
}) => {
  const second = await startRelay();
  try {
    const ana = await phone('Ana');
    await found(ana);
    const invite = await inviteLink(ana);
    await home(ana);
    const ben = await phone('Ben');
    await join(ben, invite);
    await upToDate(ben);
    for (const one of [ana, ben]) {
      await keptForOffline(one);
      // Their direct connection would hide whether they find each other anew.
      await relayOnly(one, true);
    }

    // The host moves: it names its successor for a while, and both have the app open once meanwhile.
    await relay.restart(['--other-relay', second.multiaddr]);
    await keptPageAllows(ana, new URL(second.url).port);
    await keptPageAllows(ben, new URL(second.url).port);
    await relay.kill();

    const hosts = new Set<string>();
    const [anaBack, benBack] = [await openedAgain(ana, hosts), await openedAgain(ben, hosts)];
    await expect(benBack.page.getByText(/^Up to date/)).toBeVisible({ timeout: 60_000 });
    await pay(benBack, { to: 'Ana', amount: '4.80', note: 'Bread' });
    await home(benBack);
    await expectLine(benBack, 'Bread', '−4.80', 'Final');
    await expectLine(anaBack, 'Bread', '+4.80', 'Final');
    expect(hosts).toEqual(new Set([new URL(relay.url).host, `127.0.0.1:${second.httpPort}`]));
  } finally {
    await second.end();
  }
});
