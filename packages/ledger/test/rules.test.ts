import { expect, test } from 'vitest';
import {
  ACCOUNT_RULES,
  draftNext,
  KIND,
  LANE,
  noteAttachment,
  type AccountRule,
  type ClaimBody,
  type Ledger,
  type PayBody,
  type RuleFault,
} from '@corridor/ledger';
import {
  add,
  admit,
  decide,
  deliver,
  found,
  handBook,
  keepBook,
  limitsAct,
  openLedger,
  pay,
  standingAct,
} from '@corridor/testing';
import { alice, anId, bob, carol, claimOf, dora, faultOf, payBody, verdictOn, write } from './stories.ts';

type Next = PayBody | ClaimBody;
interface Story {
  readonly title: string;
  /** The only rule that stands against Bob's next entry. */
  readonly rule: keyof typeof ACCOUNT_RULES;
  readonly next: (ledger: Ledger) => Next;
  readonly fault: Partial<RuleFault> & { readonly rule: string; readonly code: string };
}
/** Alice keeps the book; Bob and Carol are in; Carol paid Bob 700 and Alice 300, all settled; Bob paid Alice once. */
function village(accountRules?: readonly AccountRule[]): Ledger {
  const { ledger } = found(alice, accountRules === undefined ? {} : { accountRules });
  admit(ledger, alice, alice, bob);
  admit(ledger, alice, bob, carol);
  pay(ledger, carol, bob, 700);
  pay(ledger, carol, alice, 300);
  verdictOn(ledger, bob, payBody(ledger, bob, alice, 100, { invoice: anId('1') }));
  keepBook(ledger, alice);
  return ledger;
}
const carolsTo = (ledger: Ledger, seq: number) =>
  ledger.feeds.get(carol.device)?.[LANE.account].main[seq] ?? expect.unreachable();
const claimed = (ledger: Ledger, body: Omit<ClaimBody, 'kind' | 'limitRef' | 'logHeight'>): ClaimBody => ({
  kind: KIND.claim,
  limitRef: 1,
  logHeight: ledger.log.height,
  ...body,
});

