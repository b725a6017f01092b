/**
 * The rules of the account lane as a table [P1]–[P4]. Each looks at the entry, its chain, what it cites and the log
 * up to the height it names, never at what this replica happens to have seen besides: so it is pure, and its answer
 * the same for everyone [P2].
 */
import { addAmounts } from './amount.ts';
import { isBrought, type Citable } from './brought.ts';
import { KIND, type Attachment, type ClaimBody, type Entry, type PayBody } from './entry.ts';
import { isInChain, isOnMain, type Stored } from './feed.ts';
import type { DeviceKey, Id } from './ids.ts';
import type { Ledger } from './ledger.ts';
import { COMMONS_END } from './limits.ts';
import { adjustedBetween, grantAt, isHeirAt, policyAt, type CircleLog, type DeviceRecord } from './log.ts';
import { invalid, VALID, waitingFor, type RuleFault, type Verdict } from './verdict.ts';

export type AccountEntry = Entry<PayBody | ClaimBody>;
export const isAccountEntry = (entry: Entry): entry is AccountEntry =>
  entry.body.kind === KIND.pay || entry.body.kind === KIND.claim;

/** What a rule may look at. */
interface Question {
  readonly ledger: Ledger;
  readonly device: DeviceRecord;
  readonly entry: AccountEntry;
  readonly prev: Stored | undefined;
  /** What its claims cite, in their order, as far as it is here. */
  readonly cited: readonly (Citable | undefined)[];
}
export type AccountRule = (question: Question) => RuleFault | undefined;

const bodyBefore = (prev: Stored | undefined): PayBody | ClaimBody | undefined => {
  const body = prev?.entry.body;
  return body?.kind === KIND.pay || body?.kind === KIND.claim ? body : undefined;
};
/** Balance before an entry of that height: of its chain, pending entries included, and of what decisions put in [L2]. */
export function balanceBefore(device: DeviceRecord, prev: Stored | undefined, logHeight: number): number {
  const before = bodyBefore(prev);
  return before === undefined
    ? device.opening + adjustedBetween(device, device.admittedAt - 1, logHeight)
    : before.balanceAfter + adjustedBetween(device, before.logHeight, logHeight);
}
/** The log height an entry may not go below. */
export const heightBefore = (prev: Stored | undefined, device: DeviceRecord): number =>
  bodyBefore(prev)?.logHeight ?? device.admittedAt;

const debitOf = (body: PayBody | ClaimBody): number => (body.kind === KIND.pay ? body.amount : 0);

/** How far a debit may go down: where the circle only warns, twice as far [P2]. */
export function hardLowest(log: CircleLog, device: DeviceRecord, logHeight: number): number {
  const lowest = grantAt(device, logHeight)?.grant.lowestBalance ?? 0;
  return policyAt(log, logHeight).belowLowest === 'warn' ? 2 * lowest : lowest;
}

/** Whose credit it is: the payee's, or that of who has taken over from it [C4]. */
const isOwner = (log: CircleLog, payee: DeviceKey, { device, body }: AccountEntry): boolean =>
  payee === device || isHeirAt(log, payee, device, body.logHeight);
/** Whether an entry is part of a chain that the author had taken over by then, as the closing has fixed it. */
function isInEndedChain(log: CircleLog, stored: Stored, { device, body }: AccountEntry): boolean {
  const { device: old, seq } = stored.entry;
  if (old === device || !isHeirAt(log, old, device, body.logHeight)) return false;
  return isOnMain(stored) && seq < (log.devices.get(old)?.incarnations.at(-1)?.seq ?? 0);
}

