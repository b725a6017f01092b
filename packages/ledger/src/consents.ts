/** Whose consent an act needs, and whether it has it [L3]. */
import { bringsMember, type Act, type Approval, type Consent } from './act.ts';
import type { DeviceKey, MemberId } from './ids.ts';
import { isSealed, standingOf, stewardsOf, type CircleLog } from './log.ts';

/** One way to have consent enough: so many of these. */
export type ConsentWay =
  | { readonly by: 'stewards' | 'helpers'; readonly members: ReadonlySet<MemberId>; readonly count: number }
  | { readonly by: 'device'; readonly devices: readonly DeviceKey[] };
/** Any of the ways will do; none: nobody is asked. */
export type ConsentNeeded = readonly ConsentWay[];
const NOBODY: ConsentNeeded = [];

/** Whose consent this act needs under this log. */
export function consentNeeded(log: CircleLog, act: Act): ConsentNeeded {
  switch (act.type) {
    case 'keeper':
    case 'unlock':
    case 'close-book':
      return NOBODY;
    case 'admit':
      return log.policy.admission === 'stewards' && bringsMember(act.request)
        ? [stewardsWay(log, 'admit', null)]
        : NOBODY;
    case 'limits':
      return [stewardsWay(log, 'limits', log.devices.get(act.device)?.member ?? null)];
    case 'standing':
      return [stewardsWay(log, 'expel', act.member)];
    case 'stewards':
      return [stewardsWay(log, 'stewards', null)];
    case 'policy':
      return [stewardsWay(log, 'policy', null)];
    case 'payout':
      return [stewardsWay(log, 'payout', log.devices.get(act.to)?.member ?? null)];
    case 'helpers':
      return [{ by: 'device', devices: [act.device] }];
    case 'replace':
      return waysToReplace(log, act);
  }
}
/** A share of the stewards, of whom the one it is about is not asked unless there is nobody else. */
function stewardsWay(log: CircleLog, consent: Consent, about: MemberId | null): ConsentWay {
  const all = new Set([...stewardsOf(log)].filter((member) => standingOf(log, member) === 'active'));
  const others = new Set([...all].filter((member) => member !== about));
  const members = others.size > 0 ? others : all;
  const { least, parts, of } = log.policy.consents[consent];
  const count = Math.max(1, least, Math.ceil((members.size * parts) / of));
  return { by: 'stewards', members, count: Math.min(count, Math.max(1, members.size)) };
}
/**
 * Who signed the recovery invite of an own device has consented with it. Without one, an own device that stays, the
 * chosen helpers, or the stewards as for an expulsion [C4].
 */
function waysToReplace(log: CircleLog, act: Extract<Act, { type: 'replace' }>): ConsentNeeded {
  const [first] = act.closings;
  const member = first && log.devices.get(first.device)?.member;
  if (member === undefined) return NOBODY;
  const { request } = act;
  const inviter = request === null ? undefined : log.devices.get(request.inviter);
  // A device that wrote two histories does not speak for its owner.
  if (request?.as === 'recover' && inviter?.member === member && !inviter.isVoid) return NOBODY;
  const ways: ConsentWay[] = [stewardsWay(log, 'expel', member)];
  const closed = new Set(act.closings.map(({ device }) => device));
  const own = (log.members.get(member) ?? []).filter((device) => !closed.has(device) && isOpen(log, device));
  if (request === null && own.length > 0) ways.push({ by: 'device', devices: own });
  const helpers = log.helpers.get(member);
  if (helpers !== undefined && helpers.need > 0)
    ways.push({ by: 'helpers', members: new Set(helpers.members), count: helpers.need });
  return ways;
}
function isOpen(log: CircleLog, device: DeviceKey): boolean {
  const record = log.devices.get(device);
  return record !== undefined && !isSealed(record) && standingOf(log, record.member) === 'active';
}

/** How many of one way have said yes. */
export function countConsents(log: CircleLog, way: ConsentWay, approvals: readonly Approval[]): number {
  if (way.by === 'device') return approvals.some(({ device }) => way.devices.includes(device)) ? 1 : 0;
  const said = new Set<MemberId>();
  for (const { device } of approvals) {
    const member = log.devices.get(device)?.member;
    if (member !== undefined && way.members.has(member) && isOpen(log, device)) said.add(member);
  }
  return said.size;
}
export const countNeeded = (way: ConsentWay): number => (way.by === 'device' ? 1 : way.count);
export const isConsented = (log: CircleLog, needed: ConsentNeeded, approvals: readonly Approval[]): boolean =>
  needed.length === 0 || needed.some((way) => countConsents(log, way, approvals) >= countNeeded(way));

/** Those of the approvals that make a way full, no more than it needs; undefined while none is full. */
export function enoughOf(
  log: CircleLog,
  needed: ConsentNeeded,
  approvals: readonly Approval[],
): readonly Approval[] | undefined {
  if (needed.length === 0) return [];
  for (const way of needed) {
    const chosen: Approval[] = [];
    for (const approval of approvals) {
      const with_ = [...chosen, approval];
      if (countConsents(log, way, with_) > countConsents(log, way, chosen)) chosen.push(approval);
      if (chosen.length > 0 && countConsents(log, way, chosen) >= countNeeded(way)) return chosen;
    }
  }
  return undefined;
}
