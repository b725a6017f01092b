import { expect } from '@playwright/test';
import { found, home, inviteLink, join, upToDate } from './circle.ts';
import { lyingSteward, type LyingSteward } from './lyingSteward.ts';
import type { Phone } from './phone.ts';
import { go } from './station.ts';

export const SLOW = { timeout: 60_000 };
type NewPhone = (name: string) => Promise<Phone>;
/** Four stewards, of whom one lies. */
export interface Council {
  readonly ana: Phone;
  readonly ben: Phone;
  readonly dina: Phone;
  readonly mallory: LyingSteward;
}

/** Ana founds, three join, and the second book is kept by all four: from then on Mallory lies where she can. */
export async function council(newPhone: NewPhone): Promise<Council> {
  const ana = await newPhone('Ana');
  await found(ana);
  const others: Phone[] = [];
  for (const name of ['Ben', 'Dina']) {
    const link = await inviteLink(ana);
    const other = await newPhone(name);
    await join(other, link);
    others.push(other);
    await home(ana);
  }
  const [ben, dina] = others as [Phone, Phone];
  const mallory = await lyingSteward(await inviteLink(ana), 'Mallory');
  await home(ana);
  for (const who of [ana, ben, dina]) {
    await upToDate(who);
    await go(who.page, '/circle/stewards');
    await who.page.getByRole('button', { name: /^Offer this phone/ }).click();
    await expect(who.page.getByRole('button', { name: /^Take/ })).toBeVisible();
  }
  await mallory.offersToKeep();
  await go(ana.page, '/circle/stewards/propose');
  await expect(ana.page.locator('label.choice')).toHaveCount(4, SLOW);
  await ana.page.getByRole('radio', { name: '4' }).check({ force: true });
  for (const choice of await ana.page.locator('label.choice input').all())
    await choice.check({ force: true });
  await ana.page.locator('button[type=submit]').click();
  await ana.page.waitForURL(/\/circle\/changes\//);
  for (const who of [ana, ben, dina]) {
    await go(who.page, '/circle');
    await go(who.page, '/circle/stewards');
    await expect(who.page.locator('ul.rows li')).toHaveCount(4, SLOW);
  }
  return { ana, ben, dina, mallory };
}

/** Says yes to an open change, on the screen where changes stand. */
export const sayYes = async ({ page }: Phone, sentence: RegExp): Promise<void> => {
  await go(page, '/circle');
  await go(page, '/circle/rules');
  await page.locator('a[href^="/circle/changes/"]').filter({ hasText: sentence }).first().click(SLOW);
  const yes = page.getByRole('button', { name: 'Yes, I agree' });
  await yes.click(SLOW);
};
/** Until the decision stands in this phone's history. */
export const decided = async ({ page }: Phone, sentence: RegExp): Promise<void> => {
  await go(page, '/circle');
  await go(page, '/circle/rules');
  await expect(page.locator('ol.decisions li').filter({ hasText: sentence })).toBeVisible(SLOW);
};
/** Opens the list of what can be proposed about a person. */
export const openPerson = async ({ page }: Phone, name: string): Promise<string> => {
  await go(page, '/people');
  await page.getByRole('main').getByRole('link', { name }).click(SLOW);
  await page.waitForURL(/\/people\/./);
  return new URL(page.url()).pathname;
};
