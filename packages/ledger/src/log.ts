/**
 * The circle log's state: who is in, with which devices and grants, and who keeps the book [L0].
 * `applyDecision` is the only writer; a decision that breaks a rule changes nothing.
 */
import type { Act, Decision, Entry, FoundBody, Grant, Policy } from './entry.ts';
import type { DeviceKey, Id, MemberId, PublicKey, TextHash } from './ids.ts';
import { fail, ok, type Result } from './result.ts';

export interface GrantRecord {
  readonly height: number;
  readonly grant: Grant;
}
export interface DeviceRecord {
  readonly device: DeviceKey;
  readonly member: MemberId;
  /** Founder 0, then in order of admission: the short name of a device on the wire. */
  readonly ordinal: number;
  readonly sealing: PublicKey;
  readonly name: TextHash;
  readonly admittedAt: number;
  /** The decision before entry 0 of each of its lanes [F1]. */
  readonly admittedBy: Id;
  readonly inviter: DeviceKey | null;
  readonly incarnation: number;
  /** Oldest first, heights rising. */
  readonly grants: readonly GrantRecord[];
}
/** One device's time as the witness of that index: its lane counts from `fromSeq` to `toSeq`, under that key alone. */
export interface WitnessTerm {
  readonly index: number;
  readonly device: DeviceKey;
  readonly key: PublicKey;
  readonly fromHeight: number;
  readonly fromSeq: number;
  /** What stands before `fromSeq`: the decision, or the lane's last entry if the device was a witness before. */
  readonly prev: Id;
  readonly toSeq: number | null;
  /** The height whose decision ended it; that one was still its to propose. */
  readonly toHeight: number | null;
  /** The lane's last entry of this term, once it ended. */
  readonly last: Id | null;
}
export interface DecidedAct {
  readonly height: number;
  readonly id: Id;
  readonly act: Act | null;
  /** The device whose witness entry proposed it. */
  readonly by: DeviceKey;
}
export interface CircleLog {
  readonly circle: Id;
  readonly founding: FoundBody;
  readonly policy: Policy;
  height: number;
  head: Id;
  readonly devices: Map<DeviceKey, DeviceRecord>;
  readonly ordinals: DeviceKey[];
  readonly members: Map<MemberId, DeviceKey[]>;
  readonly usedInvites: Set<PublicKey>;
  readonly terms: WitnessTerm[];
  readonly decided: DecidedAct[];
  readonly decisionIds: Set<Id>;
  /** n: how many witnesses the book has. */
  readonly witnesses: number;
}
/** Who keeps a book from its start; the founding names one, later books' closing statements name theirs. */
export interface FirstWitness {
  readonly device: DeviceKey;
  readonly key: PublicKey;
}
/** Who is in when a book begins: in the first one the founder alone, later whoever the closing statement names [B1]. */
export interface FirstDevice {
  readonly device: DeviceKey;
  readonly member: MemberId;
  readonly sealing: PublicKey;
  readonly name: TextHash;
  readonly grant: Grant;
}
export type DecisionFault =
  | { readonly rule: 'L0'; readonly code: 'wrong-height' | 'wrong-prev'; readonly expected: number | Id }
  | {
      readonly rule: 'L0';
      readonly code: 'already-admitted' | 'key-not-ordinary';
      readonly device: DeviceKey;
    }
  | { readonly rule: 'L3'; readonly code: 'approvals-not-asked-for' | 'stewards-must-approve' }
  | {
      readonly rule: 'S2';
      readonly code: 'unknown-inviter' | 'invite-used' | 'unknown-decision';
      readonly invite: PublicKey;
    }
  | { readonly rule: 'S2'; readonly code: 'not-the-granted-limits'; readonly device: DeviceKey }
  | {
      readonly rule: 'P7';
      readonly code: 'not-one-witness' | 'unknown-device' | 'keeps-it-already';
      readonly device: DeviceKey;
    };

/** The log after the founding entry: height 0, one member, one device, one witness. Later books begin with more. */
export function createLog(
  founding: Entry<FoundBody>,
  witnesses: readonly FirstWitness[],
  others: readonly FirstDevice[] = [],
): CircleLog {
  const { body, device, id } = founding;
  const log: CircleLog = {
    circle: id,
    founding: body,
    policy: body.policy,
    height: 0,
    head: id,
    devices: new Map(),
    ordinals: [],
    members: new Map(),
    usedInvites: new Set(),
    terms: witnesses.map((witness, index) => ({
      index,
      device: witness.device,
      key: witness.key,
      fromHeight: 0,
      fromSeq: 0,
      prev: id,
      toSeq: null,
      toHeight: null,
      last: null,
    })),
    decided: [{ height: 0, id, act: null, by: device }],
    decisionIds: new Set([id]),
    witnesses: witnesses.length,
  };
  const founder = device as string as MemberId;
  const { sealing, memberName: name, grant } = body;
  for (const first of [{ device, member: founder, sealing, name, grant }, ...others])
    enter(log, first, { height: 0, id, inviter: null });
  return log;
}
function enter(
  log: CircleLog,
  { device, member, sealing, name, grant }: FirstDevice,
  by: { readonly height: number; readonly id: Id; readonly inviter: DeviceKey | null },
): void {
  log.devices.set(device, {
    device,
    member,
    ordinal: log.ordinals.length,
    sealing,
    name,
    admittedAt: by.height,
    admittedBy: by.id,
    inviter: by.inviter,
    incarnation: 0,
    grants: [{ height: by.height, grant }],
  });
  log.ordinals.push(device);
  log.members.set(member, [...(log.members.get(member) ?? []), device]);
}

