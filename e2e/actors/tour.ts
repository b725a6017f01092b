import { expect, type Locator, type Page } from '@playwright/test';

/** A screen and how a visitor of the tour comes to it. Nothing here depends on a language. */
export interface Station {
  readonly name: string;
  readonly open: (page: Page) => Promise<void>;
}

/** The marked main element is the screen that was left. */
const LEFT = 'data-left';

/** Waits for the screen that replaces the one seen before, whole and alone. */
const arrived = async (page: Page): Promise<void> => {
  await expect(page.locator(`main:not([${LEFT}]) h1`)).not.toHaveText('');
  await expect(page.locator('main')).toHaveCount(1);
};

/** Does what leads to another screen, and waits until that one is there. */
const through = async (page: Page, act: () => Promise<unknown>): Promise<void> => {
  await page.locator('main').evaluate((main, mark) => main.setAttribute(mark, ''), LEFT);
  await act();
  await arrived(page);
};

/** Goes to an address of the app without loading it again, as a link inside it does. */
export const go = (page: Page, path: string): Promise<void> =>
  through(page, () =>
    page.evaluate((to) => {
      history.pushState(null, '', to);
      dispatchEvent(new PopStateEvent('popstate'));
    }, path),
  );

const at = (name: string, path: string, then?: (page: Page) => Promise<void>): Station => ({
  name,
  open: async (page) => {
    await go(page, path);
    await then?.(page);
  },
});
const on = (name: string, open: (page: Page) => Promise<void>): Station => ({ name, open });

const openedDialog = async (page: Page, opener: Locator): Promise<void> => {
  await opener.click();
  await expect(page.locator('dialog[open] h2')).toBeVisible();
};
const hrefOf = async (page: Page, link: string): Promise<string> =>
  (await page.locator(link).first().getAttribute('href')) ?? '';

/** Safari on an iPhone, as it speaks of itself. */
export const IPHONE = {
  platform: 'iPhone',
  maxTouchPoints: 5,
  userAgent:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
} as const;
/** From now on this page takes itself for that phone, or for what it is again. */
const pretend = (page: Page, self: typeof IPHONE | null): Promise<void> =>
  page.evaluate(
    ([names, values]) => {
      for (const name of names) {
        Reflect.deleteProperty(navigator, name);
        const value = values?.[name];
        if (value !== undefined) Object.defineProperty(navigator, name, { value, configurable: true });
      }
    },
    [['platform', 'maxTouchPoints', 'userAgent'], self] as const,
  );

/** Before this phone has a circle. `invite` is a link somebody else made. */
export const outside = (invite: string): readonly Station[] => [
  on('welcome', arrived),
  at('found', '/found'),
  on('found, filled in', async (page) => {
    await page.locator('#circle-name').fill('Valldor');
    await page.locator('#member-name').fill('Ana');
  }),
  at('scan, to join', '/scan'),
  on('scan, unreadable', async (page) => {
    await page.locator('#pasted').fill('no code');
    await page.locator('button[type=submit]').click();
    await expect(page.getByRole('alert').last()).toBeVisible();
  }),
  at('about, without a circle', '/about'),
  at('lost phone', '/recover', async (page) => {
    await page.locator('#words').fill('legal winner thank year');
  }),
  on('lost phone, with the sheet', async (page) => {
    await go(page, '/');
    await through(page, () =>
      page.evaluate(() => {
        location.hash = 'b=sheet';
      }),
    );
    await expect(page.locator('.notice')).toBeVisible();
  }),
  at('newer', '/newer'),
  on('join landing, on an iPhone', async (page) => {
    await pretend(page, IPHONE);
    await through(page, () =>
      page.evaluate((link) => {
        location.hash = new URL(link).hash;
      }, invite),
    );
    await expect(page.locator('.install-steps')).toBeVisible();
  }),
  on('join landing', async (page) => {
    await page.locator('.foot button').click();
    await expect(page.locator('main dl.facts')).toBeVisible();
    await pretend(page, null);
  }),
  on('is it the same circle', async (page) => {
    await openedDialog(page, page.locator('main .weave-tap'));
    await expect(page.locator('dialog ol[aria-busy=false]')).toBeVisible();
  }),
  on('looking around before joining', async (page) => {
    await page.keyboard.press('Escape');
    await through(page, () => page.locator('.foot button.plain').click());
    await expect(page.getByTestId('balance')).toBeVisible();
  }),
  on('back at the invite', async (page) => {
    await through(page, () => page.locator('.ribbon button').click());
    await expect(page.locator('main dl.facts')).toBeVisible();
  }),
  on('join landing, name', async (page) => {
    await page.locator('.foot button').first().click();
    await expect(page.locator('#name')).toBeVisible();
  }),
];

/** The demo circle from its beginning, with what its scenes add to an ordinary day. */
const scene = (name: string, scenes: string): Station =>
  at(name, `/demo?with=${scenes}`, async (page) => {
    await expect(page).toHaveURL((url) => url.pathname === '/');
    await expect(page.getByTestId('balance')).toBeVisible();
  });
/** The address of a person of the demo, by their place in the list of people: oneself is the first. */
const personAt = async (page: Page, place: number): Promise<string> => {
  await go(page, '/people');
  return hrefOf(page, `ul.rows li:nth-child(${place}) a`);
};
const DEMO_WORDS = 'legal winner thank year wave sausage worth useful legal winner thank yellow';

