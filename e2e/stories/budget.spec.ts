import { fileURLToPath } from 'node:url';
import { BUDGET, weigh } from '../../web/budget.ts';
import { newPhone } from '../actors/phone.ts';
import { expect, test } from '../actors/test.ts';

const DIST = fileURLToPath(new URL('../../web/dist', import.meta.url));

test('what a phone loads stays within the budget, by the files and as a browser receives them', async ({
  browser,
  relay,
}) => {
  const weights = weigh(DIST);
  expect(weights.firstLoad).toBeLessThanOrEqual(BUDGET.firstLoad);
  expect(weights.initialScripts).toBeLessThanOrEqual(BUDGET.initialScripts);
  expect(weights.laterWords).toBeLessThanOrEqual(BUDGET.laterWords);
  expect(weights.largestScreen).toBeLessThanOrEqual(BUDGET.largestScreen);
  expect(weights.network).toBeLessThanOrEqual(BUDGET.network);
  test.info().annotations.push({ type: 'peer worker', description: `${weights.peerWorker} bytes gzipped` });

  // As served: what stands between the address and the first picture. The engine comes after that.
  const ben = await newPhone(browser, relay.url, 'Ben', { serviceWorkers: 'block' });
  const received = new Map<string, number>();
  ben.page.on('requestfinished', (request) => {
    void request
      .sizes()
      .then(({ responseBodySize }) => received.set(new URL(request.url()).pathname, responseBodySize));
  });
  await ben.page.goto('/');
  await expect(ben.page.getByRole('link', { name: 'Found a circle' })).toBeVisible();
  const first = weights.firstLoadFiles
    .map((name) =>
      name === 'index.html'
        ? '/'
        : name.includes('/') || name.startsWith('manifest')
          ? `/${name}`
          : `/assets/${name}`,
    )
    .filter((path) => received.has(path));
  expect(first.length).toBeLessThanOrEqual(BUDGET.firstLoadRequests);
  const bytes = first.reduce((sum, path) => sum + (received.get(path) ?? 0), 0);
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThanOrEqual(BUDGET.firstLoad);
  await ben.context.close();
});