/** How many witnesses the book has: n. */
export const witnessCount = (log: CircleLog): number => log.witnesses;
/** q = ⌊2n/3⌋ + 1 votes make a certificate, q receipts settle [P7]. */
export const quorum = (n: number): number => Math.floor((2 * n) / 3) + 1;
/** How many witnesses may lie (2q − n − 1) and how many may be away (n − q) [P7]. */
export const safetyFigures = (n: number): { readonly mayLie: number; readonly mayBeAway: number } => ({
  mayLie: 2 * quorum(n) - n - 1,
  mayBeAway: n - quorum(n),
});

/** The term under which a device's witness entry of that seq stands. Newest first: that is the one asked for. */
export const termAt = (log: CircleLog, device: DeviceKey, seq: number): WitnessTerm | undefined =>
  log.terms.findLast((t) => t.device === device && t.fromSeq <= seq && (t.toSeq === null || seq <= t.toSeq));
/** The term that a device serves now. */
export const currentTerm = (log: CircleLog, device: DeviceKey): WitnessTerm | undefined =>
  log.terms.findLast((t) => t.device === device && t.toSeq === null);

/** The newest grant at or below a height; every admitted device has one. */
export function grantAt(record: DeviceRecord, height: number): GrantRecord | undefined {
  for (let i = record.grants.length - 1; i >= 0; i--) {
    const grant = record.grants[i];
    if (grant !== undefined && grant.height <= height) return grant;
  }
  return undefined;
}
/** What a newcomer starts with: a member the policy's first grant, one more device room to receive only. */
export const firstGrantFor = (log: CircleLog, as: 'member' | 'device'): Grant =>
  as === 'member'
    ? log.policy.firstGrant
    : { lowestBalance: 0, highestBalance: log.policy.firstGrant.highestBalance };

export interface DecisionCarrier {
  readonly device: DeviceKey;
  readonly seq: number;
  readonly entry: Id;
}
/** Says which rule a decision breaks as the next one of this log; undefined: none. Pure [L3]. */
export function judgeDecision(
  log: CircleLog,
  decision: Decision,
  isOrdinaryKey: (key: DeviceKey | PublicKey) => boolean,
): DecisionFault | undefined {
  if (decision.height !== log.height + 1)
    return { rule: 'L0', code: 'wrong-height', expected: log.height + 1 };
  if (decision.prev !== log.head) return { rule: 'L0', code: 'wrong-prev', expected: log.head };
  if (decision.approvals.length > 0) return { rule: 'L3', code: 'approvals-not-asked-for' };
  const { act } = decision;
  switch (act.type) {
    case 'admit':
      return judgeAdmission(log, act, isOrdinaryKey);
    case 'keeper': {
      const { device } = act;
      if (witnessCount(log) !== 1) return { rule: 'P7', code: 'not-one-witness', device };
      if (!log.devices.has(device)) return { rule: 'P7', code: 'unknown-device', device };
      if (currentTerm(log, device) !== undefined) return { rule: 'P7', code: 'keeps-it-already', device };
      return isOrdinaryKey(act.witness) ? undefined : { rule: 'L0', code: 'key-not-ordinary', device };
    }
  }
}

function judgeAdmission(
  log: CircleLog,
  act: Extract<Act, { type: 'admit' }>,
  isOrdinaryKey: (key: DeviceKey | PublicKey) => boolean,
): DecisionFault | undefined {
  const { request, grant } = act;
  const { device, invite } = request;
  if (log.policy.admission === 'stewards') return { rule: 'L3', code: 'stewards-must-approve' };
  if (log.devices.has(device)) return { rule: 'L0', code: 'already-admitted', device };
  if (!log.devices.has(request.inviter)) return { rule: 'S2', code: 'unknown-inviter', invite };
  if (log.usedInvites.has(invite)) return { rule: 'S2', code: 'invite-used', invite };
  if (!log.decisionIds.has(request.decision)) return { rule: 'S2', code: 'unknown-decision', invite };
  const granted = firstGrantFor(log, request.as);
  if (grant.lowestBalance !== granted.lowestBalance || grant.highestBalance !== granted.highestBalance)
    return { rule: 'S2', code: 'not-the-granted-limits', device };
  return isOrdinaryKey(device) ? undefined : { rule: 'L0', code: 'key-not-ordinary', device };
}

/** Applies the next decision. The carrier is the witness entry that proposed it. */
export function applyDecision(
  log: CircleLog,
  decision: Decision,
  id: Id,
  carrier: DecisionCarrier,
  isOrdinaryKey: (key: DeviceKey | PublicKey) => boolean,
): Result<void, DecisionFault> {
  const fault = judgeDecision(log, decision, isOrdinaryKey);
  if (fault !== undefined) return fail(fault);
  const { act, height } = decision;
  log.height = height;
  log.head = id;
  log.decided.push({ height, id, act, by: carrier.device });
  log.decisionIds.add(id);
  switch (act.type) {
    case 'admit': {
      const { request } = act;
      const inviter = log.devices.get(request.inviter);
      if (inviter === undefined) throw new Error('judged with an inviter, applied without');
      const member = request.as === 'member' ? (request.device as string as MemberId) : inviter.member;
      log.usedInvites.add(request.invite);
      const { device, sealing, name, inviter: by } = request;
      enter(log, { device, member, sealing, name, grant: act.grant }, { height, id, inviter: by });
      break;
    }
    case 'keeper':
      changeKeeper(log, act, id, carrier);
  }
  return ok(undefined);
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
