/** Carries out a lawful decision [L2]: the only writer of the circle log, and of what a closing fixes in the fold. */
import { bringsMember, type Act, type Decision, type Grant } from './act.ts';
import type { ClosedAccount } from './close.ts';
import { closingsOf } from './decisionRules.ts';
import { LANE } from './entry.ts';
import type { DeviceKey, Id, MemberId } from './ids.ts';
import { moveIncoming } from './incoming.ts';
import { accountOf, openDevice, type Ledger } from './ledger.ts';
import { AMOUNT_END } from './limits.ts';
import {
  enterDevice,
  isConfirmedBy,
  newestGrant,
  noteInvite,
  type CircleLog,
  type DeviceRecord,
} from './log.ts';
import { motionId } from './motion.ts';
import { openingOf } from './openingOf.ts';
import { fixSettled, type Change } from './settle.ts';

/** The witness entry that carries a decision. */
export interface DecisionCarrier {
  readonly device: DeviceKey;
  readonly seq: number;
  readonly entry: Id;
}
/** `closed`: of judgeDecision, which has found it lawful. */
export function enact(
  ledger: Ledger,
  decision: Decision,
  id: Id,
  carrier: DecisionCarrier,
  closed: readonly ClosedAccount[],
  changes: Change[],
): void {
  const { log } = ledger;
  const { act, height } = decision;
  if (act.type === 'close-book') ledger.opening = openingOf(ledger, act, closed);
  log.height = height;
  log.head = id;
  log.decided.push({ height, id, act, by: carrier.device });
  log.decisionIds.add(id);
  if ('salt' in act) log.doneMotions.add(motionId(log.circle, ledger.book, act));
  if ('key' in act && act.key !== null) {
    log.epoch++;
    log.keys.set(log.epoch, act.key);
  }
  for (const account of closed) openAgain(ledger, act, account, changes);
  carryOut(ledger, act, id, carrier);
  changes.push({ type: 'decided', height });
}

/** The account goes on in a new incarnation, under the same grant unless the act says otherwise. */
function openAgain(
  ledger: Ledger,
  act: Act,
  { device, last, isVoid }: ClosedAccount,
  changes: Change[],
): void {
  const { log } = ledger;
  const record = recordOf(log, device);
  const { height } = log;
  const feed = ledger.feeds.get(device)?.[LANE.account];
  if (feed === undefined) throw new Error('a device without feeds');
  fixSettled(ledger, feed, last, changes);
  const before = newestGrant(record);
  const grant = act.type === 'limits' ? act.grant : before.grant;
  const seals = act.type === 'standing' || act.type === 'replace';
  const incarnation = record.incarnation + 1;
  const start = {
    incarnation,
    height,
    seq: last === undefined ? 0 : last.entry.seq + 1,
    prev: last?.entry.id ?? record.admittedBy,
  };
  put(log, {
    ...record,
    incarnation,
    isVoid: record.isVoid || isVoid,
    incarnations: [...record.incarnations, start],
    grants: [...record.grants, { height, grant, sealed: before.sealed || isVoid || seals }],
  });
  ledger.votable.add(feed);
}

function carryOut(ledger: Ledger, act: Act, id: Id, carrier: DecisionCarrier): void {
  const { log } = ledger;
  const { height } = log;
  switch (act.type) {
    case 'admit': {
      const { device, sealing, name, inviter, invite } = act.request;
      const isNew = bringsMember(act.request);
      const member = isNew ? (device as string as MemberId) : recordOf(log, inviter).member;
      noteInvite(log, invite);
      const confirmed = isNew
        ? isConfirmedBy(log, act.request) || log.policy.admission === 'stewards'
        : recordOf(log, inviter).confirmed;
      enterDevice(
        log,
        { device, member, sealing, name, grant: act.grant, confirmed },
        { height, id, inviter },
      );
      return openDevice(ledger, device);
    }
    case 'keeper':
      return changeKeeper(log, act, id, carrier);
    case 'limits': {
      const record = recordOf(log, act.device);
      // A closing has brought the grant along.
      const grants =
        act.closing === null
          ? [...record.grants, { height, grant: act.grant, sealed: false }]
          : record.grants;
      put(log, { ...record, grants });
      for (const device of log.members.get(record.member) ?? [])
        put(log, { ...recordOf(log, device), confirmed: true });
      return;
    }
    case 'standing': {
      if (act.standing === 'active') log.standings.delete(act.member);
      else log.standings.set(act.member, act.standing);
      if (act.standing !== 'active') return;
      for (const device of log.members.get(act.member) ?? []) reopen(log, device);
      return;
    }
    case 'replace':
      return replace(ledger, act, id);
    case 'stewards':
      log.nextWitnesses = act.stewards.map(({ device, witness }) => ({ device, key: witness }));
      return;
    case 'policy':
      log.policy = act.policy;
      log.policies.push({ height, policy: act.policy });
      return;
    case 'payout':
      ledger.commons.set(act.commons, (ledger.commons.get(act.commons) ?? 0) - act.amount);
      return adjust(ledger, act.to, act.amount);
    case 'helpers': {
      const { member } = recordOf(log, act.device);
      if (act.helpers.length === 0) log.helpers.delete(member);
      else log.helpers.set(member, { members: act.helpers, need: act.need });
      return;
    }
    case 'unlock':
      return;
    case 'close-book':
      log.closed = { height, id, opening: act.opening };
  }
}
/** What was sealed with the member's standing opens again; what is replaced or void stays as it is. */
function reopen(log: CircleLog, device: DeviceKey): void {
  const record = recordOf(log, device);
  const { sealed, grant } = newestGrant(record);
  if (!sealed || record.isVoid || record.heir !== null) return;
  put(log, { ...record, grants: [...record.grants, { height: log.height, grant, sealed: false }] });
}

