/** The next entry of one's own chains, ready to be encoded and signed. Drafts obey the rules they will be judged by. */
import type { Act, Approval } from './act.ts';
import { addAmounts, isAmount } from './amount.ts';
import { balanceOf, openCredits } from './balances.ts';
import {
  KIND,
  LANE,
  type Account,
  type Attachment,
  type Body,
  type Claim,
  type ClaimBody,
  type EntryDraft,
  type Lane,
  type Need,
  type PayBody,
  type ProposeBody,
} from './entry.ts';
import { headOf, isInChain, type Stored } from './feed.ts';
import type { DeviceKey, Id, TextHash } from './ids.ts';
import { feedOf, type Ledger } from './ledger.ts';
import { AMOUNT_END, COMMONS_END, MAX_CLAIMS } from './limits.ts';
import type { DecisionFault } from './decisionRules.ts';
import { judgeDecision } from './judgeDecision.ts';
import { currentTerm, grantAt, isSealed } from './log.ts';
import { fail, ok, type Result } from './result.ts';
import { balanceBefore, hardLowest } from './validity.ts';

/** CLAIM entries that one payment may put before itself. */
const MAX_CLAIM_ENTRIES = 64;

export interface PaymentWish {
  /** A member's device, or a commons account. */
  readonly to: DeviceKey | Extract<Account, { type: 'commons' }>;
  readonly amount: number;
  readonly need: Need | null;
  readonly invoice: Id | null;
  readonly memo: TextHash | null;
  readonly attachment: Attachment | null;
  /** Unix seconds. */
  readonly at: number;
  /** 'oldest': up to 32 as [P4] says. 'least': as few as the payment needs, so that it fits a printed code. */
  readonly claims: 'oldest' | 'least';
}
export type PaymentRefusal =
  | { readonly code: 'amount-out-of-range' }
  | { readonly code: 'not-a-member'; readonly device: DeviceKey }
  | { readonly code: 'not-yourself' }
  /** Suspended, expelled, or a device that was given up. */
  | { readonly code: 'sealed'; readonly device: DeviceKey }
  | {
      readonly code: 'over-lowest-balance';
      readonly balance: number;
      readonly lowestBalance: number;
      readonly spendable: number;
    }
  | { readonly code: 'already-paid'; readonly by: Id }
  | { readonly code: 'chain-waits' }
  | { readonly code: 'forked' }
  | { readonly code: 'entry-quota' };

/** The draft that comes next in a lane: after its head, or after the decision that opened it [F1]. */
export function draftNext<B extends Body>(
  ledger: Ledger,
  device: DeviceKey,
  lane: Lane,
  body: B,
  after?: EntryPlace,
): EntryDraft<B> {
  const feed = feedOf(ledger, device, lane);
  const record = ledger.log.devices.get(device);
  if (feed === undefined || record === undefined)
    throw new Error('a draft for a device that nobody admitted');
  const head = after ?? headOf(feed)?.entry;
  const opened = lane === LANE.witness ? currentTerm(ledger.log, device)?.prev : record.admittedBy;
  if (opened === undefined) throw new Error('a witness draft by a device that is no witness');
  return {
    circle: ledger.circle,
    book: ledger.book,
    incarnation: lane === LANE.account ? record.incarnation : 0,
    epoch: ledger.log.epoch,
    device,
    lane,
    seq: head === undefined ? 0 : head.seq + 1,
    prev: head?.id ?? opened,
    body,
  };
}
/** Where a chain stands: what the next entry names. */
export interface EntryPlace {
  readonly id: Id;
  readonly seq: number;
}

/**
 * The body of a payment on top of the own chain, and the CLAIMs that must come before it when more than 32 credits
 * are needed. The caller encodes and signs them one after another, each on the one before.
 */
