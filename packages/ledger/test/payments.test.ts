import { expect, test } from 'vitest';
import {
  balanceOf,
  draftClaim,
  draftPayment,
  findViolations,
  KIND,
  LANE,
  memberBalance,
  openCredits,
  pendingOf,
  type Ledger,
  type MemberId,
  type PaymentWish,
} from '@corridor/ledger';
import {
  deliver,
  keepBook,
  openLedger,
  pay,
  person,
  settleVillage,
  VILLAGE_POLICY,
  type Person,
} from '@corridor/testing';
import { alice, anId, bob, carol, dora, payBody, verdictOn, write } from './stories.ts';

const people = [alice, bob, carol];
const valldor = settleVillage(1, people);
const village = (): Ledger => openLedger(valldor.founding, valldor.options);
const wish = (to: Person, amount: number, more: Partial<PaymentWish> = {}): PaymentWish => ({
  to: to.device,
  amount,
  need: null,
  invoice: null,
  memo: null,
  attachment: null,
  at: 1_700_000_000,
  claims: 'oldest',
  ...more,
});
const credit = (ledger: Ledger, payer: Person, payee: Person, amounts: readonly number[]) => {
  for (const amount of amounts) pay(ledger, payer, payee, amount);
  keepBook(ledger, alice);
};

