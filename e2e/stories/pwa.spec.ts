import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { found, keptForOffline } from '../actors/circle.ts';
import { newPhone } from '../actors/phone.ts';
import { startRelay } from '../actors/relayProcess.ts';
import { expect, test } from '../actors/test.ts';
import { expectBalance } from '../actors/trade.ts';

const DIST = fileURLToPath(new URL('../../web/dist', import.meta.url));

interface Manifest {
  readonly name: string;
  readonly start_url: string;
  readonly display: string;
  readonly icons: readonly { readonly src: string; readonly sizes: string; readonly purpose: string }[];
}

test('the app can be installed, and opens with its ledger when nothing can be reached', async ({
  phone,
  relay,
}) => {
  const ana = await phone('Ana');
  await found(ana);
  await keptForOffline(ana);
  const { page } = ana;
  const href = (await page.locator('link[rel=manifest]').getAttribute('href')) ?? '';
  const manifest = (await (await page.request.get(href)).json()) as Manifest;
  expect(manifest).toMatchObject({ name: 'Corridor', start_url: '/', display: 'standalone' });
  for (const { src } of manifest.icons) {
    const icon = await page.request.get(src);
    expect([icon.status(), icon.headers()['content-type']]).toEqual([200, 'image/png']);
  }
  // What the browser itself says; a test's profile keeps nothing for good, so that one reason stays.
  const session = await ana.context.newCDPSession(page);
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito')).toEqual(
    [],
  );

  await relay.kill();
  await ana.context.setOffline(true);
  await expect(page.getByText('No internet. You can still pay anyone standing next to you.')).toBeVisible();
  await page.reload();
  await expectBalance(ana, 'even', '0.00');
  await expect(page.getByText(/^Offline/)).toBeVisible();
  // Every address of the app opens, also one that was never visited.
  for (const [address, heading] of [
    ['/me/about', 'About'],
    ['/get-paid', 'Get paid'],
    ['/circle/rules', 'Rules'],
  ] as const) {
    await page.goto(address);
    await expect(page.getByRole('heading', { name: heading, level: 1 })).toBeVisible();
  }
});

test('a new version waits until the person takes it', async ({ browser }) => {
  const folder = await mkdtemp(join(tmpdir(), 'corridor-versions-'));
  await cp(DIST, folder, { recursive: true });
  const relay = await startRelay(folder);
  const ana = await newPhone(browser, relay.url, 'Ana');
  const { page } = ana;
  await page.goto('/');
  await found(ana);
  await keptForOffline(ana);
  await page.reload();
  await expectBalance(ana, 'even', '0.00');

  // The host puts the next version there.
  const index = await readFile(join(folder, 'index.html'), 'utf8');
  await writeFile(
    join(folder, 'index.html'),
    index.replace('<head>', '<head><meta name="version" content="next">'),
  );
  const worker = await readFile(join(folder, 'sw.js'), 'utf8');
  const revision =
    /(?:revision:\s*"([0-9a-f]+)",\s*url:\s*"index\.html")|(?:url:\s*"index\.html",\s*revision:\s*"([0-9a-f]+)")/.exec(
      worker.replaceAll(/"(revision|url)"/g, '$1'),
    );
  const old = revision?.[1] ?? revision?.[2] ?? '';
  expect(old).not.toBe('');
  await writeFile(join(folder, 'sw.js'), worker.replace(old, old.split('').toReversed().join('')));

  const opened = await page.evaluate(() => performance.timeOrigin);
  await page.evaluate(async () => {
    await (await navigator.serviceWorker.ready).update();
  });
  await expect(page.getByText('New version ready – finish your sale first.')).toBeVisible();
  // Nothing is loaded again by itself: somebody may be in the middle of a sale.
  expect(await page.evaluate(() => performance.timeOrigin)).toBe(opened);
  await expect(page.locator('meta[name=version]')).toHaveCount(0);
  await page.getByRole('button', { name: 'Update' }).click();
  await expect(page.locator('meta[name=version]')).toHaveAttribute('content', 'next');
  await expectBalance(ana, 'even', '0.00');

  await ana.context.close();
  await relay.end();
  await rm(folder, { recursive: true, force: true });
  expect(ana.faults).toEqual([]);
});
