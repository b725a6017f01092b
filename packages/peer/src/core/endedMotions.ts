/** Motions that the book before left undecided [B1]: they ended with it, and whoever likes proposes the same again. */
import {
  KIND,
  newestGrant,
  openDevicesOf,
  openMotions,
  type Act,
  type Ledger,
  type TextHash,
} from '@corridor/ledger';
import type { EndedMotionView, MotionWish } from '../view.ts';
import { actView, type Names } from './acts.ts';
import type { Circle } from './circle.ts';
import { MAX_ENDED_SHOWN } from './limits.ts';

/** Newest first; without those that this device cannot propose, and those that were proposed again. */
export function endedMotions(circle: Circle, names: Names): readonly EndedMotionView[] {
  const { ledger } = circle.replica;
  const before = circle.closed.ledgers().find(({ book }) => book === ledger.book - 1);
  if (before === undefined) return [];
  const again = new Set<string>();
  for (const { act } of ledger.motions.values())
    if (act !== undefined) again.add(JSON.stringify(wishOf(circle, ledger, act)));
  const ended: EndedMotionView[] = [];
  for (const motion of [...openMotions(before)].reverse()) {
    const { act, carrier } = motion;
    const body = carrier?.entry.body;
    if (act === undefined || carrier === undefined || body?.kind !== KIND.motion) continue;
    const wish = wishOf(circle, before, act);
    if (wish === undefined || again.has(JSON.stringify(wish)) || ended.length >= MAX_ENDED_SHOWN) continue;
    ended.push({
      id: motion.id,
      act: actView(circle, names, act, true, ledger.log.policy),
      by: names.ofDevice(carrier.entry.device),
      reason: 'reason' in act && act.reason !== null ? readText(circle, act.reason) : '',
      wish,
    });
  }
  return ended;
}
const readText = (circle: Circle, hash: TextHash): string =>
  [circle.texts, ...circle.closed.texts()]
    .map((texts) => texts.read(hash) ?? '')
    .find((text) => text !== '') ?? '';

/** What this device would ask for to propose the same; undefined: only others can, or the rules never ask people. */
function wishOf(circle: Circle, { log }: Ledger, act: Act): MotionWish | undefined {
  switch (act.type) {
    case 'limits': {
      const record = log.devices.get(act.device);
      if (record === undefined) return undefined;
      const others = openDevicesOf(log, record.member).filter(({ device }) => device !== act.device);
      const rest = others.reduce((sum, other) => sum + newestGrant(other).grant.lowestBalance, 0);
      return {
        type: 'limits',
        member: record.member,
        ...act.grant,
        lowestBalance: act.grant.lowestBalance + rest,
      };
    }
    case 'standing':
      return { type: 'standing', member: act.member, standing: act.standing };
    case 'stewards': {
      const members = act.stewards.flatMap(({ device }) => log.devices.get(device)?.member ?? []);
      return { type: 'stewards', members };
    }
    case 'policy':
      return { type: 'policy', policy: act.policy };
    case 'payout': {
      const member = log.devices.get(act.to)?.member;
      return member && { type: 'payout', member, amount: act.amount };
    }
    case 'replace': {
      const [lost] = act.closings;
      const isOwn = act.request === null && lost !== undefined && circle.isOwn(lost.device);
      return isOwn ? { type: 'remove-device', device: lost.device } : undefined;
    }
    case 'helpers':
      return act.device === circle.record.device
        ? { type: 'helpers', members: act.helpers, need: act.need }
        : undefined;
    case 'admit':
    case 'keeper':
    case 'unlock':
    case 'close-book':
      return undefined;
  }
}