export function draftPayment(
  ledger: Ledger,
  device: DeviceKey,
  wish: PaymentWish,
): Result<{ readonly claimsFirst: readonly ClaimBody[]; readonly payment: PayBody }, PaymentRefusal> {
  const feed = feedOf(ledger, device, LANE.account);
  const record = ledger.log.devices.get(device);
  if (feed === undefined || record === undefined) return fail({ code: 'not-a-member', device });
  if (!isAmount(wish.amount)) return fail({ code: 'amount-out-of-range' });
  if (isSealed(record)) return fail({ code: 'sealed', device });
  if (typeof wish.to === 'string') {
    const payee = ledger.log.devices.get(wish.to);
    if (payee === undefined) return fail({ code: 'not-a-member', device: wish.to });
    if (wish.to === device) return fail({ code: 'not-yourself' });
    if (isSealed(payee)) return fail({ code: 'sealed', device: wish.to });
  } else if (wish.to.commons >= COMMONS_END) throw new RangeError('no such commons account');
  if (ledger.log.closed !== null) return fail({ code: 'chain-waits' });
  if (feed.forkedIn === record.incarnation) return fail({ code: 'forked' });
  if (feed.main.length + MAX_CLAIM_ENTRIES >= ledger.log.policy.maxEntries)
    return fail({ code: 'entry-quota' });
  const head = headOf(feed);
  if (head !== undefined && head.verdict.type !== 'valid') return fail({ code: 'chain-waits' });
  const paid = wish.invoice === null ? undefined : paymentOf(ledger, wish.invoice, head);
  if (paid !== undefined) return fail({ code: 'already-paid', by: paid.entry.id });

  const credits = [...openCredits(ledger, device)];
  const grant = grantAt(record, ledger.log.height);
  const highestBalance = grant?.grant.highestBalance ?? 0;
  const lowestBalance = hardLowest(ledger.log, record, ledger.log.height);
  const common = { limitRef: grant?.height ?? record.admittedAt, logHeight: ledger.log.height };
  let balance = balanceBefore(record, head, ledger.log.height);
  const claimsFirst: ClaimBody[] = [];
  let claims = takeCredits(
    credits,
    balance - wish.amount,
    wish.claims === 'least' ? lowestBalance : null,
    highestBalance,
  );
  while (
    balance + sumOf(claims) - wish.amount < lowestBalance &&
    credits.length > 0 &&
    claimsFirst.length < MAX_CLAIM_ENTRIES
  ) {
    // 32 credits are not enough: take them in first, within highestBalance, and go on.
    credits.unshift(...claims);
    const first = takeCredits(credits, balance, null, highestBalance);
    if (first.length === 0) break;
    balance += sumOf(first);
    claimsFirst.push({ kind: KIND.claim, claims: first, ...common, balanceAfter: balance });
    claims = takeCredits(credits, balance - wish.amount, null, highestBalance);
  }
  const balanceAfter = addAmounts(balance, sumOf(claims), -wish.amount);
  if (balanceAfter === undefined || balanceAfter <= -AMOUNT_END || balanceAfter >= AMOUNT_END)
    return fail({ code: 'amount-out-of-range' });
  if (wish.amount > 0 && balanceAfter < lowestBalance)
    return fail({
      code: 'over-lowest-balance',
      balance: balanceAfter,
      lowestBalance,
      spendable: balanceOf(ledger, device).spendable,
    });
  const { need, invoice, memo, attachment, at, amount } = wish;
  const to: Account = typeof wish.to === 'string' ? { type: 'device', device: wish.to } : wish.to;
  return ok({
    claimsFirst,
    payment: {
      kind: KIND.pay,
      claims,
      ...common,
      balanceAfter,
      amount,
      to,
      need,
      invoice,
      memo,
      attachment,
      at,
    },
  });
}

/** A CLAIM of up to 32 open credits; undefined when there is nothing to claim or no room for it. */
export function draftClaim(ledger: Ledger, device: DeviceKey): ClaimBody | undefined {
  const feed = feedOf(ledger, device, LANE.account);
  const record = ledger.log.devices.get(device);
  const head = feed && headOf(feed);
  if (
    record === undefined ||
    feed === undefined ||
    feed.forkedIn === record.incarnation ||
    ledger.log.closed !== null ||
    isSealed(record) ||
    (head !== undefined && head.verdict.type !== 'valid')
  )
    return undefined;
  const grant = grantAt(record, ledger.log.height);
  const balance = balanceBefore(record, head, ledger.log.height);
  const claims = takeCredits(
    [...openCredits(ledger, device)],
    balance,
    null,
    grant?.grant.highestBalance ?? 0,
  );
  if (claims.length === 0) return undefined;
  return {
    kind: KIND.claim,
    claims,
    limitRef: grant?.height ?? record.admittedAt,
    logHeight: ledger.log.height,
    balanceAfter: balance + sumOf(claims),
  };
}

/** Why a decision is not proposed: a rule, what it cites is not all here, or it goes against what is settled here. */
export type ProposalRefusal =
  | DecisionFault
  | { readonly rule: 'C1'; readonly code: 'waits-for'; readonly ids: readonly Id[] }
  | { readonly rule: 'C2'; readonly code: 'loses-settled'; readonly device: DeviceKey };
/** The proposal of the next decision, if the log's rules let it stand [L3]. */
export function draftProposal(
  ledger: Ledger,
  device: DeviceKey,
  act: Act,
  approvals: readonly Approval[] = [],
): Result<EntryDraft<ProposeBody>, ProposalRefusal> {
  const decision = { height: ledger.log.height + 1, prev: ledger.log.head, act, approvals };
  const verdict = judgeDecision(ledger, decision);
  switch (verdict.type) {
    case 'unlawful':
      return fail(verdict.fault);
    case 'waiting':
      return fail({ rule: 'C1', code: 'waits-for', ids: verdict.ids });
    case 'loses-settled':
      return fail({ rule: 'C2', code: 'loses-settled', device: verdict.device });
    case 'lawful':
      return ok(draftNext(ledger, device, LANE.witness, { kind: KIND.propose, round: 0, decision }));
  }
}

/** The payment by which this chain answered an invoice [P3]. */
export function paymentOf(ledger: Ledger, invoice: Id, head: Stored | undefined): Stored | undefined {
  return ledger.invoicePayments.get(invoice)?.find((s) => isInChain(s, head));
}
const sumOf = (claims: readonly Claim[]): number => claims.reduce((sum, claim) => sum + claim.amount, 0);

/**
 * Moves up to 32 credits out of `credits` so that `start` plus them stays within `highestBalance`. With a `need`,
 * stops as soon as the sum reaches it, largest credits first.
 */
function takeCredits(credits: Claim[], start: number, need: number | null, highestBalance: number): Claim[] {
  const order = need === null ? [...credits] : [...credits].sort((a, b) => b.amount - a.amount);
  const taken: Claim[] = [];
  let balance = start;
  for (const credit of order) {
    if (taken.length === MAX_CLAIMS || (need !== null && balance >= need)) break;
    if (balance + credit.amount > highestBalance) continue;
    balance += credit.amount;
    taken.push(credit);
    credits.splice(credits.indexOf(credit), 1);
  }
  return taken;
}
