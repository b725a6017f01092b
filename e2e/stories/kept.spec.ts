import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import { weigh } from '../../web/budget.ts';
import { found, keptForOffline } from '../actors/circle.ts';
import { expect, test } from '../actors/test.ts';
import { expectBalance } from '../actors/trade.ts';

const DIST = fileURLToPath(new URL('../../web/dist', import.meta.url));
/** Gzipped bytes: what a phone fetches once to open without network, and the worker with the ledger (decision 22). */
const MAX_KEPT = 600_000;
const MAX_WORKER = 200_000;

/** Every address of the app that stands for itself, with the heading of its screen. */
const ADDRESSES = {
  '/': 'Valldor',
  '/pay': 'Scan or pay',
  '/get-paid': 'Get paid',
  '/scan': 'Scan',
  '/people': 'People',
  '/invite': 'Invite someone',
  '/circle': 'Circle',
  '/circle/rules': 'Rules and changes',
  '/circle/meetings': 'Meetings',
  '/circle/book': 'The book',
  '/circle/talk': 'Needs a talk',
  '/me': 'Me',
  '/me/devices': 'My phones',
  '/me/recovery': 'If you lose this phone',
  '/me/lock': 'App lock',
  '/me/sharing': 'What this phone shares',
  '/me/data': 'Your data',
  '/me/storage': 'Storage',
  '/me/look': 'Language and look',
  '/me/wipe': 'Wipe this phone',
  '/me/about': 'About',
} as const;

test('every address opens without any network, and what is kept for that stays small', async ({
  phone,
  relay,
}, info) => {
  const ana = await phone('Ana');
  const { context, page } = ana;
  await found(ana);
  await keptForOffline(ana);
  const kept = await page.evaluate(async () => {
    const names = await caches.keys();
    const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return requests.flat().map(({ url }) => new URL(url).pathname);
  });
  const files = kept.filter((path) => !path.startsWith('/choices/'));
  expect(files).toContain('/index.html');
  const bytes = files.reduce((sum, path) => sum + gzipSync(readFileSync(`${DIST}${path}`)).length, 0);
  const { peerWorker } = weigh(DIST);
  info.annotations.push({ type: 'gzipped bytes', description: `kept ${bytes}, worker ${peerWorker}` });
  expect(bytes).toBeLessThanOrEqual(MAX_KEPT);
  expect(peerWorker).toBeGreaterThan(0);
  expect(peerWorker).toBeLessThanOrEqual(MAX_WORKER);

  await relay.kill();
  await context.setOffline(true);
  for (const [address, heading] of Object.entries(ADDRESSES)) {
    await page.goto(address);
    await expect(page.getByRole('heading', { name: heading, exact: true, level: 1 })).toBeVisible();
  }
  await page.goto('/');
  await expectBalance(ana, 'even', '0.00');
});