/** In this order; the first fault is the verdict. The names are what a mutation test deletes. */
export const ACCOUNT_RULES: Readonly<Record<string, AccountRule>> = {
  logHeightNeverFalls({ entry, prev, device }) {
    const before = heightBefore(prev, device);
    return entry.body.logHeight < before
      ? { rule: 'P1', code: 'log-height-fell', before, got: entry.body.logHeight }
      : undefined;
  },
  bookIsOpen({ ledger, entry }) {
    const { closed } = ledger.log;
    return closed !== null && entry.body.logHeight >= closed.height
      ? { rule: 'B1', code: 'book-is-closed', height: closed.height }
      : undefined;
  },
  incarnationStands({ entry, device }) {
    const { logHeight } = entry.body;
    const own = device.incarnations[entry.incarnation]?.height ?? 0;
    const next = device.incarnations[entry.incarnation + 1]?.height;
    return logHeight >= own && (next === undefined || logHeight < next)
      ? undefined
      : { rule: 'F1', code: 'not-its-incarnation', height: own, got: logHeight };
  },
  accountIsOpen({ entry, device }) {
    const grant = grantAt(device, entry.body.logHeight);
    return grant?.sealed === true ? { rule: 'C3', code: 'sealed', height: grant.height } : undefined;
  },
  limitRefIsNewestGrant({ entry, device }) {
    const expected = grantAt(device, entry.body.logHeight)?.height ?? device.admittedAt;
    return entry.body.limitRef === expected
      ? undefined
      : { rule: 'P1', code: 'limit-ref', expected, got: entry.body.limitRef };
  },
  counterpartyIsAdmitted({ ledger, entry }) {
    if (entry.body.kind !== KIND.pay) return undefined;
    const { to, logHeight } = entry.body;
    // No act of this version opens an event's tokens, so none is known at any height.
    if (to.type === 'token') return { rule: 'P1', code: 'unknown-counterparty', account: to.type };
    if (to.type === 'commons')
      return to.commons < COMMONS_END
        ? undefined
        : { rule: 'P1', code: 'unknown-counterparty', account: `commons ${to.commons}` };
    const other = ledger.log.devices.get(to.device);
    return other === undefined || other.admittedAt > logHeight
      ? { rule: 'P1', code: 'unknown-counterparty', account: to.device }
      : undefined;
  },
  counterpartyIsOpen({ ledger, entry }) {
    if (entry.body.kind !== KIND.pay || entry.body.to.type !== 'device') return undefined;
    const { to, logHeight } = entry.body;
    const other = ledger.log.devices.get(to.device);
    return other !== undefined && grantAt(other, logHeight)?.sealed === true
      ? { rule: 'P1', code: 'counterparty-sealed', account: to.device }
      : undefined;
  },
  counterpartyIsAnother({ entry }) {
    const { body, device } = entry;
    return body.kind === KIND.pay && body.to.type === 'device' && body.to.device === device
      ? { rule: 'P1', code: 'to-itself', account: device }
      : undefined;
  },
  invoiceStandsOnce({ ledger, entry, prev }) {
    const { body } = entry;
    if (body.kind !== KIND.pay || body.invoice === null) return undefined;
    const { invoice } = body;
    const earlier = ledger.invoicePayments.get(invoice)?.find((s) => isInChain(s, prev));
    return earlier === undefined
      ? undefined
      : { rule: 'P3', code: 'invoice-reused', invoice, by: earlier.entry.id };
  },
  claimEntryClaims({ entry }) {
    return entry.body.kind === KIND.claim && entry.body.claims.length === 0
      ? { rule: 'P4', code: 'claims-nothing' }
      : undefined;
  },
  claimsAreCreditsOfOwner({ ledger, entry, cited }) {
    const { claims } = entry.body;
    for (let i = 0; i < claims.length; i++) {
      const [claim, stored] = [claims[i], cited[i]];
      if (claim === undefined || stored === undefined) continue;
      const { debit, amount } = claim;
      if (isBrought(stored)) {
        if (!isOwner(ledger.log, stored.owner, entry)) return { rule: 'P4', code: 'not-yours', debit };
        if (stored.amount !== amount)
          return { rule: 'P4', code: 'wrong-amount', debit, expected: stored.amount, got: amount };
        continue;
      }
      const { body } = stored.entry;
      if (body.kind !== KIND.pay) return { rule: 'P4', code: 'not-a-payment', debit };
      if (stored.verdict.type === 'invalid') return { rule: 'P4', code: 'claims-invalid', debit };
      if (body.to.type !== 'device' || !isOwner(ledger.log, body.to.device, entry))
        return { rule: 'P4', code: 'not-yours', debit };
      if (body.amount !== amount)
        return { rule: 'P4', code: 'wrong-amount', debit, expected: body.amount, got: amount };
    }
    return undefined;
  },
  claimedOnce({ ledger, entry, prev, cited }) {
    const { claims } = entry.body;
    if (claims.length === 0) return undefined;
    const twice = claims.find(
      ({ debit }, i) =>
        (i > 0 && claims.findIndex((c) => c.debit === debit) < i) ||
        cited[i]?.claimants.some((s) => isInChain(s, prev) || isInEndedChain(ledger.log, s, entry)) === true,
    );
    return twice === undefined ? undefined : { rule: 'P4', code: 'claimed-twice', debit: twice.debit };
  },
  balanceIsInTheChain({ entry, prev, device }) {
    const { body } = entry;
    let expected = addAmounts(balanceBefore(device, prev, body.logHeight), -debitOf(body));
    for (const { amount } of body.claims)
      expected = expected === undefined ? undefined : addAmounts(expected, amount);
    if (expected === undefined) return { rule: 'E4', code: 'sum-out-of-range' };
    return expected === body.balanceAfter
      ? undefined
      : { rule: 'P1', code: 'balance-after', expected, got: body.balanceAfter };
  },
  debitKeepsLowestBalance({ ledger, entry, device }) {
    const { body } = entry;
    const lowestBalance = hardLowest(ledger.log, device, body.logHeight);
    // A lowered limit must not forbid to climb: only what takes the balance down is bound by it.
    return debitOf(body) > 0 && body.balanceAfter < lowestBalance
      ? { rule: 'P2', code: 'below-lowest-balance', balance: body.balanceAfter, lowestBalance }
      : undefined;
  },
  claimsKeepHighestBalance({ entry, device }) {
    const { body } = entry;
    const highestBalance = grantAt(device, body.logHeight)?.grant.highestBalance ?? 0;
    return body.claims.length > 0 && body.balanceAfter > highestBalance
      ? { rule: 'P2', code: 'above-highest-balance', balance: body.balanceAfter, highestBalance }
      : undefined;
  },
};

