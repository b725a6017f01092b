/**
 * Payments that came in and are not settled. Most settle soon after they came, so they are only counted out, and
 * swept from the list when half of it has settled: a payment costs the same however many wait.
 */
import { KIND } from './entry.ts';
import type { Stored } from './feed.ts';
import { isInForce } from './incarnations.ts';
import type { AccountState, Ledger } from './ledger.ts';
import { heirOf } from './log.ts';

/** Below this length sweeping is not worth it. */
const SWEEP_FROM = 32;

/** A payment is counted once, when its payee or who took over from it has an account here [C4]. */
export function noteIncoming(ledger: Ledger, stored: Stored): void {
  const { body } = stored.entry;
  if (stored.awaited || body.kind !== KIND.pay || body.to.type !== 'device') return;
  const account = ledger.accounts.get(heirOf(ledger.log, body.to.device));
  if (account === undefined || !isInForce(ledger.log, stored)) return;
  stored.awaited = true;
  account.incoming.push(stored);
}
/** A closing left it out: it never comes in [C2]. */
export function forgetIncoming(ledger: Ledger, stored: Stored): void {
  const { body } = stored.entry;
  if (!stored.awaited || body.kind !== KIND.pay || body.to.type !== 'device') return;
  const account = ledger.accounts.get(heirOf(ledger.log, body.to.device));
  if (account === undefined) return;
  account.incoming = account.incoming.filter((other) => other !== stored);
  stored.awaited = false;
}
/** What comes in to one account comes in to another from now on [C4]. */
export function moveIncoming(from: AccountState, to: AccountState): void {
  to.incoming = [...to.incoming, ...openIncoming(from)];
  from.incoming = [];
  from.incomingSettled = 0;
}
/** One of them has settled. */
export function noteIncomingSettled(account: AccountState, stored: Stored): void {
  if (!stored.awaited) return;
  account.incomingSettled++;
  if (account.incomingSettled < SWEEP_FROM || account.incomingSettled * 2 < account.incoming.length) return;
  account.incoming = account.incoming.filter(isOpen);
  account.incomingSettled = 0;
}
const isOpen = (stored: Stored): boolean => !stored.settled && stored.verdict.type !== 'invalid';
/** Those that may still settle. */
export const openIncoming = (account: AccountState): readonly Stored[] => account.incoming.filter(isOpen);
