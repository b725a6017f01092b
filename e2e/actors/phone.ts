import type { Browser, BrowserContext, BrowserContextOptions, Page } from '@playwright/test';

/** One person's browser profile with the app open in it. */
export interface Phone {
  readonly name: string;
  readonly context: BrowserContext;
  /** The tab in use. */
  readonly page: Page;
  readonly url: string;
  /** What its pages threw and nobody caught. */
  readonly faults: string[];
}

export interface PhoneOptions extends BrowserContextOptions {
  /** Runs in every page of this phone before the app does. */
  readonly before?: string;
}

/** A new profile: nothing in its storage, no cookies, its own service worker. The app is not open yet. */
export const newPhone = async (
  browser: Browser,
  url: string,
  name: string,
  { before, ...options }: PhoneOptions = {},
): Promise<Phone> => {
  const context = await browser.newContext({
    baseURL: url,
    locale: 'en-GB',
    viewport: { width: 360, height: 740 },
    ...options,
  });
  if (before !== undefined) await context.addInitScript({ content: before });
  const faults: string[] = [];
  context.on('weberror', (event) => faults.push(`${name}: ${event.error().message}`));
  return { name, context, page: await context.newPage(), url, faults };
};
