/** What an owner reads off the ledger [P4]. All amounts in minor units. */
import { citableOf } from './brought.ts';
import { KIND, LANE } from './entry.ts';
import { headOf, isInChain, isOnMain, type Stored } from './feed.ts';
import type { DeviceKey, Id, MemberId } from './ids.ts';
import { openIncoming } from './incoming.ts';
import { accountOf, feedOf, type Ledger } from './ledger.ts';
import { isSealed, newestGrant } from './log.ts';

export interface AccountBalance {
  /** Settled balance + settled unclaimed. */
  readonly shown: number;
  /** Payments to it that are signed but not settled. */
  readonly waitingIn: number;
  /** Its own payments that are signed but not settled. */
  readonly waitingOut: number;
  /** shown − waitingOut − lowestBalance: pending never adds [I14]. */
  readonly spendable: number;
  readonly lowestBalance: number;
  readonly highestBalance: number;
}

/** Own entries after the settled head, oldest first. */
export function pendingOf(ledger: Ledger, device: DeviceKey): readonly Stored[] {
  const { settledHead } = accountOf(ledger, device);
  const feed = feedOf(ledger, device, LANE.account);
  return feed?.main.slice(settledHead === undefined ? 0 : settledHead.entry.seq + 1) ?? [];
}
/** Credits that are settled and that no entry of its chain has claimed yet, oldest settled first. */
export function openCredits(
  ledger: Ledger,
  device: DeviceKey,
): readonly { readonly debit: Id; readonly amount: number }[] {
  const feed = feedOf(ledger, device, LANE.account);
  const head = feed && headOf(feed);
  const open: { debit: Id; amount: number }[] = [];
  for (const [debit, amount] of accountOf(ledger, device).unclaimed) {
    const claimed = citableOf(ledger, debit)?.claimants.some((s) => isInChain(s, head)) === true;
    if (!claimed) open.push({ debit, amount });
  }
  return open;
}
export function balanceOf(ledger: Ledger, device: DeviceKey): AccountBalance {
  const account = accountOf(ledger, device);
  const record = ledger.log.devices.get(device);
  if (record === undefined) throw new Error('an account of a device that nobody admitted');
  const { lowestBalance, highestBalance } = newestGrant(record).grant;
  const shown = account.balance + account.unclaimedSum;
  let waitingOut = 0;
  for (const { entry } of pendingOf(ledger, device))
    if (entry.body.kind === KIND.pay) waitingOut += entry.body.amount;
  let waitingIn = 0;
  for (const stored of openIncoming(account))
    if (stored.entry.body.kind === KIND.pay && isOnMain(stored)) waitingIn += stored.entry.body.amount;
  return {
    shown,
    waitingIn,
    waitingOut,
    // Nothing can be signed on a sealed account [C3].
    spendable: isSealed(record) ? 0 : Math.max(0, shown - waitingOut - lowestBalance),
    lowestBalance,
    highestBalance,
  };
}
/** A member's balance is the sum over their devices. */
export function memberBalance(ledger: Ledger, member: MemberId): number {
  let sum = 0;
  for (const device of ledger.log.members.get(member) ?? []) {
    const { balance, unclaimedSum } = accountOf(ledger, device);
    sum += balance + unclaimedSum;
  }
  return sum;
}
