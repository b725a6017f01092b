/**
 * What makes a decision lawful, as a table of named rules [L0] [L2] [L3]: each looks at the decision and at the log
 * before it, and at the witness entries that a closing cites. Pure: the same for everyone who has what it cites.
 */
import { bringsMember, type Act, type Closing, type Decision, type JoinRequest } from './act.ts';
import type { ClosingFault } from './close.ts';
import { consentNeeded, isConsented } from './consents.ts';
import type { DeviceKey, Id, MemberId, PublicKey } from './ids.ts';
import type { Ledger } from './ledger.ts';
import { MAX_CLOSINGS, MAX_DEVICES, MAX_RECOVERIES } from './limits.ts';
import {
  currentTerm,
  firstGrantFor,
  isSealed,
  isUsedUp,
  newestGrant,
  openDevicesOf,
  quorum,
  standingOf,
  WITNESS_COUNTS,
  witnessCount,
  type CircleLog,
} from './log.ts';
import { motionId } from './motion.ts';

export type DecisionFault =
  | { readonly rule: 'L0'; readonly code: 'wrong-height' | 'wrong-prev'; readonly expected: number | Id }
  | {
      readonly rule: 'L0';
      readonly code: 'already-admitted' | 'key-not-ordinary';
      readonly device: DeviceKey;
    }
  | { readonly rule: 'B1'; readonly code: 'book-is-closed' | 'wrong-opening' }
  | { readonly rule: 'B1'; readonly code: 'circle-is-full'; readonly device: DeviceKey }
  | {
      readonly rule: 'L3';
      readonly code: 'approvals-not-asked-for' | 'not-enough-approvals' | 'decided-already';
    }
  | {
      readonly rule: 'S2';
      readonly code: 'unknown-inviter' | 'inviter-not-active' | 'invite-used' | 'unknown-decision';
      readonly invite: PublicKey;
    }
  | {
      readonly rule: 'S2';
      readonly code: 'not-the-granted-limits' | 'too-many-devices' | 'not-for-admission';
      readonly device: DeviceKey;
    }
  | {
      readonly rule: 'P7';
      readonly code: 'not-one-witness' | 'unknown-device' | 'keeps-it-already' | 'not-open';
      readonly device: DeviceKey;
    }
  | {
      readonly rule: 'P7';
      readonly code: 'not-so-many-stewards' | 'named-twice' | 'too-few-witnesses';
      readonly count: number;
    }
  | {
      readonly rule: 'C3';
      readonly code:
        'nothing-changes' | 'closing-missing' | 'closing-not-needed' | 'wrong-closings' | 'key-missing';
      readonly about: DeviceKey | MemberId;
    }
  | {
      readonly rule: 'C4';
      readonly code: 'not-one-member' | 'wrong-heir' | 'not-their-request';
      readonly heir: DeviceKey;
    }
  | { readonly rule: 'C4'; readonly code: 'wrong-helpers'; readonly device: DeviceKey }
  | { readonly rule: 'F4'; readonly code: 'quota-changes-with-the-book' }
  | { readonly rule: 'L2'; readonly code: 'unknown-member'; readonly member: MemberId }
  | ClosingFault;

interface Question {
  readonly ledger: Ledger;
  readonly log: CircleLog;
  readonly decision: Decision;
  readonly act: Act;
}
export type DecisionRule = (question: Question) => DecisionFault | undefined;