test('[P4] shown is what is settled; what waits in and out stands apart; spendable counts what waits out alone', () => {
  const ledger = village();
  credit(ledger, carol, bob, [700]);
  pay(ledger, carol, bob, 50);
  pay(ledger, bob, alice, 1_000);
  expect(balanceOf(ledger, bob.device)).toEqual({
    shown: 700,
    waitingIn: 50,
    waitingOut: 1_000,
    spendable: 14_700,
    lowestBalance: -15_000,
    highestBalance: 15_000,
  });
  expect(pendingOf(ledger, bob.device)).toHaveLength(1);
  expect(memberBalance(ledger, bob.device as string as MemberId)).toBe(700);
});
test('[P4] a payment takes in the oldest 32 credits, and a second one the rest', () => {
  const ledger = village();
  credit(
    ledger,
    carol,
    bob,
    Array.from({ length: 40 }, (_, i) => i + 1),
  );
  const oldest = [...(ledger.accounts.get(bob.device)?.unclaimed.keys() ?? [])].slice(0, 32);
  const [entry] = pay(ledger, bob, alice, 1);
  expect(entry?.body.kind === KIND.pay && entry.body.claims.map((c) => c.debit)).toEqual(oldest);
  expect(openCredits(ledger, bob.device)).toHaveLength(8);
  const [second] = pay(ledger, bob, alice, 1);
  expect(second?.body.kind === KIND.pay && second.body.claims).toHaveLength(8);
  keepBook(ledger, alice);
  expect(balanceOf(ledger, bob.device).shown).toBe(818);
  expect(findViolations(ledger)).toEqual([]);
});
test('[P4] who needs more than 32 credits for one payment takes in first, and pays right after', () => {
  const ledger = village();
  verdictOn(ledger, bob, payBody(ledger, bob, carol, 15_000));
  credit(
    ledger,
    carol,
    bob,
    Array.from({ length: 100 }, () => 10),
  );
  const entries = pay(ledger, bob, alice, 990);
  expect(entries.map((e) => e.body.kind)).toEqual([KIND.claim, KIND.claim, KIND.claim, KIND.pay]);
  keepBook(ledger, alice);
  expect(ledger.feeds.get(bob.device)?.[LANE.account].main.every((s) => s.settled)).toBe(true);
  expect(balanceOf(ledger, bob.device)).toMatchObject({ shown: -14_990, spendable: 10 });
});
test('[P4] with the fewest claims, a payment takes the largest credits and no more than it needs', () => {
  const ledger = village();
  verdictOn(ledger, bob, payBody(ledger, bob, alice, 15_000));
  credit(ledger, carol, bob, [10, 900, 20, 300]);
  const drafted = draftPayment(ledger, bob.device, wish(alice, 1_000, { claims: 'least' }));
  expect(drafted.ok && drafted.value.payment.claims.map((c) => c.amount)).toEqual([900, 300]);
  expect(drafted.ok && drafted.value.claimsFirst).toEqual([]);
  const free = draftPayment(ledger, carol.device, wish(alice, 1, { claims: 'least' }));
  expect(free.ok && free.value.payment.claims).toEqual([]);
});
test('[P2] highestBalance never stops a customer: what goes over it waits, visibly, until there is room', () => {
  const ledger = village();
  const fina = person('Fina');
  const five = settleVillage(1, [alice, bob, carol, dora, fina]);
  const wide = openLedger(five.founding, five.options);
  for (const customer of [carol, dora, fina]) credit(wide, customer, bob, [9_000]);
  expect(balanceOf(wide, bob.device)).toMatchObject({ shown: 27_000, spendable: 42_000 });
  const claim = draftClaim(wide, bob.device) ?? expect.unreachable();
  expect(claim).toMatchObject({ claims: [{ amount: 9_000 }], balanceAfter: 9_000 });
  expect(verdictOn(wide, bob, claim).type).toBe('valid');
  keepBook(wide, alice);
  // No room for another 9,000: nothing to claim, and still shown as his.
  expect(draftClaim(wide, bob.device)).toBeUndefined();
  expect(balanceOf(wide, bob.device).shown).toBe(27_000);
  // He can spend it all the same: what he pays makes the room.
  pay(wide, bob, carol, 20_000);
  keepBook(wide, alice);
  expect(balanceOf(wide, bob.device)).toMatchObject({ shown: 7_000 });
  expect(findViolations(wide)).toEqual([]);
  expect(draftClaim(ledger, bob.device)).toBeUndefined();
});
test('[P1] what cannot be paid is told before anything is signed, by its name', () => {
  const ledger = village();
  const refusal = (from: Person, to: Person, amount: number, more: Partial<PaymentWish> = {}) => {
    const drafted = draftPayment(ledger, from.device, wish(to, amount, more));
    return drafted.ok ? undefined : drafted.fault;
  };
  expect(refusal(bob, alice, -1)).toEqual({ code: 'amount-out-of-range' });
  expect(refusal(bob, alice, 0.5)).toEqual({ code: 'amount-out-of-range' });
  expect(refusal(bob, alice, 2 ** 40)).toEqual({ code: 'amount-out-of-range' });
  expect(refusal(bob, dora, 1)).toEqual({ code: 'not-a-member', device: dora.device });
  expect(refusal(dora, bob, 1)).toEqual({ code: 'not-a-member', device: dora.device });
  expect(refusal(bob, bob, 1)).toEqual({ code: 'not-yourself' });
  expect(refusal(bob, alice, 15_001)).toEqual({
    code: 'over-lowest-balance',
    balance: -15_001,
    lowestBalance: -15_000,
    spendable: 15_000,
  });
  const [first] = pay(ledger, bob, alice, 1, { invoice: anId('e') });
  expect(refusal(bob, alice, 1, { invoice: anId('e') })).toEqual({ code: 'already-paid', by: first?.id });
  expect(refusal(carol, alice, 1, { invoice: anId('e') })).toBeUndefined();
  verdictOn(ledger, bob, payBody(ledger, bob, carol, 1, { logHeight: 1 }));
  expect(refusal(bob, alice, 1)).toEqual({ code: 'chain-waits' });
  write(ledger, carol, payBody(ledger, carol, bob, 1));
  write(ledger, carol, payBody(ledger, carol, bob, 2, {}, null), null);
  expect(refusal(carol, alice, 1)).toEqual({ code: 'forked' });
  expect(draftClaim(ledger, carol.device)).toBeUndefined();
});
test('[F4] a draft keeps room for the claims that must come before it', () => {
  const tight = settleVillage(1, people, { ...VILLAGE_POLICY, maxEntries: 66 });
  const ledger = openLedger(tight.founding, tight.options);
  for (let i = 0; i < 2; i++) pay(ledger, bob, alice, 0);
  const drafted = draftPayment(ledger, bob.device, wish(alice, 0));
  expect(drafted).toEqual({ ok: false, fault: { code: 'entry-quota' } });
});
test('[P3] two neighbours who pay one open request have both paid', () => {
  const ledger = village();
  for (const payer of [bob, carol]) pay(ledger, payer, alice, 300, { invoice: anId('e') });
  keepBook(ledger, alice);
  expect(balanceOf(ledger, alice.device).shown).toBe(600);
});
test('[P9] what is pending on a branch that lost is not counted as coming in', () => {
  const ledger = village();
  write(ledger, bob, payBody(ledger, bob, carol, 400));
  write(ledger, bob, payBody(ledger, bob, carol, 500, {}, null), null);
  expect(balanceOf(ledger, carol.device)).toMatchObject({ shown: 0, waitingIn: 400 });
});
test('[P4] a steady stream of payments leaves no trail of what came in long ago', () => {
  const ledger = village();
  for (let i = 0; i < 300; i++) {
    pay(ledger, bob, carol, 1);
    keepBook(ledger, alice);
  }
  const backwards = openLedger(valldor.founding, valldor.options);
  const entries = [...ledger.entries.values()].map((s) => s.entry);
  deliver(
    backwards,
    entries.toSorted((a, b) => b.lane - a.lane),
  );
  for (const { accounts, early, earlyVotes, waiting, toReceipt } of [ledger, backwards]) {
    expect(accounts.get(carol.device)?.incoming.length).toBeLessThan(64);
    expect([early.size, earlyVotes.size, waiting.size, toReceipt.size]).toEqual([0, 0, 0, 0]);
  }
});
test('[P7] the keeper’s own payment settles like any other', () => {
  const ledger = village();
  pay(ledger, alice, bob, 40);
  expect(balanceOf(ledger, alice.device)).toMatchObject({ shown: 0, waitingOut: 40 });
  keepBook(ledger, alice);
  expect(balanceOf(ledger, alice.device)).toMatchObject({ shown: -40, waitingOut: 0 });
});
