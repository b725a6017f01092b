/**
 * The circle's log told a second time, from the decided acts and the witnesses' reports alone: who is in under which
 * limits from which height on, where chains were cut and go on, who took over from whom. In the plainest way from the
 * specification's words, so that a rule missing in the ledger shows.
 */
import {
  KIND,
  type Act,
  type DeviceKey,
  type Grant,
  type Id,
  type Ledger,
  type MemberId,
  type Standing,
} from '@corridor/ledger';
import { lacksConsent } from './consenting.ts';
import { endOf } from './ends.ts';

export interface ToldGrant {
  readonly height: number;
  readonly grant: Grant;
  readonly sealed: boolean;
}
/** One device as the acts make it. */
export interface ToldDevice {
  readonly device: DeviceKey;
  readonly member: MemberId;
  readonly admittedAt: number;
  readonly opening: number;
  readonly grants: ToldGrant[];
  /** From which height and which place on each incarnation goes. */
  readonly incarnations: { readonly height: number; readonly seq: number }[];
  /** Out of the commons. */
  readonly payouts: { readonly height: number; readonly amount: number }[];
  isVoid: boolean;
  heir: { readonly device: DeviceKey; readonly height: number } | null;
}
export interface ToldLog {
  readonly devices: Map<DeviceKey, ToldDevice>;
  readonly standings: Map<MemberId, Standing>;
  /** Of all commons accounts together. */
  paidOut: number;
  /** What the acts should not have been. */
  readonly wrong: string[];
}
const short = (name: string): string => name.slice(8, 14);

export function retell(ledger: Ledger): ToldLog {
  const { log } = ledger;
  const devices = new Map<DeviceKey, ToldDevice>();
  const standings = new Map<MemberId, Standing>();
  const told: ToldLog = { devices, standings, paidOut: 0, wrong: [] };
  const decided = log.decided.slice(1);
  const later = new Set(decided.flatMap(({ act }) => newcomerOf(act) ?? []));
  // Who was in when the book began; what it began with is compared with the book before elsewhere.
  for (const record of log.devices.values())
    if (!later.has(record.device)) {
      const [first] = record.grants;
      if (first === undefined) throw new Error('a device without a grant');
      const heir = record.heir?.height === log.from.height ? record.heir : null;
      devices.set(record.device, toldDevice(record, log.from.height, record.opening, [first], heir));
      const [act] = decided.flatMap(({ act: a }) =>
        a?.type === 'standing' && a.member === record.member ? [a] : [],
      );
      const now = act === undefined ? log.standings.get(record.member) : undefined;
      if (now !== undefined) standings.set(record.member, now);
      else if (act !== undefined && act.standing === 'active') standings.set(record.member, 'suspended');
    }
  for (const { height, id, act } of decided) {
    if (act === null) continue;
    const carrier = ledger.proposals.get(id)?.entry.body;
    const approvals = carrier?.kind === KIND.propose ? carrier.decision.approvals : [];
    const lacking = lacksConsent(ledger, told, act, height, approvals);
    if (lacking !== undefined) told.wrong.push(lacking);
    carryOut(ledger, told, height, act);
  }
  compare(ledger, told);
  return told;
}
const newcomerOf = (act: Act | null): DeviceKey | undefined =>
  (act?.type === 'admit' || act?.type === 'replace') && act.request !== null ? act.request.device : undefined;
const toldDevice = (
  { device, member }: { readonly device: DeviceKey; readonly member: MemberId },
  height: number,
  opening: number,
  grants: readonly ToldGrant[],
  heir: ToldDevice['heir'] = null,
): ToldDevice => ({
  device,
  member,
  admittedAt: height,
  opening,
  grants: [...grants],
  incarnations: [{ height, seq: 0 }],
  payouts: [],
  isVoid: false,
  heir,
});