/** In this order; the first fault is the verdict. The names are what a mutation test deletes. */
export const DECISION_RULES: Readonly<Record<string, DecisionRule>> = {
  bookIsOpen: ({ log }) => (log.closed === null ? undefined : { rule: 'B1', code: 'book-is-closed' }),
  heightIsNext: ({ log, decision }) =>
    decision.height === log.height + 1
      ? undefined
      : { rule: 'L0', code: 'wrong-height', expected: log.height + 1 },
  prevIsHead: ({ log, decision }) =>
    decision.prev === log.head ? undefined : { rule: 'L0', code: 'wrong-prev', expected: log.head },
  motionIsNew: ({ ledger, log, act }) =>
    log.doneMotions.size > 0 && log.doneMotions.has(motionId(log.circle, ledger.book, act))
      ? { rule: 'L3', code: 'decided-already' }
      : undefined,
  nobodyIsAskedInVain: ({ log, act, decision }) =>
    decision.approvals.length > 0 && consentNeeded(log, act).length === 0
      ? { rule: 'L3', code: 'approvals-not-asked-for' }
      : undefined,
  enoughConsent: ({ log, act, decision }) =>
    isConsented(log, consentNeeded(log, act), decision.approvals)
      ? undefined
      : { rule: 'L3', code: 'not-enough-approvals' },
  requestIsNew: ({ log, act }) => {
    const request = requestOf(act);
    if (request === null) return undefined;
    const { device, invite } = request;
    if (log.devices.has(device)) return { rule: 'L0', code: 'already-admitted', device };
    return isUsedUp(log, request) ? { rule: 'S2', code: 'invite-used', invite } : undefined;
  },
  circleHasRoom: ({ log, act }) => {
    const request = requestOf(act);
    const isFull =
      log.devices.size >= MAX_DEVICES || (act.type === 'replace' && log.recoveries.size >= MAX_RECOVERIES);
    return request !== null && isFull
      ? { rule: 'B1', code: 'circle-is-full', device: request.device }
      : undefined;
  },
  inviterStands: ({ log, act }) => {
    const request = requestOf(act);
    if (request === null) return undefined;
    const { invite } = request;
    const inviter = log.devices.get(request.inviter);
    if (inviter === undefined) return { rule: 'S2', code: 'unknown-inviter', invite };
    // A lost device's own invite is what its owner comes back with [C4]; once replaced, it has no say any more.
    const mayInvite =
      standingOf(log, inviter.member) === 'active' &&
      (!isSealed(inviter) || (request.as === 'recover' && inviter.heir === null));
    return mayInvite ? undefined : { rule: 'S2', code: 'inviter-not-active', invite };
  },
  inviteKnowsThisLog: ({ log, act }) => {
    const request = requestOf(act);
    // An invite for recovery is made long before: it need not know of anything newer than the circle.
    if (request === null || log.decisionIds.has(request.decision)) return undefined;
    if (request.as === 'recover' && request.decision === log.circle) return undefined;
    return { rule: 'S2', code: 'unknown-decision', invite: request.invite };
  },
  newKeyIsOrdinary: ({ ledger, act }) => {
    const request = requestOf(act);
    return request === null || ledger.isOrdinaryKey(request.device)
      ? undefined
      : { rule: 'L0', code: 'key-not-ordinary', device: request.device };
  },
  admissionIsOne: ({ act }) =>
    act.type === 'admit' && (act.request.as === 'recover' || act.request.as === 'vouch')
      ? { rule: 'S2', code: 'not-for-admission', device: act.request.device }
      : undefined,
  grantedLimits: ({ log, act }) => {
    if (act.type !== 'admit') return undefined;
    const granted = firstGrantFor(log, act.request);
    const { lowestBalance, highestBalance } = act.grant;
    return lowestBalance === granted.lowestBalance && highestBalance === granted.highestBalance
      ? undefined
      : { rule: 'S2', code: 'not-the-granted-limits', device: act.request.device };
  },
  fewDevices: ({ log, act }) => {
    const request = requestOf(act);
    if (request === null || bringsMember(request)) return undefined;
    const closed = new Set(closingsOf(act).map(({ device }) => device));
    const [old = request.inviter] = closed;
    const member = log.devices.get(old)?.member;
    if (member === undefined) return undefined;
    const stay = openDevicesOf(log, member).filter(({ device }) => !closed.has(device));
    return stay.length >= MAX_CLOSINGS
      ? { rule: 'S2', code: 'too-many-devices', device: request.device }
      : undefined;
  },
  keeperMayChange: ({ ledger, log, act }) => {
    if (act.type !== 'keeper') return undefined;
    const { device } = act;
    if (witnessCount(log) !== 1) return { rule: 'P7', code: 'not-one-witness', device };
    const record = log.devices.get(device);
    if (record === undefined) return { rule: 'P7', code: 'unknown-device', device };
    if (currentTerm(log, device) !== undefined) return { rule: 'P7', code: 'keeps-it-already', device };
    if (isSealed(record)) return { rule: 'P7', code: 'not-open', device };
    return ledger.isOrdinaryKey(act.witness) ? undefined : { rule: 'L0', code: 'key-not-ordinary', device };
  },
  limitsChange: ({ log, act }) => {
    if (act.type !== 'limits') return undefined;
    const { device, grant, closing } = act;
    const record = log.devices.get(device);
    if (record === undefined) return { rule: 'P7', code: 'unknown-device', device };
    if (isSealed(record)) return { rule: 'P7', code: 'not-open', device };
    const now = newestGrant(record).grant;
    const isSame = grant.lowestBalance === now.lowestBalance && grant.highestBalance === now.highestBalance;
    // A newcomer's limits may be confirmed as they are [S2].
    if (isSame && record.confirmed) return { rule: 'C3', code: 'nothing-changes', about: device };
    const lowers = grant.lowestBalance > now.lowestBalance || grant.highestBalance < now.highestBalance;
    if (lowers && closing === null) return { rule: 'C3', code: 'closing-missing', about: device };
    if (!lowers && closing !== null) return { rule: 'C3', code: 'closing-not-needed', about: device };
    return closing === null || closing.device === device
      ? undefined
      : { rule: 'C3', code: 'wrong-closings', about: device };
  },
  standingChanges: ({ log, act }) => {
    if (act.type !== 'standing') return undefined;
    const { member, standing, closings, key } = act;
    if (!log.members.has(member)) return { rule: 'L2', code: 'unknown-member', member };
    const now = standingOf(log, member);
    if (now === standing || (now === 'expelled' && standing === 'suspended'))
      return { rule: 'C3', code: 'nothing-changes', about: member };
    const open = now === 'active' ? openDevicesOf(log, member).map(({ device }) => device) : [];
    const closed = new Set(closings.map(({ device }) => device));
    if (closed.size !== closings.length || closed.size !== open.length || !open.every((d) => closed.has(d)))
      return { rule: 'C3', code: 'wrong-closings', about: member };
    return (key !== null) === (standing === 'expelled')
      ? undefined
      : { rule: 'C3', code: 'key-missing', about: member };
  },
  replacementFits: ({ log, act }) => {
    if (act.type !== 'replace') return undefined;
    const { request, heir, closings, key } = act;
    const owners = new Set(closings.map(({ device }) => log.devices.get(device)?.member));
    const [member] = owners;
    if (owners.size !== 1 || member === undefined) return { rule: 'C4', code: 'not-one-member', heir };
    const closed = new Set(closings.map(({ device }) => device));
    if (closed.size !== closings.length) return { rule: 'C3', code: 'wrong-closings', about: heir };
    if (standingOf(log, member) !== 'active') return { rule: 'C4', code: 'wrong-heir', heir };
    if (key === null) return { rule: 'C3', code: 'key-missing', about: heir };
    if (closings.some(({ device }) => log.devices.get(device)?.heir !== null))
      return { rule: 'C3', code: 'nothing-changes', about: heir };
    if (request !== null) {
      // Who signed an invite for their own devices has not signed one for anybody else's, nor the other way round.
      const isTheirs = log.devices.get(request.inviter)?.member === member;
      return request.as === (isTheirs ? 'recover' : 'vouch') && request.device === heir
        ? undefined
        : { rule: 'C4', code: 'not-their-request', heir };
    }
    const record = log.devices.get(heir);
    const isOwn = record !== undefined && record.member === member && !isSealed(record) && !closed.has(heir);
    return isOwn ? undefined : { rule: 'C4', code: 'wrong-heir', heir };
  },
  aQuorumStays: ({ log, act }) => {
    if (act.type !== 'replace' && act.type !== 'standing') return undefined;
    const present = witnessesThatStay(log);
    const staying = present.filter((device) => !isTakenBy(log, act, device));
    // Nobody takes part any more who was removed, and a book without a quorum could neither settle nor close.
    return staying.length < present.length && staying.length < quorum(witnessCount(log))
      ? { rule: 'P7', code: 'too-few-witnesses', count: staying.length }
      : undefined;
  },
  stewardsCanKeep: ({ ledger, log, act }) => {
    if (act.type !== 'stewards') return undefined;
    const { stewards } = act;
    const count = stewards.length;
    if (!WITNESS_COUNTS.includes(count)) return { rule: 'P7', code: 'not-so-many-stewards', count };
    const members = new Set<MemberId>();
    const keys = new Set<PublicKey>(log.terms.map((term) => term.key));
    for (const { device, witness } of stewards) {
      const record = log.devices.get(device);
      if (record === undefined) return { rule: 'P7', code: 'unknown-device', device };
      if (isSealed(record) || standingOf(log, record.member) !== 'active')
        return { rule: 'P7', code: 'not-open', device };
      if (members.has(record.member) || keys.has(witness)) return { rule: 'P7', code: 'named-twice', count };
      if (!ledger.isOrdinaryKey(witness)) return { rule: 'L0', code: 'key-not-ordinary', device };
      members.add(record.member);
      keys.add(witness);
    }
    return undefined;
  },
  quotaStays: ({ log, act }) =>
    act.type === 'policy' &&
    (act.policy.maxEntries !== log.policy.maxEntries || act.policy.maxBytes !== log.policy.maxBytes)
      ? { rule: 'F4', code: 'quota-changes-with-the-book' }
      : undefined,
  payoutGoesToSomebody: ({ log, act }) => {
    if (act.type !== 'payout') return undefined;
    const record = log.devices.get(act.to);
    if (record === undefined) return { rule: 'P7', code: 'unknown-device', device: act.to };
    return isSealed(record) ? { rule: 'P7', code: 'not-open', device: act.to } : undefined;
  },
  helpersCanHelp: ({ log, act }) => {
    if (act.type !== 'helpers') return undefined;
    const { device, helpers, need } = act;
    const record = log.devices.get(device);
    if (record === undefined) return { rule: 'P7', code: 'unknown-device', device };
    if (isSealed(record)) return { rule: 'P7', code: 'not-open', device };
    const each = new Set(helpers);
    const areOthers = helpers.every((member) => log.members.has(member) && member !== record.member);
    const isNeedFit = need <= helpers.length && need > 0 === helpers.length > 0;
    return each.size === helpers.length && areOthers && isNeedFit
      ? undefined
      : { rule: 'C4', code: 'wrong-helpers', device };
  },
  unlockIsNeeded: ({ log, act }) => {
    if (act.type !== 'unlock') return undefined;
    const { device } = act.closing;
    const record = log.devices.get(device);
    return record !== undefined && isSealed(record) ? { rule: 'P7', code: 'not-open', device } : undefined;
  },
};
export const ALL_DECISION_RULES: readonly DecisionRule[] = Object.values(DECISION_RULES);

/** The devices that keep this book and that were not removed. */
function witnessesThatStay(log: CircleLog): readonly DeviceKey[] {
  return log.terms.flatMap(({ device, toSeq }) => {
    const record = log.devices.get(device);
    const stays = toSeq === null && record?.heir === null && standingOf(log, record.member) !== 'expelled';
    return stays ? [device] : [];
  });
}
/** Whether this act removes the device from the circle. */
const isTakenBy = (log: CircleLog, act: Act, device: DeviceKey): boolean =>
  act.type === 'standing'
    ? act.standing === 'expelled' && log.devices.get(device)?.member === act.member
    : act.type === 'replace' && act.closings.some((closing) => closing.device === device);

/** Who asks to be let in with this act. */
function requestOf(act: Act): JoinRequest | null {
  return act.type === 'admit' || act.type === 'replace' ? act.request : null;
}
/** The account chains that an act closes. */
export function closingsOf(act: Act): readonly Closing[] {
  switch (act.type) {
    case 'limits':
      return act.closing === null ? [] : [act.closing];
    case 'standing':
    case 'replace':
      return act.closings;
    case 'unlock':
      return [act.closing];
    default:
      return [];
  }
}