const STORIES: readonly Story[] = [
  {
    title: '[P1] the log height never falls along a chain',
    rule: 'logHeightNeverFalls',
    next: (ledger) => payBody(ledger, bob, alice, 1, { logHeight: 1 }),
    fault: { rule: 'P1', code: 'log-height-fell', before: 2, got: 1 },
  },
  {
    title: '[B1] nobody writes at a height at which the book is closed',
    rule: 'bookIsOpen',
    next(ledger) {
      const { height, head } = ledger.log;
      ledger.log.closed = { height, id: head, opening: anId('1') };
      return payBody(ledger, bob, alice, 1);
    },
    fault: { rule: 'B1', code: 'book-is-closed', height: 2 },
  },
  {
    title: '[F1] [C2] after a closing an entry names a height of its own incarnation',
    rule: 'incarnationStands',
    next(ledger) {
      decide(ledger, [alice], limitsAct(bob, { lowestBalance: -200, highestBalance: 0 }), [alice]);
      return payBody(ledger, bob, alice, 10_000, { logHeight: 2, limitRef: 1 });
    },
    fault: { rule: 'F1', code: 'not-its-incarnation', height: 3, got: 2 },
  },
  {
    title: '[C3] nobody writes on an account that is shut',
    rule: 'accountIsOpen',
    next(ledger) {
      decide(ledger, [alice], standingAct(bob, 'suspended'), [alice]);
      return payBody(ledger, bob, alice, 1);
    },
    fault: { rule: 'C3', code: 'sealed', height: 3 },
  },
  {
    title: '[P1] [C3] nobody pays into an account that was shut at the height that the entry names',
    rule: 'counterpartyIsOpen',
    next(ledger) {
      decide(ledger, [alice], standingAct(carol, 'suspended'), [alice]);
      return payBody(ledger, bob, carol, 1);
    },
    fault: { rule: 'P1', code: 'counterparty-sealed', account: carol.device },
  },
  {
    title: '[P1] an entry stands on the newest grant at its height',
    rule: 'limitRefIsNewestGrant',
    next: (ledger) => payBody(ledger, bob, alice, 1, { limitRef: 0 }),
    fault: { rule: 'P1', code: 'limit-ref', expected: 1, got: 0 },
  },
  {
    title: '[P1] who is paid was let in at the height that the entry names',
    rule: 'counterpartyIsAdmitted',
    next: (ledger) => payBody(ledger, bob, dora, 1),
    fault: { rule: 'P1', code: 'unknown-counterparty', account: dora.device },
  },
  {
    title: '[P1] nobody pays themselves',
    rule: 'counterpartyIsAnother',
    next: (ledger) => payBody(ledger, bob, bob, 1),
    fault: { rule: 'P1', code: 'to-itself', account: bob.device },
  },
  {
    title: '[P3] a request stands once in a chain',
    rule: 'invoiceStandsOnce',
    next: (ledger) => payBody(ledger, bob, alice, 1, { invoice: anId('1') }),
    fault: { rule: 'P3', code: 'invoice-reused', invoice: anId('1') },
  },
  {
    title: '[P4] a CLAIM claims something',
    rule: 'claimEntryClaims',
    next: (ledger) => claimed(ledger, { claims: [], balanceAfter: -100 }),
    fault: { rule: 'P4', code: 'claims-nothing' },
  },
  {
    title: '[P4] a credit is taken in once, also within one entry',
    rule: 'claimedOnce',
    next(ledger) {
      const claim = claimOf(carolsTo(ledger, 0));
      return claimed(ledger, { claims: [claim, claim], balanceAfter: 1_300 });
    },
    fault: { rule: 'P4', code: 'claimed-twice' },
  },
  {
    title: '[P4] one takes in only what one was paid',
    rule: 'claimsAreCreditsOfOwner',
    next: (ledger) => claimed(ledger, { claims: [claimOf(carolsTo(ledger, 1))], balanceAfter: 200 }),
    fault: { rule: 'P4', code: 'not-yours' },
  },
  {
    title: '[P1] the balance after all is in the chain, and it is the right one',
    rule: 'balanceIsInTheChain',
    next: (ledger) => payBody(ledger, bob, alice, 1, { balanceAfter: -100 }),
    fault: { rule: 'P1', code: 'balance-after', expected: -101, got: -100 },
  },
  {
    title: '[P2] [I3] nobody spends below lowestBalance',
    rule: 'debitKeepsLowestBalance',
    next: (ledger) => payBody(ledger, bob, alice, 14_901),
    fault: { rule: 'P2', code: 'below-lowest-balance', balance: -15_001, lowestBalance: -15_000 },
  },
  {
    title: '[P2] nobody takes in above highestBalance',
    rule: 'claimsKeepHighestBalance',
    next(ledger) {
      const owed = [carol, alice].flatMap((neighbour) => pay(ledger, neighbour, bob, 14_000));
      keepBook(ledger, alice);
      const claims = owed.map((entry) => claimOf({ entry }));
      return claimed(ledger, { claims, balanceAfter: 27_900 });
    },
    fault: { rule: 'P2', code: 'above-highest-balance', balance: 27_900, highestBalance: 15_000 },
  },
];

test.each(STORIES)('$title', ({ next, fault }) => {
  const ledger = village();
  expect(faultOf(verdictOn(ledger, bob, next(ledger)))).toMatchObject(fault);
});
test.each(STORIES)('[P2] without the rule $rule the same entry would pass', ({ rule, next }) => {
  const others = Object.entries(ACCOUNT_RULES).flatMap(([name, check]) => (name === rule ? [] : [check]));
  const ledger = village(others);
  expect(verdictOn(ledger, bob, next(ledger)).type).toBe('valid');
});
test('[P2] every rule of the account lane has its story', () => {
  expect(new Set(STORIES.map((s) => s.rule))).toEqual(new Set(Object.keys(ACCOUNT_RULES)));
});

