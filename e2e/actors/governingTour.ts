import { expect, type Page } from '@playwright/test';
import { at, go, hrefOf, on, openedDialog, through, type Station } from './station.ts';

/** The demo circle from its beginning, with what its scenes add to an ordinary day. */
export const scene = (name: string, scenes: string): Station =>
  at(name, `/demo?with=${scenes}`, async (page) => {
    await expect(page).toHaveURL((url) => url.pathname === '/');
    await expect(page.getByTestId('balance')).toBeVisible();
  });
/** The address of a person of the demo, by their place in the list of people: oneself is the first. */
const personAt = async (page: Page, place: number): Promise<string> => {
  await go(page, '/people');
  return hrefOf(page, `ul.rows li:nth-child(${place}) a`);
};
/** Makes twelve words on a phone of a circle and reads the link of their sheet. */
export const sheetLink = async (page: Page): Promise<string> => {
  await go(page, '/me/recovery/words');
  await page.locator('.foot button').click();
  return (await page.locator('[data-code]').getAttribute('data-code')) ?? '';
};
const DEMO_WORDS = 'legal winner thank year wave sausage worth useful legal winner thank yellow';

/** How the demo circle governs itself, and the way back after a lost phone. */
export const governing: readonly Station[] = [
  at('requests', '/circle/requests'),
  on('requests, said yes', async (page) => {
    for (const left of [1, 0]) {
      await page.locator('.wish-does button').first().click();
      await expect(page.locator('.wish-does button')).toHaveCount(left);
    }
  }),
  at('stewards', '/circle/stewards'),
  at('propose stewards', '/circle/stewards/propose', async (page) => {
    await expect(page.locator('.proposal')).toBeVisible();
  }),
  on('propose stewards, four chosen', async (page) => {
    for (const place of [0, 1, 2, 3]) await page.locator('.choice input').nth(place).check();
    await expect(page.locator('.proposal .lead')).toBeVisible();
  }),
  on('proposed', async (page) => {
    await through(page, () => page.locator('form button[type=submit]').click());
    await expect(page.locator('main .lead').first()).toBeVisible();
  }),
  at('rules', '/circle/rules'),
  on('rules, all decisions', (page) => page.locator('main .button.plain').click()),
  at('change a rule', '/circle/rules/newcomersShare', async (page) => {
    await page.locator('#value').fill('7');
    await expect(page.locator('.proposal .lead')).toBeVisible();
  }),
  on('change a rule, no such figure', async (page) => {
    await page.locator('#value').fill('many');
    await expect(page.locator('[aria-invalid=true]')).toBeVisible();
  }),
  at('change a rule by choice', '/circle/rules/policy', async (page) => {
    await page.locator('.chip input').first().check({ force: true });
    await expect(page.locator('.proposal .lead')).toBeVisible();
  }),
  at('no such rule', '/circle/rules/nothing'),
  on('open change', async (page) => {
    await go(page, '/circle/rules');
    // the one that nobody in the demo is about to decide
    await go(page, await hrefOf(page, 'ul.rows a[href^="/circle/changes/"]:has-text("Pere Vidal")'));
  }),
  on('open change, answered and talked about', async (page) => {
    await page.locator('#say').fill('Bread');
    await page.locator('form button[type=submit]').click();
    await expect(page.locator('#say')).toHaveValue('');
    await page.getByRole('group').getByRole('button').last().click();
    await expect(page.locator('[aria-pressed=true]')).toBeVisible();
  }),
  at('no open change', '/circle/changes/none'),
  at('charter', '/circle/charter'),
  at('charter, writing', '/circle/charter/write', async (page) => {
    await page.locator('#charter').fill('Bread and cheese.');
  }),
  on('charter, written', async (page) => {
    await through(page, () => page.locator('form button[type=submit]').click());
    await expect(page.locator('.toast')).toBeVisible();
  }),
  at('meetings', '/circle/meetings'),
  at('a meeting, writing', '/circle/meetings/1', async (page) => {
    await page.locator('#minutes').fill('Bread and cheese.');
  }),
  at('meeting, calling one', '/circle/meetings/new'),
  at('common pot', '/circle/pot', async (page) => {
    await page.locator('#to').selectOption({ index: 2 });
    await page.locator('#payout').fill('5');
    await expect(page.locator('.proposal .lead')).toBeVisible();
  }),
  at('book', '/circle/book'),
  on('book, closing it', (page) => openedDialog(page, page.locator('.foot button.plain'))),
  on('person on a pause', async (page) => {
    await page.keyboard.press('Escape');
    await go(page, await personAt(page, 11));
    await expect(page.locator('.notice')).toBeVisible();
  }),
  on('person, less room', async (page) => {
    await go(page, `${await personAt(page, 3)}/change/room`);
    await page.locator('#down').fill('100');
    await expect(page.locator('.proposal .lead')).toBeVisible();
  }),
  on('person, a pause', async (page) => go(page, `${await personAt(page, 3)}/change/pause`)),
  on('person, asked to leave', async (page) => go(page, `${await personAt(page, 3)}/change/leave`)),
  on('person, let back in', async (page) => go(page, `${await personAt(page, 11)}/change/back`)),
  on('a new phone for somebody', async (page) => {
    const person = await personAt(page, 3);
    await go(page, `/invite?as=recover&of=${person.split('/').at(-1) ?? ''}`);
  }),
  on('a new phone for somebody, code', async (page) => {
    await page.locator('.foot button').click();
    await expect(page.locator('[data-code]')).toBeVisible();
  }),
  at('a poster', '/invite?as=poster'),
  on('a poster, made', async (page) => {
    await page.locator('.foot button').click();
    await expect(page.locator('[data-code]')).toBeVisible();
  }),
  at('devices', '/me/devices'),
  at('link another phone, code', '/invite?as=device', async (page) => {
    await page.locator('.foot button').click();
    await expect(page.locator('ol[aria-busy=false]')).toBeVisible();
  }),
  on('device', async (page) => {
    await go(page, '/me/devices');
    await go(page, await hrefOf(page, 'ul.rows li:nth-child(2) a'));
    await page.locator('#room').fill('30');
  }),
  on('device, room moved', async (page) => {
    await page.locator('form button[type=submit]').click();
    await expect(page.locator('.toast')).toBeVisible();
  }),
  on('device, given up', async (page) => {
    await page.locator('button.hold').click();
    await through(page, () => page.locator('.wipe .second').click());
    await expect(page.locator('.toast')).toBeVisible();
  }),
  on('device that is given up', async (page) =>
    go(page, await hrefOf(page, 'section ul.rows li:last-child a')),
  ),
  at('way back, nothing prepared', '/me/recovery'),
  at('no such device', '/me/devices/none'),
  at('practise without words', '/me/recovery/practise'),
  at('twelve words', '/me/recovery/words'),
  on('twelve words, made', async (page) => {
    await page.locator('.foot button').click();
    await expect(page.locator('article ol').first()).toBeVisible();
  }),
  on('practise', (page) => through(page, () => page.locator('.foot .button.wide').click())),
  on('practise, wrong words', async (page) => {
    await page.locator('#words').fill(DEMO_WORDS.replace('yellow', 'year'));
    await page.locator('form button[type=submit]').click();
    await expect(page.getByRole('alert')).toBeVisible();
  }),
  on('practise, they work', async (page) => {
    await page.locator('#words').fill(DEMO_WORDS);
    await page.locator('form button[type=submit]').click();
    await expect(page.locator('.notice.calm')).toBeVisible();
  }),
  at('neighbours who vouch', '/me/recovery/neighbours', async (page) => {
    for (const place of [0, 1, 2, 3, 4]) await page.locator('.tile input').nth(place).check({ force: true });
  }),
  on('way back, prepared', async (page) => {
    await through(page, () => page.locator('form button[type=submit]').click());
    await expect(page.locator('.faces')).toBeVisible();
  }),
  at('lost phone, in a circle', '/recover'),
  scene('home, on a pause', 'paused'),
  on('myself, on a pause', async (page) => go(page, await hrefOf(page, '.notice .does a'))),
  on('asking to be let back in', async (page) =>
    go(page, await hrefOf(page, 'ul.rows a[href$="/change/back"]')),
  ),
  at('propose while on a pause', '/circle/rules/bookDays'),
  scene('home, four stewards suggested', 'one-steward'),
  at('stewards, one alone', '/circle/stewards'),
  at('book, kept by one', '/circle/book'),
  scene('home, book being closed', 'closing,named'),
  at('book, being closed', '/circle/book'),
  at('stewards, the next are named', '/circle/stewards'),
  scene('home, the keeper has not been heard', 'keeper-gone'),
  at('the book is stuck', '/circle/go-on'),
  on('the book is stuck, begin anew', (page) => openedDialog(page, page.locator('.foot button'))),
  scene('home, begun anew', 'keeper-gone,begun-anew'),
  at('two have begun anew', '/circle/go-on'),
  on('gone along', async (page) => {
    await through(page, () => page.locator('main section .button.wide').first().click());
    await expect(page.locator('.toast')).toBeVisible();
  }),
  at('who is not here yet', '/circle/go-on'),
  at('coming back', '/demo?with=coming-back', async (page) => {
    await expect(page.locator('.steps')).toBeVisible();
  }),
];