function carryOut(ledger: Ledger, told: ToldLog, height: number, act: Act): void {
  const { devices, standings } = told;
  const of = (device: DeviceKey): ToldDevice => {
    const known = devices.get(device);
    if (known === undefined) throw new Error('an act about nobody');
    return known;
  };
  const newest = (device: ToldDevice): ToldGrant => device.grants.at(-1) as ToldGrant;
  /** The account is closed and goes on, under these limits. */
  const reopen = (
    device: ToldDevice,
    stops: readonly Id[],
    change: (now: ToldGrant) => Omit<ToldGrant, 'height'>,
    isBook = false,
  ): void => {
    const start = device.incarnations.at(-1)?.seq ?? 0;
    const chain = { device: device.device, incarnation: device.incarnations.length - 1, start };
    const end = newest(device).sealed ? undefined : endOf(ledger, chain, stops, isBook);
    if (end !== undefined && end.speakers < Math.floor((2 * ledger.n) / 3) + 1)
      told.wrong.push(`[C1] ${short(device.device)} closed by ${end.speakers} witnesses`);
    device.incarnations.push({ height, seq: end?.length ?? start });
    device.isVoid ||= end?.isVoid === true;
    const { grant, sealed } = change(newest(device));
    device.grants.push({ height, grant, sealed: sealed || device.isVoid });
  };
  const sameLimits = (now: ToldGrant): ToldGrant => now;
  const sealedNow = ({ grant }: ToldGrant): Omit<ToldGrant, 'height'> => ({ grant, sealed: true });
  switch (act.type) {
    case 'admit': {
      const { device, as, inviter } = act.request;
      const member = as === 'member' ? (device as string as MemberId) : of(inviter).member;
      devices.set(
        device,
        toldDevice({ device, member }, height, 0, [{ height, grant: act.grant, sealed: false }]),
      );
      return;
    }
    case 'limits': {
      const { grant, closing } = act;
      const before = newest(of(act.device)).grant;
      const lowers =
        grant.lowestBalance > before.lowestBalance || grant.highestBalance < before.highestBalance;
      if (lowers !== (closing !== null)) told.wrong.push(`[C3] limits at ${height}: lower ${lowers}`);
      if (closing !== null) reopen(of(closing.device), closing.stops, () => ({ grant, sealed: false }));
      else of(act.device).grants.push({ height, grant, sealed: false });
      return;
    }
    case 'standing':
      if (act.standing === 'active') standings.delete(act.member);
      else standings.set(act.member, act.standing);
      for (const { device, stops } of act.closings) reopen(of(device), stops, sealedNow);
      if (act.standing !== 'active') return;
      for (const device of devices.values())
        if (device.member === act.member && newest(device).sealed && !device.isVoid && device.heir === null)
          device.grants.push({ height, grant: newest(device).grant, sealed: false });
      return;
    case 'replace': {
      for (const { device, stops } of act.closings) reopen(of(device), stops, sealedNow);
      const olds = act.closings.map(({ device }) => of(device));
      const grants = olds.map((old) => newest(old).grant);
      if (act.request !== null) {
        const member = olds[0]?.member;
        if (member === undefined) throw new Error('replaces nothing');
        devices.set(act.heir, toldDevice({ device: act.heir, member }, height, 0, []));
      } else grants.push(newest(of(act.heir)).grant);
      const grant = {
        lowestBalance: grants.reduce((sum, { lowestBalance }) => sum + lowestBalance, 0),
        highestBalance: Math.max(...grants.map(({ highestBalance }) => highestBalance)),
      };
      of(act.heir).grants.push({ height, grant, sealed: false });
      for (const old of olds) {
        old.heir = { device: act.heir, height };
        old.grants.splice(-1, 1, { height, grant: { lowestBalance: 0, highestBalance: 0 }, sealed: true });
      }
      return;
    }
    case 'payout':
      of(act.to).payouts.push({ height, amount: act.amount });
      told.paidOut += act.amount;
      return;
    case 'unlock':
      return reopen(of(act.closing.device), act.closing.stops, sameLimits);
    case 'keeper':
    case 'stewards':
    case 'policy':
    case 'helpers':
      return;
    case 'close-book':
      for (const device of devices.values()) reopen(device, act.stops, sameLimits, true);
  }
}

/** The ledger's own records say the same. */
function compare(ledger: Ledger, { devices, wrong }: ToldLog): void {
  for (const record of ledger.log.devices.values()) {
    const told = devices.get(record.device);
    if (told === undefined) {
      wrong.push(`[L0] ${short(record.device)} is in, and no act let it in`);
      continue;
    }
    const grantsOf = (grants: readonly ToldGrant[]): string =>
      grants
        .map(({ height, grant, sealed }) =>
          [height, grant.lowestBalance, grant.highestBalance, sealed].join(),
        )
        .join(' ');
    const placesOf = (some: readonly { readonly height: number; readonly seq: number }[]): string =>
      some.map(({ height, seq }) => `${height}:${seq}`).join(' ');
    const say = (what: string, has: unknown, should: unknown): void => {
      if (has !== should)
        wrong.push(`[C2] ${short(record.device)}: ${what} ${String(has)}, the acts say ${String(should)}`);
    };
    say('limits', grantsOf(record.grants), grantsOf(told.grants));
    say('goes on at', placesOf(record.incarnations), placesOf(told.incarnations));
    say('taken over by', record.heir?.device, told.heir?.device);
  }
  if (devices.size !== ledger.log.devices.size) wrong.push('[L0] somebody who was let in is not there');
}
