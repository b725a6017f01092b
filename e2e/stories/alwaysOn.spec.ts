import { startAlwaysOn } from '../actors/alwaysOnProcess.ts';
import { found, home, inviteLink, join, upToDate } from '../actors/circle.ts';
import { expect, test } from '../actors/test.ts';
import { expectBalance, expectLine, expectSameAfterReload, pay } from '../actors/trade.ts';

test("[P7] [P4] with Ana's browser closed and her always-on peer running, Ben spends at once what she just paid him, and Carol finds her payment when she comes back", async ({
  phone,
}) => {
  const ana = await phone('Ana');
  await found(ana);
  const bensInvite = await inviteLink(ana);
  await ana.page.getByRole('button', { name: 'Make another for the next person' }).click();
  const textbox = ana.page.getByRole('textbox', { name: 'Invite link' });
  await expect(textbox).not.toHaveValue(bensInvite);
  const carolsInvite = await textbox.inputValue();
  await home(ana);
  const ben = await phone('Ben');
  await join(ben, bensInvite);
  const carol = await phone('Carol');
  await join(carol, carolsInvite);
  await upToDate(carol);

  // The always-on peer comes in as a further device of Ana's, and she hands it the book.
  const alwaysOn = await startAlwaysOn(await inviteLink(ana, 'device'));
  try {
    await ana.page.getByRole('link', { name: 'Back' }).click();
    await ana.page.getByRole('button', { name: /always on.*Here now/s }).click({ timeout: 60_000 });
    const sheet = ana.page.getByRole('dialog', { name: /^Hand the book to Ana · always on/ });
    await sheet.getByRole('button', { name: 'Hand it over' }).click();
    await expect(ana.page.getByText('Ana keeps the book.')).toBeVisible();
    await expect.poll(async () => (await alwaysOn.status())['Keeps the book']).toBe('yes');
    await home(ana);

    await pay(ben, { to: 'Ana', amount: '140.00', note: 'Rent of the stall' });
    await expectLine(ana, 'Rent of the stall', '+140.00', 'Final');
    await expect(carol.page.getByText(/^Up to date/)).toBeVisible();
    await carol.page.close();

    await pay(ana, { to: 'Ben', amount: '40.00', note: 'Firewood' });
    await expect(ana.page.getByText(/^Final\. /)).toBeVisible();
    await ana.page.close();

    // Ben owes 100. Without what Ana just paid him, 45 more would be beyond what the circle agreed.
    await home(ben);
    await expectLine(ben, 'Firewood', '+40.00', 'Final');
    await expectBalance(ben, 'owing', '100.00');
    await pay(ben, { to: 'Carol', amount: '45.00', note: 'Cheese' });
    await expect(ben.page.getByText(/^Final\. /)).toBeVisible();
    await home(ben);
    await expectBalance(ben, 'owing', '145.00');

    const back = { ...carol, page: await carol.context.newPage() };
    await back.page.goto('/');
    await expectLine(back, 'Cheese', '+45.00', 'Final');
    await expectBalance(back, 'owed', '45.00');
    await expectSameAfterReload(back);
    await expectSameAfterReload(ben);

    const again = { ...ana, page: await ana.context.newPage() };
    await again.page.goto('/');
    await expectBalance(again, 'owed', '100.00');
  } finally {
    await alwaysOn.end();
  }
});
