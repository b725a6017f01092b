import type { Page } from '@playwright/test';
import { found, keptForOffline } from '../actors/circle.ts';
import { expect, test } from '../actors/test.ts';

/** How long the letters are on their way. */
const SLOWLY_MS = 1500;
const FAMILY = 'Atkinson Hyperlegible Next Variable';

/** For `before`: writes down, right before each picture is painted, the letters it is in. */
const RECORD_LETTERS = `
  globalThis.lettersSeen = [];
  const look = () => {
    const family = document.body && getComputedStyle(document.body).fontFamily;
    if (family && globalThis.lettersSeen.at(-1) !== family) globalThis.lettersSeen.push(family);
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
`;
declare global {
  /** What {@link RECORD_LETTERS} has seen. */
  var lettersSeen: string[];
}

const family = (page: Page): Promise<string> =>
  page.evaluate(() => getComputedStyle(document.body).fontFamily);
/** Whether the letters themselves are here, and not only their name. */
const areHere = (page: Page): Promise<boolean> =>
  page.evaluate(
    (name) =>
      [...document.fonts].some(
        (face) => face.family.replaceAll('"', '') === name && face.status === 'loaded',
      ),
    FAMILY,
  );

test('the easier letters come when they are chosen, and from then on at once, also without any network', async ({
  phone,
  relay,
}) => {
  const ana = await phone('Ana', { before: RECORD_LETTERS });
  const { page, context } = ana;
  const asked: string[] = [];
  context.on('request', (request) => asked.push(request.url()));
  const fetched = (): number => asked.filter((url) => url.includes('atkinson')).length;
  await found(ana);
  await keptForOffline(ana);
  await page.getByRole('link', { name: 'Me', exact: true }).click();
  await page.getByRole('link', { name: /^Language and look/ }).click();
  expect([fetched(), await areHere(page)]).toEqual([0, false]);

  const box = page.getByRole('checkbox', { name: /^Easier letters/ });
  // They take their time, and meanwhile the screen is drawn again.
  await context.route(/atkinson/, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, SLOWLY_MS));
    await route.continue();
  });
  await box.press('Space');
  await page.getByRole('radio', { name: 'Dark' }).check();
  await expect(box).toBeChecked();
  expect(await family(page)).not.toContain(FAMILY);
  await expect.poll(() => family(page)).toContain(FAMILY);
  await expect(box).toBeChecked();
  expect(await areHere(page)).toBe(true);
  expect(fetched()).toBeGreaterThan(0);

  await relay.kill();
  await context.setOffline(true);
  await page.reload();
  await expect(box).toBeChecked();
  const seen = await page.evaluate(() => globalThis.lettersSeen);
  expect(seen.map((family) => family.includes(FAMILY))).toEqual([true]);
  expect(await areHere(page)).toBe(true);

  await box.press('Space');
  await expect(box).not.toBeChecked();
  expect(await family(page)).not.toContain(FAMILY);
  await page.reload();
  await expect(box).not.toBeChecked();
  expect(await family(page)).not.toContain(FAMILY);
});
