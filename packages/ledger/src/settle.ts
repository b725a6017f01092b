/**
 * Certificates, receipts and the fold [P7] [P9]. An entry is settled when q witnesses hold its certificate, the rules
 * find it valid, what stands before it in its chain is settled and so is everything it claims. That is the least set
 * closed under these conditions, so it does not depend on the order of arrival.
 */
import { KIND } from './entry.ts';
import { headOf, isOnMain, switchTo, type Stored } from './feed.ts';
import type { Id } from './ids.ts';
import { accountOf, type Ledger } from './ledger.ts';
import { quorum } from './log.ts';

/** What an applied entry changed, for whoever shows or forwards it. */
export type Change =
  | { readonly type: 'kept' | 'verdict' | 'certified' | 'settled' | 'delivered'; readonly stored: Stored }
  /** What followed an entry that turned out invalid is gone. */
  | { readonly type: 'dropped'; readonly ids: readonly Id[] }
  | { readonly type: 'decided'; readonly height: number }
  | { readonly type: 'fault' }
  | { readonly type: 'halted' };

/** Number of witnesses in a bit set. */
export function countBits(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
export const isCertified = (ledger: Ledger, stored: Stored): boolean =>
  countBits(stored.votes) >= quorum(ledger.n);
export const hasReceipts = (ledger: Ledger, stored: Stored): boolean =>
  countBits(stored.receipts) >= quorum(ledger.n);

/** Every claimed debit is settled. */
export function claimsSettled(ledger: Ledger, stored: Stored, also?: ReadonlySet<Id>): boolean {
  const { body } = stored.entry;
  if (body.kind !== KIND.pay && body.kind !== KIND.claim) return true;
  return body.claims.every(
    ({ debit }) => ledger.entries.get(debit)?.settled === true || also?.has(debit) === true,
  );
}

/** Advances the certified height of a feed, and makes a certified branch the main one [C2 leaves it so]. */
export function noteCertified(ledger: Ledger, stored: Stored, changes: Change[]): void {
  if (!isCertified(ledger, stored) || stored.verdict.type !== 'valid') return;
  const { feed } = stored;
  if (!stored.settled) ledger.toReceipt.add(stored);
  if (!isOnMain(stored) && stored.entry.seq >= feed.certified) switchTo(stored);
  while (true) {
    const next = feed.main[feed.certified];
    if (next === undefined || !isCertified(ledger, next)) break;
    feed.certified++;
    changes.push({ type: 'certified', stored: next });
  }
  ledger.votable.add(feed);
}

/** Settles an entry if it can be, and then whatever that lets settle. */
export function trySettle(ledger: Ledger, start: Stored, changes: Change[]): void {
  const work = [start];
  for (let stored = work.pop(); stored !== undefined; stored = work.pop()) {
    if (stored.settled || !canSettle(ledger, stored)) continue;
    settle(ledger, stored);
    changes.push({ type: 'settled', stored });
    const next = stored.feed.main[stored.entry.seq + 1];
    if (next !== undefined) work.push(next);
    for (const claimant of ledger.claimants.get(stored.entry.id) ?? []) {
      work.push(claimant);
      ledger.votable.add(claimant.feed);
    }
    ledger.votable.add(stored.feed);
    if (stored.entry.body.kind === KIND.pay && stored.entry.body.to.type === 'device') {
      const payee = ledger.feeds.get(stored.entry.body.to.device)?.[0];
      if (payee !== undefined && headOf(payee)?.settled === false) ledger.votable.add(payee);
    }
  }
}
function canSettle(ledger: Ledger, stored: Stored): boolean {
  return (
    stored.verdict.type === 'valid' &&
    hasReceipts(ledger, stored) &&
    isOnMain(stored) &&
    (stored.prev === undefined || stored.prev.settled) &&
    claimsSettled(ledger, stored)
  );
}
function settle(ledger: Ledger, stored: Stored): void {
  const { entry } = stored;
  const { body } = entry;
  if (body.kind !== KIND.pay && body.kind !== KIND.claim) throw new Error('only account entries settle');
  stored.settled = true;
  ledger.toReceipt.delete(stored);
  ledger.voteSeqs.delete(entry.id);
  ledger.settledCount++;
  const account = accountOf(ledger, entry.device);
  account.balance = body.balanceAfter;
  account.settledHead = stored;
  for (const { debit, amount } of body.claims) {
    if (!account.unclaimed.delete(debit)) throw new Error('[I5] a credit claimed that is not there');
    account.unclaimedSum -= amount;
  }
  if (body.kind !== KIND.pay || body.to.type !== 'device') return;
  const payee = accountOf(ledger, body.to.device);
  payee.incoming.delete(stored);
  // A gift of 0 moves nothing, so there is nothing to claim.
  if (body.amount === 0) return;
  payee.unclaimed.set(entry.id, body.amount);
  payee.unclaimedSum += body.amount;
}
