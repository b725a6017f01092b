import { expect } from '@playwright/test';
import { home } from './circle.ts';
import type { Phone } from './phone.ts';

export const PASSPHRASE = 'olive oil and salt';

/** Opens the screen of the app lock. */
export const lockScreen = async ({ page }: Pick<Phone, 'page'>): Promise<void> => {
  await home({ page });
  await page.getByRole('link', { name: 'Me', exact: true }).click();
  await page.getByRole('link', { name: 'App lock' }).click();
  await expect(page.getByRole('heading', { name: 'App lock', level: 1 })).toBeVisible();
};

/** Sets the app lock and stays on its screen. */
export const setLock = async (phone: Pick<Phone, 'page'>): Promise<void> => {
  await lockScreen(phone);
  const { page } = phone;
  await page.getByLabel('New passphrase').fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Set the lock' }).click();
  await expect(page.getByText('The lock is set.')).toBeVisible();
};

/** From the screen of the lock: the phone's own lock opens the app from now on. */
export const letPhoneUnlock = async ({ page }: Pick<Phone, 'page'>): Promise<void> => {
  await page.getByRole('button', { name: 'Use this phone to unlock' }).click();
  await expect(page.getByText('This phone unlocks the app now.')).toBeVisible();
};

/** Locks the app from its screen of the lock. */
export const lockNow = async ({ page }: Pick<Phone, 'page'>): Promise<void> => {
  await page.getByRole('link', { name: 'Back' }).click();
  await page.getByRole('button', { name: 'Lock now' }).click();
  await expect(page.getByRole('heading', { name: 'Locked' })).toBeVisible();
};

export const unlockByPassphrase = async ({ page }: Pick<Phone, 'page'>): Promise<void> => {
  await page.getByRole('textbox', { name: 'Passphrase' }).fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Unlock', exact: true }).click();
  await expect(page.getByRole('link', { name: 'Home', exact: true })).toBeVisible();
};
export const unlockByPhone = async ({ page }: Pick<Phone, 'page'>): Promise<void> => {
  await page.getByRole('button', { name: 'Unlock with this phone' }).click();
  await expect(page.getByRole('link', { name: 'Home', exact: true })).toBeVisible();
};
