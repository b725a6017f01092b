import { found, home, inviteLink, join, keptForOffline, upToDate } from '../actors/circle.ts';
import { expect, test } from '../actors/test.ts';
import { expectLine, pay } from '../actors/trade.ts';

/** Tells the test which servers the app names for WebRTC. */
const RECORD_ICE = `
  globalThis.iceServers = [];
  const Plain = globalThis.RTCPeerConnection;
  globalThis.RTCPeerConnection = class extends Plain {
    constructor(configuration) {
      super(configuration);
      for (const { urls } of configuration?.iceServers ?? []) globalThis.iceServers.push(...[urls].flat());
    }
  };
`;
declare global {
  /** What {@link RECORD_ICE} has seen. */
  var iceServers: string[];
}

test('[S3] every request of the whole story goes to the relay that serves the app, and to nobody else', async ({
  phone,
  relay,
}) => {
  const asked: string[] = [];
  const open = async (name: string) => {
    const opened = await phone(name, { before: RECORD_ICE });
    // The service worker's own requests are told here as well.
    opened.context.on('request', (request) => asked.push(request.url()));
    opened.page.on('websocket', (socket) => asked.push(socket.url()));
    await opened.page.reload();
    return opened;
  };
  const ana = await open('Ana');
  await found(ana);
  const link = await inviteLink(ana);
  await home(ana);
  const ben = await open('Ben');
  await join(ben, link);
  await upToDate(ben);
  await pay(ben, { to: 'Ana', amount: '4.80', loaves: 2 });
  await expectLine(ana, '2 loaves of bread', '+4.80', 'Final');
  await home(ben);
  for (const place of ['Circle', 'Me', 'Home']) {
    await ben.page.getByRole('link', { name: place, exact: true }).click();
    await expect(ben.page.getByRole('link', { name: place, exact: true })).toHaveAttribute(
      'aria-current',
      'page',
    );
  }
  await keptForOffline(ben);

  const own = new Set([new URL(relay.url).host, `127.0.0.1:${relay.httpPort}`]);
  const strangers = asked.filter((url) => !/^(?:blob|data):/.test(url) && !own.has(new URL(url).host));
  expect(strangers).toEqual([]);
  expect(asked.filter((url) => url.startsWith('ws')).length).toBeGreaterThan(1);
  const secret = new URL(link).hash.slice(1);
  expect(asked.filter((url) => url.includes(secret) && new URL(url).hash === '')).toEqual([]);

  // WebRTC asks who it is at our own STUN responder, never at a stranger's.
  for (const { page } of [ana, ben]) {
    const servers = await page.evaluate(() => [...new Set(globalThis.iceServers)]);
    expect(servers.filter((url) => url !== `stun:localhost:${relay.stunPort}`)).toEqual([]);
  }
  const answer = await ana.page.request.get('/');
  const policy = answer.headers()['content-security-policy'] ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('unsafe-inline');
  expect(await answer.text()).not.toMatch(/<script(?![^>]*\ssrc=)/);
});