/** How the demo circle governs itself, and the way back after a lost phone. */
const governing: readonly Station[] = [
  at('requests', '/circle/requests'),
  on('requests, said yes', async (page) => {
    await page.locator('.wish-does button').click();
    await expect(page.locator('.wish-does button')).toHaveCount(0);
  }),
  at('stewards', '/circle/stewards'),
  at('propose stewards', '/circle/stewards/propose', async (page) => {
    await expect(page.locator('.proposal .quiet')).toBeVisible();
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
    await go(page, await hrefOf(page, 'ul.rows a[href^="/circle/changes/"] >> nth=1'));
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
  at('coming back', '/demo?with=coming-back', async (page) => {
    await expect(page.locator('.steps')).toBeVisible();
  }),
];

/** In the circle made on the phone to look around in. */
export const demo: readonly Station[] = [
  scene('an ordinary day', ''),
  ...governing,
  scene('home', 'talk'),
  at('pay', '/pay'),
  on('pay amount', async (page) => go(page, await hrefOf(page, 'ul.rows a[href^="/pay/"]'))),
  on('pay amount, over', async (page) => {
    await page.locator('#amount').fill('9999.00');
    await expect(page.locator('.after.wrong')).toBeVisible();
  }),
  on('pay amount, held', async (page) => {
    await page.locator('#amount').fill('80.00');
    await page.locator('button.hold').click();
    await expect(page.locator('.pay-now button.second')).toBeVisible();
  }),
  on('what for', async (page) => {
    await openedDialog(page, page.locator('.for-what'));
    await page.locator('dialog .chip input').first().check({ force: true });
    await page.locator('dialog #quantity').fill('2');
  }),
  on('paid', async (page) => {
    await page.locator('dialog button[type=submit]').click();
    await page.locator('#amount').fill('4.80');
    await through(page, () => page.locator('.pay-now button[type=submit]').click());
    await expect(page.locator('article')).toBeVisible();
  }),
  at('get paid', '/get-paid'),
  on('get paid, code', async (page) => {
    await page.locator('#amount').fill('12.00');
    await through(page, () => page.locator('form button[type=submit]').click());
    await expect(page.locator('[data-code]')).toBeVisible();
  }),
  at('scan', '/scan'),
  on('pay what was scanned', (page) =>
    through(page, () => page.locator('section .button.second').first().click()),
  ),
  on('hand-over', async (page) => {
    await through(page, () => page.locator('.pay-now button[type=submit]').click());
    await expect(page.locator('[data-code]')).toBeVisible();
  }),
  at('home, with something to hand over', '/'),
  on('receipt', async (page) => go(page, await hrefOf(page, 'main a[href^="/receipt/"] >> nth=-1'))),
  on('receipt, share', (page) => openedDialog(page, page.locator('article ~ .chips .chip').first())),
  at('people', '/people'),
  on('person', async (page) => go(page, await hrefOf(page, 'ul.rows li:nth-child(2) a'))),
  at('invite', '/invite'),
  at('circle', '/circle'),
  at('invite, another phone', '/invite?as=device'),
  at('talk', '/circle/talk'),
  at('me', '/me'),
  at('storage', '/me/storage', (page) => expect(page.locator('dl.facts')).toBeVisible()),
  at('sharing', '/me/sharing'),
  at('look', '/me/look'),
  // they stay: the screens that follow are seen in them
  on('look, easier letters', async (page) => {
    await page.getByRole('checkbox').check();
    await expect(page.locator('html')).toHaveAttribute('data-letters', 'easy');
  }),
  at('wipe', '/me/wipe'),
  at('about', '/me/about'),
  at('not found', '/nowhere'),
  at('lock', '/me/lock'),
  on('lock, too short', async (page) => {
    await page.locator('#next').fill('short');
    await expect(page.getByRole('alert')).toBeVisible();
  }),
  on('lock, set', async (page) => {
    await page.locator('#next').fill('bread and cheese');
    await page.locator('form button[type=submit]').click();
    await expect(page.locator('.toast')).toBeVisible();
  }),
  on('locked', async (page) => {
    await go(page, '/me');
    await through(page, () => page.locator('.foot button').click());
    await expect(page.locator('#passphrase')).toBeVisible();
  }),
  on('locked, wrong passphrase', async (page) => {
    await page.locator('#passphrase').fill('cheese');
    await page.locator('form button[type=submit]').click();
    await expect(page.getByRole('alert')).toBeVisible();
  }),
];

/** A real circle of one, just founded. */
export const founded: readonly Station[] = [
  on('home, empty', async (page) => {
    await go(page, '/found');
    await page.locator('#circle-name').fill('Valldor');
    await page.locator('#member-name').fill('Ana');
    await page.locator('form button[type=submit]').click();
    await expect(page.getByTestId('balance')).toBeVisible();
    await arrived(page);
  }),
  at('pay, nobody there', '/pay'),
  at('invite, made', '/invite', async (page) => {
    await page.locator('.foot button').click();
    await expect(page.locator('[data-code]')).toBeVisible();
  }),
  at('book, kept here', '/circle/book'),
  at('talk, nothing', '/circle/talk'),
  at('wipe, of the one who keeps the book', '/me/wipe'),
];

/** What the worker dies of in {@link broken}. */
const WORKER_FAULT = 'no room to run in';

/** What a phone shows when the app's own worker cannot run. No service worker may stand before it. */
export const broken = async (page: Page, path = '/'): Promise<void> => {
  await page.route(/peer\.worker-/, (route) =>
    route.fulfill({ contentType: 'text/javascript', body: `throw new Error('${WORKER_FAULT}');` }),
  );
  await page.goto(path);
  await expect(page.locator('main details')).toBeVisible();
};

/** What it shows on plain http, where a browser gives no keys. No service worker may stand before it. */
export const insecure = async (page: Page, path = '/'): Promise<void> => {
  await page.addInitScript(() => Object.defineProperty(window, 'isSecureContext', { value: false }));
  await page.goto(path);
  await expect(page.getByRole('alert')).toBeVisible();
};
