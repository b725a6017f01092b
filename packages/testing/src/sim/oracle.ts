/**
 * What the settled chains say, worked out a second time in the plainest way from the specification's words, so that a
 * rule missing in the ledger shows. Knows nothing of how the ledger folds.
 */
import { KIND, LANE, type DeviceKey, type Id, type Ledger, type PayBody } from '@corridor/ledger';

export function judgeSettled(ledger: Ledger): readonly string[] {
  const wrong: string[] = [];
  const { log } = ledger;
  const payments = new Map<Id, PayBody>();
  for (const stored of ledger.entries.values())
    if (stored.settled && stored.entry.body.kind === KIND.pay)
      payments.set(stored.entry.id, stored.entry.body);
  const claimed = new Set<Id>();
  const balances = new Map<DeviceKey, number>();
  for (const [device, record] of log.devices) {
    const say = (what: string): void => void wrong.push(`${device.slice(8, 14)}: ${what}`);
    let balance = record.opening;
    let height = record.admittedAt;
    const invoices = new Set<Id>();
    const grant = record.grants[0]?.grant;
    for (const { entry, settled } of ledger.feeds.get(device)?.[LANE.account].main ?? []) {
      const { body } = entry;
      if (!settled || (body.kind !== KIND.pay && body.kind !== KIND.claim)) break;
      if (body.logHeight < height) say('[P1] the height of the log fell');
      height = body.logHeight;
      if (height > log.height) say('[P1] a height that the log has not reached');
      if (body.limitRef !== record.admittedAt) say('[P1] leans on another grant');
      if (body.kind === KIND.claim && body.claims.length === 0) say('[P4] claims nothing');
      for (const { debit, amount } of body.claims) {
        const cited = payments.get(debit);
        const brought = ledger.brought.get(debit);
        if (brought !== undefined) {
          if (brought.owner !== device || brought.amount !== amount) say('[P4] claims another’s credit');
        } else if (cited === undefined) say('[I8] claims what is not settled');
        else if (cited.to.type !== 'device' || cited.to.device !== device)
          say('[P4] claims another’s credit');
        else if (cited.amount !== amount) say('[P4] claims another amount');
        if (claimed.has(debit)) say('[I5] claimed twice');
        claimed.add(debit);
        balance += amount;
      }
      if (body.kind === KIND.pay) {
        balance -= body.amount;
        const payee = body.to.type === 'device' ? log.devices.get(body.to.device) : undefined;
        if (payee === undefined || payee.admittedAt > height) say('[P1] pays nobody that is known');
        if (payee?.device === device) say('[P1] pays itself');
        if (body.invoice !== null && invoices.has(body.invoice)) say('[P3] answers one request twice');
        if (body.invoice !== null) invoices.add(body.invoice);
        if (body.amount > 0 && balance < (grant?.lowestBalance ?? 0)) say('[I3] below its lowest balance');
      }
      if (body.claims.length > 0 && balance > (grant?.highestBalance ?? 0))
        say('[P2] above its highest balance');
      if (body.balanceAfter !== balance) say(`[P1] says ${body.balanceAfter} where ${balance} is left`);
    }
    balances.set(device, balance);
  }
  let sum = 0;
  for (const [device, account] of ledger.accounts) {
    let unclaimed = 0;
    for (const { debit, owner, amount } of ledger.brought.values())
      if (owner === device && !claimed.has(debit)) unclaimed += amount;
    for (const [id, body] of payments)
      if (body.to.type === 'device' && body.to.device === device && !claimed.has(id))
        unclaimed += body.amount;
    const balance = balances.get(device) ?? 0;
    sum += balance + unclaimed;
    if (account.balance !== balance) wrong.push(`[P9] folded ${account.balance}, chain says ${balance}`);
    if (account.unclaimedSum !== unclaimed)
      wrong.push(`[P9] folded ${account.unclaimedSum} unclaimed, payments say ${unclaimed}`);
  }
  if (sum !== 0) wrong.push(`[I4] all together ${sum}`);
  return wrong;
}
