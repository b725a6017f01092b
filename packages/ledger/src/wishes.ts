/** What motions ask for once enough people have said yes: first that accounts are closed, then the act with its proofs. */
import type { Act, Approval, Closing } from './act.ts';
import { findClosing } from './close.ts';
import { closingsOf } from './decisionRules.ts';
import { breaksRule, judgeDecision } from './judgeDecision.ts';
import { KIND } from './entry.ts';
import type { DeviceKey, Id } from './ids.ts';
import type { Ledger } from './ledger.ts';
import { isSealed, newestGrant, openDevicesOf, standingOf } from './log.ts';
import { KEY_ID_BYTES } from './limits.ts';
import { enoughFor, everHadEnough, openMotions } from './motions.ts';

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
 * The accounts that approved motions want closed: there a witness promises to vote no more [C1]. What has become
 * unlawful wants nothing, or an account would stay shut for what can never be carried out. `held`: motions that this
 * witness does not carry out yet, for a reason of its own.
 */
export function accountsWantedClosed(
  ledger: Ledger,
  held: ReadonlySet<Id> = NONE_HELD,
): readonly DeviceKey[] {
  const wanted = new Set<DeviceKey>();
  for (const motion of openMotions(ledger)) {
    const { act } = motion;
    const approvals = act && enoughFor(ledger, motion);
    if (act === undefined || approvals === undefined || held.has(motion.id)) continue;
    const devices = accountsToClose(ledger, act).filter((device) => {
      const record = ledger.log.devices.get(device);
      return record !== undefined && !isSealed(record);
    });
    if (devices.length === 0 || !mayBecomeLawful(ledger, act, approvals)) continue;
    for (const device of devices) wanted.add(device);
  }
  return [...wanted];
}
/** The accounts that open motions would close which had consent at some time, lawful or not by now. */
export const accountsOnceWanted = (ledger: Ledger): ReadonlySet<DeviceKey> =>
  new Set(
    openMotions(ledger).flatMap((motion) =>
      motion.act !== undefined && everHadEnough(ledger, motion) ? accountsToClose(ledger, motion.act) : [],
    ),
  );
const approvedMotions = (ledger: Ledger): readonly Wish[] =>
  openMotions(ledger).flatMap((motion): readonly Wish[] => {
    const approvals = enoughFor(ledger, motion);
    return motion.act === undefined || approvals === undefined ? [] : [{ act: motion.act, approvals }];
  });
/** Whether nothing but the proofs of its closings, and a new key, keeps an act from being the next decision. */
function mayBecomeLawful(ledger: Ledger, act: Act, approvals: readonly Approval[]): boolean {
  const closings = accountsToClose(ledger, act).map((device): Closing => ({
    device,
    incarnation: ledger.log.devices.get(device)?.incarnation ?? 0,
    stops: [],
  }));
  const closed = withClosings(act, closings, needsNewKey(act) ? '00'.repeat(KEY_ID_BYTES) : null);
  const { height, head } = ledger.log;
  return breaksRule(ledger, { height: height + 1, prev: head, act: closed, approvals }) === undefined;
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
  return needsNewKey(act) && newKey === null ? undefined : withClosings(act, closings, newKey);
}
function withClosings(act: Act, closings: readonly Closing[], key: string | null): Act {
  switch (act.type) {
    case 'limits':
      return { ...act, closing: closings[0] ?? null };
    case 'standing':
    case 'replace':
      return { ...act, closings, key };
    default:
      return act;
  }
}
/** The motions with enough consent as acts that may be the next decision, oldest first, as far as their proofs are here. */
export function wishesOf(ledger: Ledger, key: string | null): readonly Wish[] {
  const { height, head } = ledger.log;
  return approvedMotions(ledger).flatMap(({ act, approvals }): readonly Wish[] => {
    const whole = withProofs(ledger, act, key);
    if (whole === undefined) return [];
    const verdict = judgeDecision(ledger, { height: height + 1, prev: head, act: whole, approvals });
    return verdict.type === 'lawful' ? [{ act: whole, approvals }] : [];
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
