/**
 * Certificates, receipts and the fold [P7] [P9]. An entry is settled when it is certified, q witnesses hold such a
 * certificate, the rules find it valid, what stands before it in its chain is settled and so is everything it claims.
 * That is the least set closed under these conditions, so it does not depend on the order of arrival.
 */
import { KIND, LANE } from './entry.ts';
import { endWith, headOf, isOnMain, switchTo, type Feed, type Stored } from './feed.ts';
import type { Id } from './ids.ts';
import { forgetIncoming, noteIncomingSettled } from './incoming.ts';
import { accountOf, type Ledger } from './ledger.ts';
import { isInForce } from './incarnations.ts';
import { adjustedBetween, heirOf, quorum } from './log.ts';

/** What an applied entry changed, for whoever shows or forwards it. */
export type Change =
  | { readonly type: 'kept' | 'verdict' | 'certified' | 'settled' | 'delivered'; readonly stored: Stored }
  | { readonly type: 'decided'; readonly height: number }
  | { readonly type: 'fault' }
  | { readonly type: 'halted' };

/** Number of witnesses in a bit set. */
export function countBits(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
/** Witnesses that say that they hold a certificate of it: a receipt that leans on its own vote needs that vote. */
export const receiptsOf = (stored: Stored): number => stored.receipts | (stored.ownReceipts & stored.votes);
export const isCertified = (ledger: Ledger, stored: Stored): boolean =>
  stored.fixed || countBits(stored.votes) >= quorum(ledger.n);
export const hasReceipts = (ledger: Ledger, stored: Stored): boolean =>
  stored.fixed || countBits(receiptsOf(stored)) >= quorum(ledger.n);

/** Every claimed debit is settled. */
export function claimsSettled(stored: Stored, also?: ReadonlySet<Id>): boolean {
  for (const debit of stored.cited)
    if (debit === undefined || (!debit.settled && also?.has(debit.entry.id) !== true)) return false;
  return true;
}

const stands = (ledger: Ledger, stored: Stored): boolean =>
  stored.verdict.type === 'valid' && isCertified(ledger, stored) && isInForce(ledger.log, stored);
/** Whether a certified entry is part of the one chain that the witnesses hold certain. */
export const isInCertifiedChain = (stored: Stored): boolean =>
  stored.entry.seq < stored.feed.certified && isOnMain(stored);

/**
 * Advances a feed's certified chain, one entry after another; a certified branch becomes the main one. What is
 * certified is never displaced again, so neither is what is settled [I2].
 */
export function noteCertified(ledger: Ledger, stored: Stored, changes: Change[]): void {
  const { feed } = stored;
  if (feed.lane !== LANE.account || !stands(ledger, stored)) return;
  const before = feed.certified;
  for (let next = nextCertified(ledger, feed); next !== undefined; next = nextCertified(ledger, feed)) {
    if (!isOnMain(next)) switchTo(next);
    feed.certified++;
    changes.push({ type: 'certified', stored: next });
    trySettle(ledger, next, changes);
  }
  if (feed.certified > before) ledger.votable.add(feed);
}
function nextCertified(ledger: Ledger, feed: Feed): Stored | undefined {
  const seq = feed.certified;
  const onMain = feed.main[seq];
  if (onMain !== undefined && stands(ledger, onMain)) return onMain;
  return feed.side.size === 0
    ? undefined
    : feed.sideAt.get(seq)?.find((s) => s.prev === feed.main[seq - 1] && stands(ledger, s));
}

/** After an entry has been read: of what it certified, the rest awaits receipts. */
export function noteToReceipt(ledger: Ledger, changes: readonly Change[]): void {
  for (const change of changes)
    if (change.type === 'certified' && !change.stored.settled && isInCertifiedChain(change.stored))
      ledger.toReceipt.add(change.stored);
}

/**
 * A closing ends a chain with this entry: everything up to it is settled by that decision, whatever votes and receipts
 * have come, and nothing after it counts [C2]. The caller has seen that nothing it claims is missing, and that nothing
 * settled stands beyond it.
 */
export function fixSettled(ledger: Ledger, feed: Feed, last: Stored | undefined, changes: Change[]): void {
  const certified = feed.main.slice(0, feed.certified);
  const overtaken = feed.main.slice(last === undefined ? 0 : last.entry.seq + 1);
  endWith(feed, last);
  for (const stored of overtaken) forgetIncoming(ledger, stored);
  for (const stored of certified) if (!isOnMain(stored)) ledger.toReceipt.delete(stored);
  const chain: Stored[] = [];
  for (let at = last; at !== undefined && !at.settled; at = at.prev) chain.push(at);
  for (const stored of chain.reverse()) {
    stored.fixed = true;
    if (certified[stored.entry.seq] !== stored) changes.push({ type: 'certified', stored });
    trySettle(ledger, stored, changes);
    if (!stored.settled) throw new Error('[C2] a closing fixed what cannot settle');
  }
}
/** Credits that keep the chain up to `head` from settling; none once nothing but receipts is missing. */
export function unsettledCredits(head: Stored | undefined): readonly Id[] {
  const missing: Id[] = [];
  for (let at = head; at !== undefined && !at.settled; at = at.prev) {
    const { body } = at.entry;
    if (body.kind !== KIND.pay && body.kind !== KIND.claim) throw new Error('no account entry');
    for (const [i, { debit }] of body.claims.entries())
      if (at.cited[i]?.settled !== true) missing.push(debit);
  }
  return missing;
}
/** Settles an entry if it can be, and then whatever that lets settle. */
export function trySettle(ledger: Ledger, start: Stored, changes: Change[]): void {
  if (start.settled || !canSettle(ledger, start)) return;
  const work = [start];
  for (let stored = work.pop(); stored !== undefined; stored = work.pop()) {
    if (stored.settled || !canSettle(ledger, stored)) continue;
    settle(ledger, stored);
    changes.push({ type: 'settled', stored });
    const next = stored.feed.main[stored.entry.seq + 1];
    if (next !== undefined) work.push(next);
    for (const claimant of stored.claimants) {
      work.push(claimant);
      ledger.votable.add(claimant.feed);
    }
    noteVotable(ledger, stored);
  }
}
/** A settled payment may be what its payee's next entry waits for. */
function noteVotable(ledger: Ledger, stored: Stored): void {
  const { feed, entry } = stored;
  if (feed.certified < feed.main.length) ledger.votable.add(feed);
  if (entry.body.kind !== KIND.pay || entry.body.to.type !== 'device') return;
  const payee = ledger.feeds.get(entry.body.to.device)?.[LANE.account];
  if (payee !== undefined && headOf(payee)?.settled === false) ledger.votable.add(payee);
}
function canSettle(ledger: Ledger, stored: Stored): boolean {
  return (
    isInCertifiedChain(stored) &&
    hasReceipts(ledger, stored) &&
    (stored.prev === undefined || stored.prev.settled) &&
    claimsSettled(stored)
  );
}
function settle(ledger: Ledger, stored: Stored): void {
  const { entry } = stored;
  const { body } = entry;
  if (body.kind !== KIND.pay && body.kind !== KIND.claim) throw new Error('only account entries settle');
  stored.settled = true;
  if (ledger.toReceipt.size > 0) ledger.toReceipt.delete(stored);
  ledger.settledCount++;
  const account = accountOf(ledger, entry.device);
  const record = ledger.log.devices.get(entry.device);
  if (record === undefined) throw new Error('an account of a device that nobody admitted');
  account.balance = body.balanceAfter + adjustedBetween(record, body.logHeight, ledger.log.height);
  account.settledHead = stored;
  for (const { debit, amount } of body.claims) {
    if (!account.unclaimed.delete(debit)) throw new Error('[I5] a credit claimed that is not there');
    account.unclaimedSum -= amount;
  }
  if (body.kind !== KIND.pay) return;
  if (body.to.type === 'commons') {
    const { commons } = body.to;
    ledger.commons.set(commons, (ledger.commons.get(commons) ?? 0) + body.amount);
  }
  if (body.to.type !== 'device') return;
  const payee = accountOf(ledger, heirOf(ledger.log, body.to.device));
  noteIncomingSettled(payee, stored);
  // A gift of 0 moves nothing, so there is nothing to claim.
  if (body.amount === 0) return;
  payee.unclaimed.set(entry.id, body.amount);
  payee.unclaimedSum += body.amount;
}
