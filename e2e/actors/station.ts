import { expect, type Locator, type Page } from '@playwright/test';

/** A screen and how a visitor of the tour comes to it. Nothing here depends on a language. */
export interface Station {
  readonly name: string;
  readonly open: (page: Page) => Promise<void>;
}

/** The marked main element is the screen that was left. */
const LEFT = 'data-left';

/** Waits for the screen that replaces the one seen before, whole and alone. */
export const arrived = async (page: Page): Promise<void> => {
  await expect(page.locator(`main:not([${LEFT}]) h1`)).not.toHaveText('');
  await expect(page.locator('main')).toHaveCount(1);
};

/** Does what leads to another screen, and waits until that one is there. */
export const through = async (page: Page, act: () => Promise<unknown>): Promise<void> => {
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

export const at = (name: string, path: string, then?: (page: Page) => Promise<void>): Station => ({
  name,
  open: async (page) => {
    await go(page, path);
    await then?.(page);
  },
});
export const on = (name: string, open: (page: Page) => Promise<void>): Station => ({ name, open });

export const openedDialog = async (page: Page, opener: Locator): Promise<void> => {
  await opener.click();
  await expect(page.locator('dialog[open] h2')).toBeVisible();
};
export const hrefOf = async (page: Page, link: string): Promise<string> =>
  (await page.locator(link).first().getAttribute('href')) ?? '';
