/** Checkers of what must always hold; the simulator and the property tests run them after every step. */
import { balanceOf } from './balances.ts';
import { citableOf } from './brought.ts';
import { KIND, LANE } from './entry.ts';
import type { DeviceKey, Id } from './ids.ts';
import type { Ledger } from './ledger.ts';
import { grantAt, heirOf, quorum } from './log.ts';
import { countBits } from './settle.ts';

export interface Violation {
  readonly invariant: 'I1' | 'I3' | 'I4' | 'I5' | 'I7' | 'I8' | 'I14';
  readonly what: string;
}

/** Every violation found in this replica. Walks the whole ledger: for tests and for a user's "check my book". */
export function findViolations(ledger: Ledger): readonly Violation[] {
  return [
    ...conservation(ledger),
    ...chains(ledger),
    ...claims(ledger),
    ...certificates(ledger),
    ...spendables(ledger),
  ];
}

/** [I4] accounts + unclaimed (+ holds + commons, once there are any) = 0. */
function* conservation(ledger: Ledger): Generator<Violation> {
  let sum = 0;
  for (const amount of ledger.commons.values()) sum += amount;
  for (const account of ledger.accounts.values()) {
    sum += account.balance + account.unclaimedSum;
    let unclaimed = 0;
    for (const amount of account.unclaimed.values()) unclaimed += amount;
    if (unclaimed !== account.unclaimedSum)
      yield { invariant: 'I4', what: `unclaimed sum of ${account.device}` };
  }
  if (sum !== 0) yield { invariant: 'I4', what: `balances sum to ${sum}` };
}
/** [I7] chains have no gaps; [I3] no branch leaves its bounds. */
function* chains(ledger: Ledger): Generator<Violation> {
  for (const [device, feeds] of ledger.feeds) {
    const record = ledger.log.devices.get(device);
    for (const feed of feeds)
      for (const [seq, stored] of feed.main.entries())
        if (stored.entry.seq !== seq || (seq > 0 && stored.entry.prev !== feed.main[seq - 1]?.entry.id))
          yield { invariant: 'I7', what: `gap at ${seq} of ${device}` };
    for (const stored of [...feeds[LANE.account].main, ...feeds[LANE.account].side.values()]) {
      const { body } = stored.entry;
      if (stored.verdict.type !== 'valid' || body.kind !== KIND.pay || record === undefined) continue;
      const lowest = grantAt(record, body.logHeight)?.grant.lowestBalance ?? 0;
      if (body.amount > 0 && body.balanceAfter < lowest)
        yield { invariant: 'I3', what: `${stored.entry.id} at ${body.balanceAfter} below ${lowest}` };
    }
  }
}
/** [I5] claimed at most once among settled; [I8] a settled claim's debit is settled. */
function* claims(ledger: Ledger): Generator<Violation> {
  const claimed = new Set<Id>();
  for (const stored of ledger.entries.values()) {
    const { body } = stored.entry;
    if (!stored.settled || (body.kind !== KIND.pay && body.kind !== KIND.claim)) continue;
    for (const { debit } of body.claims) {
      if (claimed.has(debit)) yield { invariant: 'I5', what: `${debit} claimed twice` };
      claimed.add(debit);
      if (citableOf(ledger, debit)?.settled !== true)
        yield { invariant: 'I8', what: `${debit} claimed, not settled` };
    }
  }
}
/** [I1] one certified entry per slot. */
function* certificates(ledger: Ledger): Generator<Violation> {
  const q = quorum(ledger.n);
  for (const { left, right } of ledger.forks)
    if (countBits(left.votes) >= q && countBits(right.votes) >= q)
      yield { invariant: 'I1', what: `${left.entry.id} and ${right.entry.id} both certified` };
}
/** [I4] [I14] counted again from settled entries and decisions: nothing pending makes more of what can be spent. */
function* spendables(ledger: Ledger): Generator<Violation> {
  const { log } = ledger;
  const counted = new Map<DeviceKey, number>();
  // What was ever put on an account is now its heir's.
  const add = (device: DeviceKey, amount: number): void => {
    const owner = heirOf(log, device);
    counted.set(owner, (counted.get(owner) ?? 0) + amount);
  };
  for (const [device, { opening }] of log.devices) add(device, opening);
  for (const { owner, amount } of ledger.brought.values()) add(owner, amount);
  for (const { act } of log.decided) if (act?.type === 'payout') add(act.to, act.amount);
  for (const { entry, settled } of ledger.entries.values())
    if (settled && entry.body.kind === KIND.pay) {
      add(entry.device, -entry.body.amount);
      if (entry.body.to.type === 'device') add(entry.body.to.device, entry.body.amount);
    }
  for (const device of ledger.accounts.keys()) {
    const { shown, spendable, lowestBalance } = balanceOf(ledger, device);
    const sum = counted.get(device) ?? 0;
    if (shown !== sum)
      yield { invariant: 'I4', what: `${device} shows ${shown}, its payments sum to ${sum}` };
    if (spendable > Math.max(0, sum - lowestBalance))
      yield { invariant: 'I14', what: `${device} could spend ${spendable} on ${sum}` };
  }
}