/** What stands on the closed accounts moves to the heir, with their limits [C4]. */
function replace(ledger: Ledger, act: Extract<Act, { type: 'replace' }>, id: Id): void {
  const { log } = ledger;
  const { height } = log;
  const olds = closingsOf(act).map(({ device }) => recordOf(log, device));
  const [first] = olds;
  if (first === undefined) throw new Error('replaces nothing');
  const grants = olds.map((record) => newestGrant(record).grant);
  const confirmed = olds.every((record) => record.confirmed);
  if (act.request !== null) {
    const { device, sealing, name, inviter, invite } = act.request;
    noteInvite(log, invite);
    log.recoveries.add(invite);
    enterDevice(
      log,
      { device, member: first.member, sealing, name, grant: together(grants), confirmed },
      { height, id, inviter },
    );
    openDevice(ledger, device);
  } else {
    const heir = recordOf(log, act.heir);
    const grant = together([newestGrant(heir).grant, ...grants]);
    put(log, { ...heir, grants: [...heir.grants, { height, grant, sealed: false }] });
  }
  for (const { device } of olds) {
    const account = accountOf(ledger, device);
    adjust(ledger, act.heir, account.balance);
    adjust(ledger, device, -account.balance);
    const old = recordOf(log, device);
    // Its closing has sealed it at this height; now the limits are the heir's.
    const grant: Grant = { lowestBalance: 0, highestBalance: 0 };
    const none = [...old.grants.slice(0, -1), { height, grant, sealed: true }];
    put(log, { ...old, grants: none, heir: { device: act.heir, height } });
    const heirs = accountOf(ledger, act.heir);
    for (const [debit, amount] of account.unclaimed) heirs.unclaimed.set(debit, amount);
    heirs.unclaimedSum += account.unclaimedSum;
    account.unclaimed.clear();
    account.unclaimedSum = 0;
    moveIncoming(account, heirs);
  }
}
/** Room of several accounts in one: it may owe what they might together, as far as a limit can be written [E4]. */
function together(grants: readonly Grant[]): Grant {
  const lowest = grants.reduce((sum, { lowestBalance }) => sum + lowestBalance, 0);
  return {
    lowestBalance: Math.max(lowest, 1 - AMOUNT_END),
    highestBalance: Math.max(...grants.map(({ highestBalance }) => highestBalance)),
  };
}
/** From now on so much more stands on an account [L2]. */
function adjust(ledger: Ledger, device: DeviceKey, amount: number): void {
  if (amount === 0) return;
  const record = recordOf(ledger.log, device);
  put(ledger.log, { ...record, adjustments: [...record.adjustments, { height: ledger.log.height, amount }] });
  accountOf(ledger, device).balance += amount;
}
const put = (log: CircleLog, record: DeviceRecord): void => void log.devices.set(record.device, record);
function recordOf(log: CircleLog, device: DeviceKey): DeviceRecord {
  const record = log.devices.get(device);
  if (record === undefined) throw new Error('judged with a device, carried out without');
  return record;
}

/** The old term ends with the entry that carries the decision, so everything it vouched for stands before it [P7]. */
function changeKeeper(
  log: CircleLog,
  act: Extract<Act, { type: 'keeper' }>,
  id: Id,
  carrier: DecisionCarrier,
): void {
  const ending = log.terms.findIndex((t) => t.device === carrier.device && t.toSeq === null);
  const old = log.terms[ending];
  if (old === undefined) throw new Error('a keeper decision carried by no witness');
  log.terms[ending] = { ...old, toSeq: carrier.seq, toHeight: log.height, last: carrier.entry };
  const before = log.terms.findLast((t) => t.device === act.device);
  log.terms.push({
    index: old.index,
    device: act.device,
    key: act.witness,
    fromHeight: log.height,
    fromSeq: before === undefined ? 0 : (before.toSeq ?? -1) + 1,
    prev: before?.last ?? id,
    toSeq: null,
    toHeight: null,
    last: null,
  });
}
