/** What motions ask for once enough people have said yes: first that accounts are closed, then the act with its proofs. */
import type { Act, Approval, Closing } from './act.ts';
import { findClosing } from './close.ts';
import { closingsOf } from './decisionRules.ts';
import { KIND } from './entry.ts';
import type { DeviceKey, Id } from './ids.ts';
import type { Ledger } from './ledger.ts';
import { isSealed, newestGrant, openDevicesOf, standingOf } from './log.ts';
import { enoughFor, openMotions } from './motions.ts';

/** An act that may be decided now. */
export interface Wish {
  readonly act: Act;
  readonly approvals: readonly Approval[];
}
/** The accounts that this act closes as things stand, whether they are open or have ended already. */
export function accountsToClose(ledger: Ledger, act: Act): readonly DeviceKey[] {
  const { log } = ledger;
  switch (act.type) {
    case 'limits': {
      const record = log.devices.get(act.device);
      if (record === undefined || isSealed(record)) return [];
      const { lowestBalance, highestBalance } = newestGrant(record).grant;
      const lowers = act.grant.lowestBalance > lowestBalance || act.grant.highestBalance < highestBalance;
      return lowers ? [act.device] : [];
    }
    case 'standing':
      return standingOf(log, act.member) === 'active'
        ? openDevicesOf(log, act.member).map(({ device }) => device)
        : [];
    default:
      return closingsOf(act).map(({ device }) => device);
  }
}
const NONE_HELD: ReadonlySet<Id> = new Set();
/**
 * The accounts that approved motions want closed: there a witness promises to vote no more [C1]. `held`: motions that
 * this witness does not carry out yet, for a reason of its own.
 */
export function accountsWantedClosed(
  ledger: Ledger,
  held: ReadonlySet<Id> = NONE_HELD,
): readonly DeviceKey[] {
  const wanted = new Set<DeviceKey>();
  for (const motion of openMotions(ledger))
    if (!held.has(motion.id) && motion.act !== undefined && enoughFor(ledger, motion) !== undefined)
      for (const device of accountsToClose(ledger, motion.act)) {
        const record = ledger.log.devices.get(device);
        if (record !== undefined && !isSealed(record)) wanted.add(device);
      }
  return [...wanted];
}
/** Whether carrying out this act changes the book's key, so that somebody must make and hand out a new one [S1]. */
export const needsNewKey = (act: Act): boolean =>
  act.type === 'replace' ||
  act.type === 'close-book' ||
  (act.type === 'standing' && act.standing === 'expelled');

/** An act with the closings that stand now; undefined while one is missing. `key`: the id of the next book key. */
export function withProofs(ledger: Ledger, act: Act, key: string | null): Act | undefined {
  const closings: Closing[] = [];
  for (const device of accountsToClose(ledger, act)) {
    const closing = findClosing(ledger, device);
    if (closing === undefined) return undefined;
    closings.push(closing);
  }
  const newKey = needsNewKey(act) ? key : null;
  if (needsNewKey(act) && newKey === null) return undefined;
  switch (act.type) {
    case 'limits':
      return { ...act, closing: closings[0] ?? null };
    case 'standing':
    case 'replace':
      return { ...act, closings, key: newKey };
    default:
      return act;
  }
}
/** The motions with enough consent as acts that may be decided, oldest first, as far as their proofs are here. */
export function wishesOf(ledger: Ledger, key: string | null): readonly Wish[] {
  return openMotions(ledger).flatMap((motion): readonly Wish[] => {
    const approvals = enoughFor(ledger, motion);
    const act = motion.act && approvals && withProofs(ledger, motion.act, key);
    return act === undefined || approvals === undefined ? [] : [{ act, approvals }];
  });
}
/** Closings that were begun and that no motion waits for any more: the accounts open again [C2]. */
export function unlockWishes(ledger: Ledger): readonly Wish[] {
  const wanted = new Set(accountsWantedClosed(ledger));
  const begun = new Set<DeviceKey>();
  for (const { entry } of ledger.stops) {
    if (entry.body.kind !== KIND.stop || entry.body.parts !== 0) continue;
    for (const { ordinal, incarnation } of entry.body.reports) {
      const device = ledger.log.ordinals[ordinal];
      const record = device && ledger.log.devices.get(device);
      if (device === undefined || record === undefined || record.incarnation !== incarnation) continue;
      if (!isSealed(record) && !wanted.has(device)) begun.add(device);
    }
  }
  return [...begun].flatMap((device): readonly Wish[] => {
    const closing = findClosing(ledger, device);
    return closing === undefined ? [] : [{ act: { type: 'unlock', closing }, approvals: [] }];
  });
}