/** All of them, in order: what a ledger runs unless a test takes one away to see it missed. */
export const ALL_ACCOUNT_RULES: readonly AccountRule[] = Object.values(ACCOUNT_RULES);

/** The verdict on an account entry that hangs on `prev` [P2]. */
export function judgeAccountEntry(
  ledger: Ledger,
  entry: AccountEntry,
  { prev, cited }: Pick<Stored, 'prev' | 'cited'>,
): Verdict {
  const device = ledger.log.devices.get(entry.device);
  if (device === undefined) throw new Error('a feed of a device that nobody admitted');
  if (prev?.verdict.type === 'waiting') return waitingFor([prev.entry.id]);
  // Kept all the same: its signature may be the only one that vouches for the good entries before the bad one [F2].
  if (prev?.verdict.type === 'invalid')
    return invalid({ rule: 'P2', code: 'after-invalid', prev: prev.entry.id });
  const { body } = entry;
  if (body.logHeight > ledger.log.height) return waitingFor([], body.logHeight);
  // What it cites comes first: an entry that waits itself may still turn out to be invalid, and a verdict must not
  // depend on having seen it.
  let missing: Id[] | undefined;
  for (let i = 0; i < body.claims.length; i++) {
    const [claim, cites] = [body.claims[i], cited[i]];
    if (claim !== undefined && (cites === undefined || cites.verdict.type === 'waiting'))
      (missing ??= []).push(claim.debit);
  }
  if (missing !== undefined) return waitingFor(missing);
  const question: Question = { ledger, device, entry, prev, cited };
  for (const rule of ledger.accountRules) {
    const fault = rule(question);
    if (fault !== undefined) return invalid(fault);
  }
  return body.kind === KIND.pay && body.attachment !== null
    ? judgeAttachment(ledger, body.attachment)
    : VALID;
}
/** A required attachment is part of what the entry says, so the entry waits for it; an erasable one is not [E7]. */
function judgeAttachment(ledger: Ledger, { hash, length, erasable }: Attachment): Verdict {
  if (erasable) return VALID;
  const got = ledger.attachments.get(hash);
  if (got === undefined) return waitingFor([], null, hash);
  return got === length
    ? VALID
    : invalid({ rule: 'E7', code: 'attachment-length', attachment: hash, expected: length, got });
}
