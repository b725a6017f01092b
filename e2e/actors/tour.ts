import { expect, type Page } from '@playwright/test';
import { savedFile, writeBook } from '../../packages/testing/src/writtenBook.ts';
import { plugIn } from './authenticator.ts';
import { governing, scene } from './governingTour.ts';
import { arrived, at, go, hrefOf, on, openedDialog, through, type Station } from './station.ts';

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

/** Somebody else's book as a file. */
const otherBook = savedFile(writeBook(40));
const chooseFile = async (page: Page, text: string): Promise<void> => {
  const file = { name: 'valldor.circle', mimeType: 'text/plain', buffer: Buffer.from(text) };
  await page.locator('input[type=file]').setInputFiles(file);
};
const PASSPHRASE = 'bread and cheese';

/** Before this phone has a circle. `invite` is a link somebody else made, `sheet` one for a phone that was lost. */
export const outside = (invite: string, sheet: string): readonly Station[] => [
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
      page.evaluate((link) => {
        location.hash = new URL(link).hash;
      }, sheet),
    );
    await expect(page.locator('.notice')).toBeVisible();
  }),
  at('saved book', '/saved-book'),
  on('saved book, checked', async (page) => {
    await chooseFile(page, otherBook);
    await expect(page.locator('dl.facts')).toBeVisible();
  }),
  on('saved book, changed', async (page) => {
    await chooseFile(page, otherBook.replace(/\nend:.*/, ''));
    await expect(page.getByRole('alert')).toBeVisible();
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
  at('your data, all of it here', '/me/data', async (page) => {
    await chooseFile(page, otherBook);
    await expect(page.locator('dl.facts')).toBeVisible();
  }),
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
    await page.locator('#next').fill(PASSPHRASE);
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
  at('your data', '/me/data'),
  on('your data, another circle’s book', async (page) => {
    await chooseFile(page, otherBook);
    await expect(page.locator('.notice').last()).toBeVisible();
  }),
  on('lock, beside the phone’s own', async (page) => {
    await plugIn(page);
    await go(page, '/me/lock');
    await page.locator('#next').fill(PASSPHRASE);
    await page.locator('form button[type=submit]').click();
    await expect(page.locator('section form button[type=submit]')).toBeEnabled();
  }),
  on('lock, opened by the phone too', async (page) => {
    await page.locator('section form button[type=submit]').click();
    await expect(page.locator('section form')).toHaveCount(0);
    await expect(page.locator('.toast')).toBeVisible();
  }),
  on('locked, to open by the phone', async (page) => {
    await go(page, '/me');
    await through(page, () => page.locator('.foot button').click());
    await expect(page.locator('#passphrase')).toBeVisible();
  }),
  on('locked, and how to wipe', async (page) => {
    await page.locator('summary').click();
    await expect(page.locator('details[open] li').last()).toBeVisible();
  }),
  on('opened by the phone', async (page) => {
    await page.locator('main button').first().click();
    await expect(page.locator('#passphrase')).toHaveCount(0);
    await arrived(page);
  }),
  on('lock, to add the phone in another visit', async (page) => {
    await go(page, '/me/lock');
    await page.locator('section button.second').click();
    await expect(page.locator('#for-phone')).toBeVisible();
  }),
];

/** What the worker dies of in {@link broken}. */
const WORKER_FAULT = 'no room to run in';

/** What it shows when its disk keeps what it was to erase. */
export const notWiped = async (page: Page, path = '/'): Promise<void> => {
  await page.goto(path);
  await go(page, '/found');
  await page.locator('#circle-name').fill('Valldor');
  await page.locator('#member-name').fill('Ben');
  await page.locator('form button[type=submit]').click();
  await expect(page.getByTestId('balance')).toBeVisible();
  await page.evaluate(() => {
    IDBObjectStore.prototype.clear = () => {
      throw new DOMException('no', 'UnknownError');
    };
    IDBFactory.prototype.deleteDatabase = () => {
      const request = new EventTarget() as IDBOpenDBRequest;
      queueMicrotask(() => request.onerror?.(new Event('error')));
      return request;
    };
  });
  await go(page, '/me/wipe');
  await page.locator('button.hold').click();
  await through(page, () => page.locator('.wipe button.second').click());
  await expect(page.getByRole('alert')).toBeVisible();
};

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
