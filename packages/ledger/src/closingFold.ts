/** What stands on every account once a book is closed, told before the decision is carried out [B1] [P9]. */
import type { ClosedAccount } from './close.ts';
import { KIND, type PayBody, type ClaimBody } from './entry.ts';
import type { Stored } from './feed.ts';
import type { DeviceKey, Id } from './ids.ts';
import type { Ledger } from './ledger.ts';
import { adjustedBetween, heirOf } from './log.ts';

/** One account at its book's end. Minor units. */
export interface ClosingState {
  balance: number;
  readonly unclaimed: Map<Id, number>;
}
export interface ClosingFold {
  readonly accounts: ReadonlyMap<DeviceKey, ClosingState>;
  readonly commons: ReadonlyMap<number, number>;
}
/** What is settled, and what the closing settles besides: the same as the fold afterwards. Changes nothing. */
export function foldAtClosing(ledger: Ledger, closed: readonly ClosedAccount[]): ClosingFold {
  const accounts = new Map<DeviceKey, ClosingState>();
  const commons = new Map(ledger.commons);
  for (const { device, balance, unclaimed } of ledger.accounts.values())
    accounts.set(device, { balance, unclaimed: new Map(unclaimed) });
  const settling = closed.flatMap(({ last }) => chainTo(last, ({ settled }) => settled));
  // All credits come in before any is taken in: which account is folded first makes no difference.
  for (const { entry } of settling) {
    const body = accountBody(entry.body);
    if (body.kind !== KIND.pay || body.amount === 0) continue;
    if (body.to.type === 'commons')
      commons.set(body.to.commons, (commons.get(body.to.commons) ?? 0) + body.amount);
    else if (body.to.type === 'device')
      accounts.get(heirOf(ledger.log, body.to.device))?.unclaimed.set(entry.id, body.amount);
  }
  for (const { entry } of settling)
    for (const { debit } of accountBody(entry.body).claims)
      accounts.get(entry.device)?.unclaimed.delete(debit);
  for (const { device, last } of closed) {
    const [state, record] = [accounts.get(device), ledger.log.devices.get(device)];
    if (last === undefined || last.settled || state === undefined || record === undefined) continue;
    const { balanceAfter, logHeight } = accountBody(last.entry.body);
    state.balance = balanceAfter + adjustedBetween(record, logHeight, ledger.log.height);
  }
  return { accounts, commons };
}
/** The chain that ends with `last`, newest first, back to the first entry that `isEnough` of. */
export function chainTo(last: Stored | undefined, isEnough: (stored: Stored) => boolean): readonly Stored[] {
  const chain: Stored[] = [];
  for (let at = last; at !== undefined && !isEnough(at); at = at.prev) chain.push(at);
  return chain;
}
export function accountBody(body: Stored['entry']['body']): PayBody | ClaimBody {
  if (body.kind !== KIND.pay && body.kind !== KIND.claim) throw new Error('no account entry');
  return body;
}
