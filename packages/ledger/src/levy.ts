/**
 * What the commons take when a book closes [B3]: a levy on what was received in trade, and a fee on what lies idle.
 * Both are off unless chosen, and as the book began with them: nobody pays on what was traded under other rules [L4].
 */
import type { ClosedAccount } from './close.ts';
import { accountBody, chainTo, type ClosingFold } from './closingFold.ts';
import { KIND } from './entry.ts';
import type { DeviceKey } from './ids.ts';
import type { Ledger } from './ledger.ts';
import { heirOf, isSealed, policyAt } from './log.ts';

/** The commons account that levy and demurrage go to. */
export const LEVY_COMMONS = 0;
const THOUSAND = 1000n;
/** ⌊amount × permille / 1000⌋, exactly: the product may leave the integers that a double holds. */
const permilleOf = (amount: number, permille: number): number =>
  Number((BigInt(amount) * BigInt(permille)) / THOUSAND);

/** What each account owes the commons at this closing; accounts that owe nothing are left out. Minor units. */
export function duesAtClosing(
  ledger: Ledger,
  closed: readonly ClosedAccount[],
  fold: ClosingFold,
): ReadonlyMap<DeviceKey, number> {
  const { levyPermille, demurragePermille } = policyAt(ledger.log, ledger.log.from.height);
  const dues = new Map<DeviceKey, number>();
  if (levyPermille === 0 && demurragePermille === 0) return dues;
  const received = levyPermille === 0 ? new Map<DeviceKey, number>() : receivedInTrade(ledger, closed);
  const voided = new Set(closed.filter(({ isVoid }) => isVoid).map(({ device }) => device));
  for (const [device, { balance, unclaimed }] of fold.accounts) {
    const record = ledger.log.devices.get(device);
    if (record === undefined || isSealed(record) || voided.has(device)) continue;
    const levy = permilleOf(received.get(device) ?? 0, levyPermille);
    let shown = balance - levy;
    for (const amount of unclaimed.values()) shown += amount;
    const due = levy + permilleOf(Math.max(0, shown), demurragePermille);
    if (due > 0) dues.set(device, due);
  }
  return dues;
}
/** What others paid to each account in this book; between a member's own devices nothing is traded. */
function receivedInTrade(ledger: Ledger, closed: readonly ClosedAccount[]): ReadonlyMap<DeviceKey, number> {
  const { log } = ledger;
  const received = new Map<DeviceKey, number>();
  for (const { device, last } of closed)
    for (const { entry } of chainTo(last, () => false)) {
      const body = accountBody(entry.body);
      if (body.kind !== KIND.pay || body.to.type !== 'device') continue;
      const payee = heirOf(log, body.to.device);
      if (log.devices.get(payee)?.member === log.devices.get(device)?.member) continue;
      received.set(payee, (received.get(payee) ?? 0) + body.amount);
    }
  return received;
}