test('[P4] what else can be wrong with a credit: claimed before, wrong amount, no payment, an invalid payment', () => {
  const ledger = village();
  const [seven] = [carolsTo(ledger, 0)];
  const wrong = openCopy(ledger);
  expect(
    faultOf(
      verdictOn(
        wrong,
        bob,
        claimed(wrong, { claims: [{ debit: seven.entry.id, amount: 701 }], balanceAfter: 601 }),
      ),
    ),
  ).toEqual({ rule: 'P4', code: 'wrong-amount', debit: seven.entry.id, expected: 700, got: 701 });
  const noPayment = openCopy(ledger);
  const vote = noPayment.feeds.get(alice.device)?.[LANE.witness].main[0] ?? expect.unreachable();
  expect(
    faultOf(
      verdictOn(
        noPayment,
        bob,
        claimed(noPayment, { claims: [{ debit: vote.entry.id, amount: 1 }], balanceAfter: -99 }),
      ),
    ),
  ).toEqual({ rule: 'P4', code: 'not-a-payment', debit: vote.entry.id });
  const twice = openCopy(ledger);
  expect(verdictOn(twice, bob, claimed(twice, { claims: [claimOf(seven)], balanceAfter: 600 })).type).toBe(
    'valid',
  );
  expect(
    faultOf(verdictOn(twice, bob, claimed(twice, { claims: [claimOf(seven)], balanceAfter: 1_300 }))),
  ).toEqual({ rule: 'P4', code: 'claimed-twice', debit: seven.entry.id });
  const invalid = openCopy(ledger);
  verdictOn(invalid, carol, payBody(invalid, carol, bob, 15_000));
  const overspent = carolsTo(invalid, 2);
  expect(overspent.verdict.type).toBe('invalid');
  expect(
    faultOf(
      verdictOn(invalid, bob, claimed(invalid, { claims: [claimOf(overspent)], balanceAfter: 14_900 })),
    ),
  ).toEqual({ rule: 'P4', code: 'claims-invalid', debit: overspent.entry.id });
});
/** Another replica of the same entries. */
function openCopy(ledger: Ledger): Ledger {
  const copy = openLedger(ledger.founding.entry as Parameters<typeof openLedger>[0]);
  deliver(
    copy,
    [...ledger.entries.values()].map((s) => s.entry),
  );
  return copy;
}

