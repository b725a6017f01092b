import { expect, type Locator } from '@playwright/test';
import { home } from './circle.ts';
import type { Phone } from './phone.ts';

export interface Payment {
  readonly to: string;
  /** As typed, "4.80". */
  readonly amount: string;
  /** Loaves of bread: writes the note and the need. */
  readonly loaves?: number;
  readonly note?: string;
}

/** Up to so much one press pays, in a new circle. */
const SMALL = 50;

/** Chooses the payee and fills in everything, up to the last press. Returns the button that pays. */
export const preparePayment = async (phone: Phone, payment: Payment): Promise<Locator> => {
  const { page } = phone;
  await home(phone);
  await page.getByRole('link', { name: 'Scan or pay' }).first().click();
  const everyone = page.locator('section', { has: page.getByRole('heading', { name: 'Everyone' }) });
  await everyone.getByRole('link', { name: payment.to }).click();
  await page.getByLabel(`How much to ${payment.to}, in dors`).fill(payment.amount);
  if (payment.loaves !== undefined || payment.note !== undefined) {
    await page.getByRole('button', { name: 'What is it for?' }).click();
    const sheet = page.getByRole('dialog', { name: 'What is it for?' });
    if (payment.loaves !== undefined) {
      await sheet.getByRole('radio', { name: 'Food' }).check({ force: true });
      await sheet.getByLabel('Which food').selectOption('Bread (loaves)');
      await sheet.getByLabel('How much or how many').fill(String(payment.loaves));
    }
    if (payment.note !== undefined) await sheet.getByLabel('Note').fill(payment.note);
    await sheet.getByRole('button', { name: 'Done' }).click();
  }
  return page.getByRole('button', {
    name: new RegExp(`^Pay ${payment.amount.replace('.', '\\.')} dors? to`),
  });
};

/** Pays and waits for the receipt: signed and saved on this phone. */
export const pay = async (phone: Phone, payment: Payment): Promise<void> => {
  const button = await preparePayment(phone, payment);
  await button.click();
  // Above what the circle calls small the app asks once more.
  if (Number(payment.amount) > SMALL) await phone.page.getByRole('button', { name: /^Yes, pay/ }).click();
  await expect(phone.page.getByRole('heading', { name: 'Paid', level: 1 })).toBeVisible();
};

/** The payments on the first screen, newest first. */
export const lines = ({ page }: Pick<Phone, 'page'>): Locator =>
  page.getByRole('main').locator('a[href^="/receipt/"]');

/** On the first screen: one line with this note has come so far, with nobody loading anything again. */
export const expectLine = async (
  { page }: Pick<Phone, 'page'>,
  note: string,
  amount: string,
  state: string,
): Promise<void> => {
  const line = lines({ page }).filter({ hasText: note });
  await expect(line).toHaveCount(1, { timeout: 60_000 });
  await expect(line).toContainText(amount);
  await expect(line).toContainText(state, { timeout: 60_000 });
};

const SENTENCES = {
  even: 'You are even with the circle',
  owed: 'The circle owes you',
  owing: 'You owe the circle',
} as const;

/** The figure of the first screen with its sentence. */
export const expectBalance = async (
  { page }: Pick<Phone, 'page'>,
  sentence: keyof typeof SENTENCES,
  figure: string,
): Promise<void> => {
  await expect(page.getByRole('region', { name: 'Balance' })).toContainText(SENTENCES[sentence]);
  await expect(page.getByTestId('balance')).toHaveText(new RegExp(`^${figure.replace('.', '\\.')} dors?$`));
};

/** What the first screen says of the ledger: the balance and every line. */
export const ledgerOnScreen = async (phone: Pick<Phone, 'page'>): Promise<readonly string[]> => {
  await expect(phone.page.getByTestId('balance')).toBeVisible({ timeout: 60_000 });
  return [await phone.page.getByTestId('balance').innerText(), ...(await lines(phone).allInnerTexts())];
};

/** Loads the page again and expects to read there what was there before. */
export const expectSameAfterReload = async (phone: Phone): Promise<void> => {
  await home(phone);
  const before = await ledgerOnScreen(phone);
  await phone.page.reload();
  await expect.poll(() => ledgerOnScreen(phone)).toEqual(before);
};
