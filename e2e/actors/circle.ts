import { expect } from '@playwright/test';
import type { Phone } from './phone.ts';

/** Founds a circle from the first screen, as a person does. */
export const found = async ({ page, name }: Phone, circle = 'Valldor'): Promise<void> => {
  await page.getByRole('link', { name: 'Found a circle' }).click();
  await page.getByLabel('Name of the circle').fill(circle);
  await page.getByRole('textbox', { name: 'Your name' }).fill(name);
  await page.getByRole('button', { name: 'Found the circle' }).click();
  await expect(page.getByRole('heading', { name: circle, level: 1 })).toBeVisible();
};

/** Makes an invite on the screen and reads its link from there. */
export const inviteLink = async ({ page }: Phone, as: 'member' | 'device' = 'member'): Promise<string> => {
  if (as === 'member') {
    await page.getByRole('link', { name: 'Circle', exact: true }).click();
    await page.getByRole('link', { name: 'Invite someone' }).click();
  } else {
    await page.getByRole('link', { name: 'Circle', exact: true }).click();
    await page.getByRole('link', { name: /The book/ }).click();
    await page.getByRole('link', { name: 'Add another phone of mine' }).click();
  }
  await page.getByRole('button', { name: 'Make an invite' }).click();
  await expect(page.getByRole('img', { name: 'QR code of the invite link' })).toBeVisible();
  return page.getByRole('textbox', { name: 'Invite link' }).inputValue();
};

/** Opens the link and answers what the app asks. Does not wait to be let in. */
export const askToJoin = async ({ page, name }: Phone, link: string): Promise<void> => {
  await page.goto(link);
  await page.getByRole('button', { name: 'Join', exact: true }).click();
  await page.getByRole('textbox', { name: 'Your name' }).fill(name);
  await page.getByRole('button', { name: /^Join / }).click();
};

/** Joins by a link and waits until the circle is on the screen. */
export const join = async (phone: Phone, link: string, circle = 'Valldor'): Promise<void> => {
  await askToJoin(phone, link);
  await expect(phone.page.getByRole('heading', { name: circle, exact: true, level: 1 })).toBeVisible({
    timeout: 60_000,
  });
};

/** Until this phone hears the others. */
export const upToDate = async ({ page }: Phone): Promise<void> => {
  await home({ page });
  await expect(page.getByText(/^Up to date/)).toBeVisible({ timeout: 60_000 });
};

/** The first screen of the circle, by the navigation or from wherever that is not shown. */
export const home = async ({ page }: Pick<Phone, 'page'>): Promise<void> => {
  const link = page.getByRole('link', { name: 'Home', exact: true });
  for (let steps = 0; !(await link.isVisible()); steps++) {
    expect(steps, 'a way home').toBeLessThan(4);
    await page
      .getByRole('link', { name: /^(Back|Done)$/ })
      .first()
      .click();
  }
  await link.click();
};

/** Opens "What this phone shares". */
const sharing = async (phone: Pick<Phone, 'page'>): Promise<void> => {
  await home(phone);
  await phone.page.getByRole('link', { name: 'Me', exact: true }).click();
  await phone.page.getByRole('link', { name: 'What this phone shares' }).click();
  await expect(phone.page.getByRole('heading', { name: 'What this phone shares', level: 1 })).toBeVisible();
};

/** Waits until `other` is connected over this path, as the phone itself says. */
export const connectedBy = async (
  phone: Pick<Phone, 'page'>,
  other: string,
  path: 'Straight from phone to phone' | 'Through a relay',
): Promise<void> => {
  await sharing(phone);
  const row = phone.page.getByRole('listitem').filter({ hasText: other }).filter({ hasText: path });
  await expect(row).toBeVisible({ timeout: 60_000 });
  await home(phone);
};

/** Turns "Only through a relay" on or off. */
export const relayOnly = async (phone: Pick<Phone, 'page'>, on: boolean): Promise<void> => {
  await sharing(phone);
  const choice = phone.page.getByRole('checkbox', { name: /^Only through a relay/ });
  await choice.setChecked(on);
  await expect(choice).toBeChecked({ checked: on });
  await home(phone);
};

/** From then on the service worker holds every part of the app: it opens without any network. */
export const keptForOffline = async ({ page }: Pick<Phone, 'page'>): Promise<void> => {
  await expect
    .poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state), { timeout: 60_000 })
    .toBe('activated');
};