test('[P1] [P2] a gift of 0 needs no room and adds nothing to take in', () => {
  const ledger = village();
  verdictOn(ledger, bob, payBody(ledger, bob, alice, 14_900));
  expect(verdictOn(ledger, bob, payBody(ledger, bob, carol, 0)).type).toBe('valid');
  keepBook(ledger, alice);
  expect(ledger.accounts.get(carol.device)?.unclaimed.size).toBe(0);
});
test('[P1] tokens, and commons beyond the two that every circle has, are unknown until an act opens them', () => {
  for (const to of [
    { type: 'commons', commons: 2 },
    { type: 'token', token: carol.witness },
  ] as const) {
    const ledger = village();
    expect(faultOf(verdictOn(ledger, bob, payBody(ledger, bob, alice, 1, { to })))).toMatchObject({
      rule: 'P1',
      code: 'unknown-counterparty',
    });
  }
});
test('[P2] an entry of a height that the log has not reached waits for it, and its followers wait for it', () => {
  const ledger = village();
  const ahead = verdictOn(ledger, bob, payBody(ledger, bob, dora, 1, { logHeight: 3 }));
  expect(ahead).toEqual({ type: 'waiting', ids: [], height: 3, attachment: null });
  const first = ledger.feeds.get(bob.device)?.[LANE.account].main.at(-1)?.entry.id;
  const after = verdictOn(ledger, bob, payBody(ledger, bob, carol, 1, { logHeight: 3 }));
  expect(after).toMatchObject({ type: 'waiting', ids: [first] });
  admit(ledger, alice, alice, dora);
  const verdicts = ledger.feeds.get(bob.device)?.[LANE.account].main.map((s) => s.verdict.type);
  expect(verdicts).toEqual(['valid', 'valid', 'valid']);
  keepBook(ledger, alice);
  expect(ledger.accounts.get(dora.device)?.unclaimedSum).toBe(1);
});
test('[P2] [F2] what hangs on an invalid entry is invalid and kept, whichever came first', () => {
  const ledger = village();
  verdictOn(ledger, bob, payBody(ledger, bob, dora, 1, { logHeight: 3, limitRef: 0 }));
  verdictOn(ledger, bob, payBody(ledger, bob, carol, 1, { logHeight: 3 }));
  admit(ledger, alice, alice, dora);
  const main = ledger.feeds.get(bob.device)?.[LANE.account].main ?? [];
  expect(main.map((s) => s.verdict.type)).toEqual(['valid', 'invalid', 'invalid']);
  expect(verdictOn(ledger, bob, payBody(ledger, bob, carol, 1))).toMatchObject({
    fault: { rule: 'P2', code: 'after-invalid', prev: main[2]?.entry.id },
  });
});
test('[E7] an entry waits for an attachment that it requires, not for one that can be erased', () => {
  const ledger = village();
  const erasable = { hash: anId('a'), length: 9, erasable: true };
  expect(verdictOn(ledger, bob, payBody(ledger, bob, alice, 1, { attachment: erasable })).type).toBe('valid');
  const required = { hash: anId('b'), length: 9, erasable: false };
  expect(verdictOn(ledger, bob, payBody(ledger, bob, alice, 1, { attachment: required }))).toEqual({
    type: 'waiting',
    ids: [],
    height: null,
    attachment: anId('b'),
  });
  const verdicts = () => ledger.feeds.get(bob.device)?.[LANE.account].main.map((s) => s.verdict.type);
  noteAttachment(ledger, anId('c'), 9);
  expect(verdicts()).toEqual(['valid', 'valid', 'waiting']);
  expect(noteAttachment(ledger, anId('b'), 9)).toMatchObject([{ type: 'verdict' }]);
  expect(verdicts()).toEqual(['valid', 'valid', 'valid']);
  noteAttachment(ledger, anId('d'), 8);
  const short = { hash: anId('d'), length: 9, erasable: false };
  expect(faultOf(verdictOn(ledger, bob, payBody(ledger, bob, alice, 1, { attachment: short })))).toEqual({
    rule: 'E7',
    code: 'attachment-length',
    attachment: anId('d'),
    expected: 9,
    got: 8,
  });
});
test('[P2] a credit that has not arrived is waited for, however wrong the rest may be', () => {
  const ledger = village();
  const claims = [{ debit: anId('9'), amount: 5 }];
  expect(verdictOn(ledger, bob, payBody(ledger, bob, alice, 90_000, { claims }))).toMatchObject({
    type: 'waiting',
    ids: [anId('9')],
  });
});
test('[P2] a claim of what is no payment is invalid, whether that came before the claim or after', () => {
  const home = village();
  const notes = draftNext(home, carol.device, LANE.voice, { kind: KIND.have, ids: [] });
  const note = add(home, notes).entry;
  const claim = claimed(home, { claims: [{ debit: note.id, amount: 1 }], balanceAfter: -99 });
  const late = write(home, bob, claim).entry;
  const other = openCopy(village());
  deliver(other, [late]);
  expect(other.entries.get(late.id)?.verdict).toMatchObject({ type: 'waiting', ids: [note.id] });
  deliver(other, [note]);
  expect(other.entries.get(late.id)?.verdict).toEqual(home.entries.get(late.id)?.verdict);
  expect(faultOf(other.entries.get(late.id)?.verdict ?? expect.unreachable())?.code).toBe('not-a-payment');
});
test('[P1] after the keeper changed, the height of the log went up and entries name it', () => {
  const ledger = village();
  handBook(ledger, alice, carol);
  expect(verdictOn(ledger, bob, payBody(ledger, bob, alice, 1)).type).toBe('valid');
  expect(faultOf(verdictOn(ledger, bob, payBody(ledger, bob, alice, 1, { logHeight: 2 })))).toMatchObject({
    code: 'log-height-fell',
  });
});
test('[F1] [C2] an entry of an earlier incarnation names no height of a later one, whichever came first', () => {
  const ledger = village();
  const before = openCopy(ledger);
  decide(ledger, [alice], limitsAct(bob, { lowestBalance: -200, highestBalance: 0 }), [alice]);
  const draft = draftNext(
    before,
    bob.device,
    LANE.account,
    payBody(before, bob, alice, 1, { logHeight: 3, limitRef: 3 }),
  );
  const late = add(before, draft).entry;
  deliver(
    before,
    [...ledger.entries.values()].map((s) => s.entry),
  );
  deliver(ledger, [late]);
  for (const replica of [before, ledger])
    expect(faultOf(replica.entries.get(late.id)?.verdict ?? expect.unreachable())).toEqual({
      rule: 'F1',
      code: 'not-its-incarnation',
      height: 1,
      got: 3,
    });
});
test('[P4] [C4] a credit of somebody else that they took in already is still not yours', () => {
  const ledger = village();
  const [seven] = [carolsTo(ledger, 0)];
  verdictOn(ledger, bob, claimed(ledger, { claims: [claimOf(seven)], balanceAfter: 600 }));
  const body = {
    kind: KIND.claim,
    limitRef: 2,
    logHeight: 2,
    claims: [claimOf(seven)],
    balanceAfter: -300,
  } as const;
  expect(faultOf(verdictOn(ledger, carol, body))).toMatchObject({ code: 'not-yours' });
});
