import { test as base, expect } from '@playwright/test';
import { newPhone, type Phone, type PhoneOptions } from './phone.ts';
import { startRelay, type RelayProcess } from './relayProcess.ts';

interface Village {
  /** A relay of this test's own. */
  readonly relay: RelayProcess;
  /** Opens the app's first page on a new phone. */
  readonly phone: (name: string, options?: PhoneOptions) => Promise<Phone>;
}

/** Every test has its own relay and its own phones; a page that throws fails it. */
export const test = base.extend<Village>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads the names of the first argument
  relay: async ({}, use) => {
    const relay = await startRelay();
    await use(relay);
    await relay.end();
  },
  phone: async ({ browser, relay }, use) => {
    const phones: Phone[] = [];
    await use(async (name, options) => {
      const phone = await newPhone(browser, relay.url, name, options);
      phones.push(phone);
      await phone.page.goto('/');
      return phone;
    });
    await Promise.all(phones.map(({ context }) => context.close()));
    expect(phones.flatMap(({ faults }) => faults)).toEqual([]);
  },
});
export { expect };
