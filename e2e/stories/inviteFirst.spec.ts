import { found, inviteLink } from '../actors/circle.ts';
import { expect, test } from '../actors/test.ts';

/** Notes it if the welcome screen was there, were it for one frame. */
const WATCH = `
  globalThis.welcomed = false;
  new MutationObserver(() => {
    globalThis.welcomed ||= document.querySelector('a[href="/found"]') !== null;
  }).observe(document, { subtree: true, childList: true });
`;
const SLOW_MS = 700;

test('[S2] who opens an invite sees the invite first, however slowly its screen comes', async ({ phone }) => {
  const ana = await phone('Ana');
  await found(ana);
  const link = await inviteLink(ana);

  const { page } = await phone('Ben', { before: WATCH, serviceWorkers: 'block' });
  await page.route('**/assets/JoinLanding-*.js', async (route) => {
    // A slow network, not a wait for something to happen.
    await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
    await route.continue();
  });
  await page.goto('about:blank');
  await page.goto(link);
  await expect(page.getByRole('button', { name: 'Join', exact: true })).toBeVisible();
  expect(await page.evaluate(() => Reflect.get(globalThis, 'welcomed') as unknown)).toBe(false);
  expect(new URL(page.url()).hash).toBe('');
});
