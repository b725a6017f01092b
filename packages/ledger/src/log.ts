/**
 * The circle log's state: who is in, with which devices and grants, what is in force, and who keeps the book [L0].
 * Only decide.ts writes it; a decision that breaks a rule changes nothing.
 */
import {
  bringsMember,
  DEFAULT_RULES,
  type Act,
  type CirclePolicy,
  type Grant,
  type JoinRequest,
  type Standing,
} from './act.ts';
import type { Claim, Entry, FoundBody } from './entry.ts';
import type { DeviceKey, Id, MemberId, PublicKey, TextHash } from './ids.ts';
import { POSTER_NEWCOMERS } from './limits.ts';

export interface GrantRecord {
  readonly height: number;
  readonly grant: Grant;
  /** Nothing may be written on this grant: the member is suspended or expelled, the device lost or voided. */
  readonly sealed: boolean;
}
/** Where an account chain goes on after a closing [C2]. */
export interface Incarnation {
  readonly incarnation: number;
  /** The decision that opened it. */
  readonly height: number;
  /** The first place that is its own, and what stands before it. */
  readonly seq: number;
  readonly prev: Id;
}
/** What a decision adds to an account from outside its chain: it counts from that height on. */
export interface Adjustment {
  readonly height: number;
  readonly amount: number;
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
  /** A newcomer whom no steward invited or confirmed shares the inviter's room [S2]. The same for all of a member's. */
  readonly confirmed: boolean;
  /** Balance at the book's start, before its first entry. Minor units. */
  readonly opening: number;
  readonly incarnation: number;
  /** Two histories of it had votes when it was closed [C2]: it stays sealed. */
  readonly isVoid: boolean;
  /** Oldest first; the first is the admission's. */
  readonly incarnations: readonly Incarnation[];
  /** Oldest first, heights rising. */
  readonly grants: readonly GrantRecord[];
  /** Oldest first. */
  readonly adjustments: readonly Adjustment[];
  /** Who took over what stood on it [C4], and from which height on. */
  readonly heir: { readonly device: DeviceKey; readonly height: number } | null;
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
/** Whom a member chose to vouch for a new device [C4]. */
export interface Helpers {
  readonly members: readonly MemberId[];
  readonly need: number;
}
/** Who keeps a book from its start; the founding names one, later books' closing statements name theirs. */
export interface FirstWitness {
  readonly device: DeviceKey;
  readonly key: PublicKey;
}
export interface CircleLog {
  readonly circle: Id;
  readonly founding: FoundBody;
  policy: CirclePolicy;
  /** Oldest first: what P2 asks at a height. */
  readonly policies: { readonly height: number; readonly policy: CirclePolicy }[];
  /** Height and decision that the book began with. */
  readonly from: { readonly height: number; readonly id: Id };
  height: number;
  head: Id;
  readonly devices: Map<DeviceKey, DeviceRecord>;
  readonly ordinals: DeviceKey[];
  readonly members: Map<MemberId, DeviceKey[]>;
  /** Of those who are not *active*. */
  readonly standings: Map<MemberId, Standing>;
  readonly helpers: Map<MemberId, Helpers>;
  /** How often each invite was used. */
  readonly usedInvites: Map<PublicKey, number>;
  /** Those of them that brought somebody back [C4]: remembered for good, because such an invite stays good for good. */
  readonly recoveries: Set<PublicKey>;
  /** Acts that people proposed and that were carried out in this book: none is twice. */
  readonly doneMotions: Set<Id>;
  readonly terms: WitnessTerm[];
  /** By height − from.height. */
  readonly decided: DecidedAct[];
  readonly decisionIds: Set<Id>;
  /** n: how many witnesses the book has. */
  readonly witnesses: number;
  /** Who keeps the next book, once decided. */
  nextWitnesses: readonly FirstWitness[] | null;
  /** Epoch of the newest book key, and the ids of the keys that this log knows by epoch [S1]. */
  epoch: number;
  readonly firstEpoch: number;
  readonly keys: Map<number, string>;
  /** The decision that ended the book: nothing follows it here [B1]. */
  closed: { readonly height: number; readonly id: Id; readonly opening: Id } | null;
}
/** Who is in when a book begins: in the first one the founder alone, later whoever the closing statement names [B1]. */
export interface FirstDevice {
  readonly device: DeviceKey;
  readonly member: MemberId;
  readonly sealing: PublicKey;
  readonly name: TextHash;
  readonly grant: Grant;
  readonly inviter?: DeviceKey | null;
  readonly confirmed?: boolean;
  readonly opening?: number;
  readonly sealed?: boolean;
  readonly isVoid?: boolean;
  readonly heir?: DeviceKey | null;
  /** Settled in the book before and not taken in [P4]. */
  readonly credits?: readonly Claim[];
}
/** The log before this book, as its closing statement tells it; the first book has none. */
export interface LogBefore {
  readonly height: number;
  readonly id: Id;
  readonly policy: CirclePolicy;
  readonly epoch: number;
  readonly key: string;
  readonly standings: ReadonlyMap<MemberId, Standing>;
  readonly helpers: ReadonlyMap<MemberId, Helpers>;
  readonly usedInvites: readonly PublicKey[];
  readonly recoveries: readonly PublicKey[];
  /** Decisions that an invite may still name [S2]. */
  readonly decisions: readonly Id[];
}

/** The log at a book's start: in the first one height 0, one member, one device, one witness. */
export function createLog(
  founding: Entry<FoundBody>,
  witnesses: readonly FirstWitness[],
  others: readonly FirstDevice[] = [],
  before: LogBefore | null = null,
): CircleLog {
  const { body, device, id: circle } = founding;
  const { height, id } = before ?? { height: 0, id: circle };
  const policy = before?.policy ?? { ...body.policy, ...DEFAULT_RULES };
  const log: CircleLog = {
    circle,
    founding: body,
    policy,
    policies: [{ height, policy }],
    from: { height, id },
    height,
    head: id,
    devices: new Map(),
    ordinals: [],
    members: new Map(),
    standings: new Map(before?.standings),
    helpers: new Map(before?.helpers),
    usedInvites: counted([...(before?.usedInvites ?? []), ...(before?.recoveries ?? [])]),
    recoveries: new Set(before?.recoveries),
    doneMotions: new Set(),
    terms: witnesses.map((witness, index) => ({
      index,
      device: witness.device,
      key: witness.key,
      fromHeight: height,
      fromSeq: 0,
      prev: id,
      toSeq: null,
      toHeight: null,
      last: null,
    })),
    decided: [{ height, id, act: null, by: device }],
    decisionIds: new Set([id, ...(before?.decisions ?? [])]),
    witnesses: witnesses.length,
    nextWitnesses: null,
    epoch: before?.epoch ?? 0,
    firstEpoch: before?.epoch ?? 0,
    keys: new Map(before === null ? [] : [[before.epoch, before.key]]),
    closed: null,
  };
  const at = { height, id, inviter: null };
  if (before === null) {
    const { sealing, memberName: name, grant } = body;
    const founder = { device, member: device as string as MemberId, sealing, name, grant, confirmed: true };
    enterDevice(log, founder, at);
  }
  for (const first of others) enterDevice(log, { confirmed: true, ...first }, at);
  return log;
}
/** Adds a device to the log. */
export function enterDevice(
  log: CircleLog,
  { device, member, sealing, name, grant, inviter, confirmed, opening, sealed, isVoid, heir }: FirstDevice,
  by: { readonly height: number; readonly id: Id; readonly inviter: DeviceKey | null },
): void {
  const { height, id } = by;
  log.devices.set(device, {
    device,
    member,
    ordinal: log.ordinals.length,
    sealing,
    name,
    admittedAt: height,
    admittedBy: id,
    inviter: inviter ?? by.inviter,
    confirmed: confirmed ?? false,
    opening: opening ?? 0,
    incarnation: 0,
    isVoid: isVoid ?? false,
    incarnations: [{ incarnation: 0, height, seq: 0, prev: id }],
    grants: [{ height, grant, sealed: sealed ?? false }],
    adjustments: [],
    heir: heir === undefined || heir === null ? null : { device: heir, height },
  });
  log.ordinals.push(device);
  log.members.set(member, [...(log.members.get(member) ?? []), device]);
}

/** The decided act of a height; undefined below this book's start and above its head. */
export const decidedAt = (log: CircleLog, height: number): DecidedAct | undefined =>
  log.decided[height - log.from.height];

/** How many witnesses the book has: n. */
export const witnessCount = (log: CircleLog): number => log.witnesses;
/** q = ⌊2n/3⌋ + 1 votes make a certificate, q receipts settle [P7]. */
export const quorum = (n: number): number => Math.floor((2 * n) / 3) + 1;
/** How many witnesses may lie (2q − n − 1) and how many may be away (n − q) [P7]. */
export const safetyFigures = (n: number): { readonly mayLie: number; readonly mayBeAway: number } => ({
  mayLie: 2 * quorum(n) - n - 1,
  mayBeAway: n - quorum(n),
});
/** The numbers of witnesses that circles are steered to [P7]. */
export const WITNESS_COUNTS: readonly number[] = [1, 4, 7, 10];

/** The term under which a device's witness entry of that seq stands. Newest first: that is the one asked for. */
export const termAt = (log: CircleLog, device: DeviceKey, seq: number): WitnessTerm | undefined =>
  log.terms.findLast((t) => t.device === device && t.fromSeq <= seq && (t.toSeq === null || seq <= t.toSeq));
/** The term that a device serves now. */
export const currentTerm = (log: CircleLog, device: DeviceKey): WitnessTerm | undefined =>
  log.terms.findLast((t) => t.device === device && t.toSeq === null);
/** The members whose devices witness this book: the stewards. */
export function stewardsOf(log: CircleLog): ReadonlySet<MemberId> {
  const stewards = new Set<MemberId>();
  for (const { device, toSeq } of log.terms) {
    const member = toSeq === null ? log.devices.get(device)?.member : undefined;
    if (member !== undefined) stewards.add(member);
  }
  return stewards;
}
export const standingOf = (log: CircleLog, member: MemberId): Standing =>
  log.standings.get(member) ?? 'active';

/** The newest grant at or below a height; every admitted device has one. */
export function grantAt(record: DeviceRecord, height: number): GrantRecord | undefined {
  for (let i = record.grants.length - 1; i >= 0; i--) {
    const grant = record.grants[i];
    if (grant !== undefined && grant.height <= height) return grant;
  }
  return undefined;
}
export const newestGrant = (record: DeviceRecord): GrantRecord => {
  const grant = record.grants.at(-1);
  if (grant === undefined) throw new Error('a device without a grant');
  return grant;
};
export const isSealed = (record: DeviceRecord): boolean => newestGrant(record).sealed;
/** A member's devices that can still write in the account lane. */
export const openDevicesOf = (log: CircleLog, member: MemberId): readonly DeviceRecord[] =>
  (log.members.get(member) ?? []).flatMap((device) => {
    const record = log.devices.get(device);
    return record === undefined || isSealed(record) ? [] : [record];
  });
/** The incarnation that a place of an account chain belongs to. */
export const incarnationAt = (record: DeviceRecord, seq: number): number =>
  record.incarnation === 0 ? 0 : (record.incarnations.findLast((i) => i.seq <= seq)?.incarnation ?? 0);
/** The device that now holds what stood on this one, itself if none took over [C4]. */
export function heirOf(log: CircleLog, device: DeviceKey): DeviceKey {
  let at = device;
  // Each heir was open when it took over, so the chain of them only grows and ends.
  for (
    let next = log.devices.get(at)?.heir;
    next !== undefined && next !== null;
    next = log.devices.get(at)?.heir
  )
    at = next.device;
  return at;
}
/** Whether `device` had taken over from `old` at that height. */
export function isHeirAt(log: CircleLog, old: DeviceKey, device: DeviceKey, height: number): boolean {
  let at = old;
  for (
    let next = log.devices.get(at)?.heir;
    next != null && next.height <= height;
    next = log.devices.get(at)?.heir
  ) {
    at = next.device;
    if (at === device) return true;
  }
  return false;
}
/** The policy in force at a height. */
export const policyAt = (log: CircleLog, height: number): CirclePolicy =>
  log.policies.findLast((p) => p.height <= height)?.policy ?? log.policy;

/** What decisions above `after`, up to `height`, put into an account from outside its chain. Minor units. */
export function adjustedBetween(record: DeviceRecord, after: number, height: number): number {
  let sum = 0;
  for (const { height: at, amount } of record.adjustments) if (at > after && at <= height) sum += amount;
  return sum;
}

/**
 * What a newcomer starts with: a member the policy's first grant, as far as the newcomers of whoever answers for them
 * have room left that no steward has confirmed [S2]; one more device of a member room to receive only.
 */
export function firstGrantFor(log: CircleLog, request: Pick<JoinRequest, 'as' | 'inviter'>): Grant {
  const { admission, firstGrant, newcomersShare } = log.policy;
  const { highestBalance } = firstGrant;
  if (!bringsMember(request)) return { lowestBalance: 0, highestBalance };
  if (admission === 'stewards' || isConfirmedBy(log, request)) return firstGrant;
  const room = -firstGrant.lowestBalance;
  const sponsor = sponsorOf(log, request.inviter);
  let left = room * newcomersShare;
  for (const record of log.devices.values())
    if (!record.confirmed && sponsorOf(log, record.device) === sponsor)
      left += newestGrant(record).grant.lowestBalance;
  return { lowestBalance: 0 - Math.max(0, Math.min(room, left)), highestBalance };
}
/** Whether a steward knows whom they invited. Whoever scanned a poster, nobody knows yet. */
export const isConfirmedBy = (
  log: CircleLog,
  { as, inviter }: Pick<JoinRequest, 'as' | 'inviter'>,
): boolean => as === 'member' && isStewards(log, inviter);
/** Whether an invite has let in whom it may [S2]. */
export const isUsedUp = (log: CircleLog, { as, invite }: Pick<JoinRequest, 'as' | 'invite'>): boolean =>
  (log.usedInvites.get(invite) ?? 0) >= (as === 'poster' ? POSTER_NEWCOMERS : 1);
export const noteInvite = (log: CircleLog, invite: PublicKey): void =>
  void log.usedInvites.set(invite, (log.usedInvites.get(invite) ?? 0) + 1);
function counted(invites: readonly PublicKey[]): Map<PublicKey, number> {
  const counts = new Map<PublicKey, number>();
  for (const invite of invites) counts.set(invite, (counts.get(invite) ?? 0) + 1);
  return counts;
}
/** Who answers for a device: up the line of inviters, the first member who is no newcomer any more [S2]. */
function sponsorOf(log: CircleLog, device: DeviceKey): MemberId | undefined {
  let record = log.devices.get(device);
  // An inviter came in before its newcomer, so the line ends.
  while (record?.confirmed === false && record.inviter !== null) record = log.devices.get(record.inviter);
  return record?.member;
}
/** Whether a device belongs to a steward. */
export function isStewards(log: CircleLog, device: DeviceKey): boolean {
  const member = log.devices.get(device)?.member;
  return member !== undefined && stewardsOf(log).has(member);
}
