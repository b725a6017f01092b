/** A village and what Bob must not write next: for each rule one entry that it alone stands against. */
import { expect } from 'vitest';
import {
  type ACCOUNT_RULES,
  KIND,
  LANE,
  type AccountRule,
  type ClaimBody,
  type Ledger,
  type PayBody,
  type RuleFault,
} from '@corridor/ledger';
import { admit, decide, found, keepBook, limitsAct, pay, standingAct } from '@corridor/testing';
import { alice, anId, bob, carol, claimOf, dora, payBody, verdictOn } from './stories.ts';

type Next = PayBody | ClaimBody;
export interface Story {
  readonly title: string;
  /** The only rule that stands against Bob's next entry. */
  readonly rule: keyof typeof ACCOUNT_RULES;
  readonly next: (ledger: Ledger) => Next;
  readonly fault: Partial<RuleFault> & { readonly rule: string; readonly code: string };
}
/** Alice keeps the book; Bob and Carol are in; Carol paid Bob 700 and Alice 300, all settled; Bob paid Alice once. */
export function village(accountRules?: readonly AccountRule[]): Ledger {
  const { ledger } = found(alice, accountRules === undefined ? {} : { accountRules });
  admit(ledger, alice, alice, bob);
  admit(ledger, alice, bob, carol);
  pay(ledger, carol, bob, 700);
  pay(ledger, carol, alice, 300);
  verdictOn(ledger, bob, payBody(ledger, bob, alice, 100, { invoice: anId('1') }));
  keepBook(ledger, alice);
  return ledger;
}
export const carolsTo = (ledger: Ledger, seq: number) =>
  ledger.feeds.get(carol.device)?.[LANE.account].main[seq] ?? expect.unreachable();
export const claimed = (
  ledger: Ledger,
  body: Omit<ClaimBody, 'kind' | 'limitRef' | 'logHeight'>,
): ClaimBody => ({
  kind: KIND.claim,
  limitRef: 1,
  logHeight: ledger.log.height,
  ...body,
});

export const STORIES: readonly Story[] = [
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
