/**
 * Checkers of what must always hold; the simulator and the property tests run them after every step. They count again
 * from what entries and decisions say, so that they do not repeat a mistake of the fold.
 */
import { balanceOf } from './balances.ts';
import { citableOf } from './brought.ts';
import { KIND, LANE } from './entry.ts';
import { isOnMain, type Feed, type Stored } from './feed.ts';
import type { DeviceKey, Id } from './ids.ts';
import { isInForce } from './incarnations.ts';
import { accountOf, type Ledger } from './ledger.ts';
import {
  adjustedBetween,
  grantAt,
  heirOf,
  incarnationAt,
  policyAt,
  quorum,
  type DeviceRecord,
} from './log.ts';
import { countBits, receiptsOf } from './settle.ts';

export interface Violation {
  readonly invariant: 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I8' | 'I14';
  readonly what: string;
}

/** Every violation found in this replica. Walks the whole ledger: for tests and for a user's "check my book". */
export function findViolations(ledger: Ledger): readonly Violation[] {
  return [
    ...conservation(ledger),
    ...chains(ledger),
    ...branches(ledger),
    ...claims(ledger),
    ...certificates(ledger),
    ...promises(ledger),
    ...spendables(ledger),
  ];
}

/** [I4] accounts + unclaimed + commons (+ holds, once there are any) = 0. */
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
/** [I7] chains have no gaps, and each place holds an entry of its incarnation; [I6] only who wrote two histories is void. */
function* chains(ledger: Ledger): Generator<Violation> {
  for (const [device, feeds] of ledger.feeds) {
    const record = recordOf(ledger, device);
    for (const feed of feeds)
      for (const [seq, { entry }] of feed.main.entries())
        if (entry.seq !== seq || (seq > 0 && entry.prev !== feed.main[seq - 1]?.entry.id))
          yield { invariant: 'I7', what: `gap at ${seq} of ${device}` };
    const { main, certified, forked } = feeds[LANE.account];
    if (certified > main.length) yield { invariant: 'I7', what: `${device} is certified beyond its end` };
    for (const { entry } of main)
      if (entry.incarnation !== incarnationAt(record, entry.seq))
        yield { invariant: 'I7', what: `${entry.id} stands where another incarnation goes on` };
    if (record.isVoid && record.incarnation > 0 && !forked)
      yield { invariant: 'I6', what: `${device} is void and wrote one history` };
  }
}
function recordOf(ledger: Ledger, device: DeviceKey): DeviceRecord {
  const record = ledger.log.devices.get(device);
  if (record === undefined) throw new Error('a feed of a device that nobody admitted');
  return record;
}
const everyEntry = ({ main, side }: Feed): readonly Stored[] => [...main, ...side.values()];

/** [I3] no branch leaves its bounds, adds up wrongly or goes on where the account is sealed. */
function* branches(ledger: Ledger): Generator<Violation> {
  for (const [device, feeds] of ledger.feeds) {
    const record = recordOf(ledger, device);
    for (const { entry, prev, verdict } of everyEntry(feeds[LANE.account])) {
      const { body, id } = entry;
      if (verdict.type !== 'valid' || (body.kind !== KIND.pay && body.kind !== KIND.claim)) continue;
      const before = prev?.entry.body;
      const isAccount = before?.kind === KIND.pay || before?.kind === KIND.claim;
      let sum = isAccount ? before.balanceAfter : record.opening;
      sum += adjustedBetween(record, isAccount ? before.logHeight : -1, body.logHeight);
      for (const { amount } of body.claims) sum += amount;
      const paid = body.kind === KIND.pay ? body.amount : 0;
      if (sum - paid !== body.balanceAfter) yield { invariant: 'I3', what: `${id} adds up to ${sum - paid}` };
      const grant = grantAt(record, body.logHeight);
      if (grant === undefined || grant.sealed) yield { invariant: 'I3', what: `${id} on a sealed account` };
      const factor = policyAt(ledger.log, body.logHeight).belowLowest === 'warn' ? 2 : 1;
      const lowest = factor * (grant?.grant.lowestBalance ?? 0);
      if (paid > 0 && body.balanceAfter < lowest)
        yield { invariant: 'I3', what: `${id} at ${body.balanceAfter} below ${lowest}` };
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
/** [I1] one certified entry per place, of one incarnation. */
function* certificates(ledger: Ledger): Generator<Violation> {
  const q = quorum(ledger.n);
  for (const feeds of ledger.feeds.values()) {
    const feed = feeds[LANE.account];
    if (feed.side.size === 0) continue;
    const certified = new Map<string, Id>();
    for (const { entry, votes } of everyEntry(feed)) {
      if (countBits(votes) < q) continue;
      const place = `${entry.incarnation}/${entry.seq}`;
      const other = certified.get(place);
      if (other !== undefined) yield { invariant: 'I1', what: `${other} and ${entry.id} both certified` };
      certified.set(place, entry.id);
    }
  }
}
/** [I2] what is settled is in the chain, and no closing left out what a quorum had said is final. */
function* promises(ledger: Ledger): Generator<Violation> {
  const q = quorum(ledger.n);
  for (const stored of ledger.entries.values()) {
    if (stored.entry.lane !== LANE.account) continue;
    if (stored.settled && !isOnMain(stored))
      yield { invariant: 'I2', what: `${stored.entry.id} left its chain` };
    const isFinal = countBits(stored.votes) >= q && countBits(receiptsOf(stored)) >= q;
    if (isFinal && stored.verdict.type === 'valid' && !stored.settled && !isInForce(ledger.log, stored))
      yield { invariant: 'I2', what: `${stored.entry.id} was final, and a closing left it out` };
  }
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
  for (const { act } of log.decided) if (act?.type === 'payout') add(act.to, act.amount);
  for (const { owner, amount } of ledger.brought.values()) add(owner, amount);
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
    if (heirOf(log, device) !== device && accountOf(ledger, device).unclaimed.size > 0)
      yield { invariant: 'I4', what: `${device} keeps credits that are its heir's` };
  }
}
