/** Acts as sentences' data: whoever is named is named as people know them. */
import {
  bringsMember,
  CONSENTS,
  newestGrant,
  openDevicesOf,
  type Act,
  type CirclePolicy,
  type DeviceKey,
  type MemberId,
} from '@corridor/ledger';
import type { ActView, PolicyChange } from '../view.ts';
import type { Circle } from './circle.ts';

export interface Names {
  ofMember(member: MemberId | undefined): string;
  ofDevice(device: DeviceKey): string;
}
export function namesOf(circle: Circle): Names {
  const { memberName } = circle.lineContext();
  const { log } = circle.replica.ledger;
  const ofMember = (member: MemberId | undefined): string => (member === undefined ? '' : memberName(member));
  return { ofMember, ofDevice: (device) => ofMember(log.devices.get(device)?.member) };
}

/** `isOpen`: not decided yet, so that what it would change can be shown beside what is. */
export function actView(
  circle: Circle,
  names: Names,
  act: Act,
  isOpen: boolean,
  policyBefore: CirclePolicy,
): ActView {
  const { log, book } = circle.replica.ledger;
  switch (act.type) {
    case 'admit': {
      const record = log.devices.get(act.request.device);
      const name = circle.texts.read(act.request.name) ?? '';
      if (!bringsMember(act.request))
        return { type: 'admit-device', who: record === undefined ? name : names.ofMember(record.member) };
      const who = record === undefined ? name : names.ofMember(record.member);
      return { type: 'admit-member', who, inviter: names.ofDevice(act.request.inviter) };
    }
    case 'keeper':
      return { type: 'keeper', who: names.ofDevice(act.device) };
    case 'limits': {
      const member = log.devices.get(act.device)?.member;
      const others =
        member === undefined ? [] : openDevicesOf(log, member).filter((r) => r.device !== act.device);
      const rest = others.reduce((sum, r) => sum + newestGrant(r).grant.lowestBalance, 0);
      const record = log.devices.get(act.device);
      const now = record && newestGrant(record).grant;
      return {
        type: 'limits',
        who: names.ofMember(member),
        member: member ?? circle.member,
        lowestBalance: act.grant.lowestBalance + rest,
        highestBalance: act.grant.highestBalance,
        before:
          isOpen && now !== undefined
            ? { lowestBalance: now.lowestBalance + rest, highestBalance: now.highestBalance }
            : null,
      };
    }
    case 'standing':
      return {
        type: 'standing',
        who: names.ofMember(act.member),
        member: act.member,
        standing: act.standing,
      };
    case 'replace': {
      const [first] = act.closings;
      const member = first && log.devices.get(first.device)?.member;
      return {
        type: 'replace',
        who: names.ofMember(member),
        member: member ?? circle.member,
        gone: act.closings.length,
        isNew: act.request !== null,
      };
    }
    case 'stewards':
      return { type: 'stewards', names: act.stewards.map(({ device }) => names.ofDevice(device)) };
    case 'policy':
      return { type: 'policy', changes: policyChanges(policyBefore, act.policy) };
    case 'payout':
      return { type: 'payout', who: names.ofDevice(act.to), amount: act.amount };
    case 'helpers':
      return {
        type: 'helpers',
        who: names.ofDevice(act.device),
        helpers: act.helpers.map((member) => names.ofMember(member)),
        need: act.need,
      };
    case 'unlock':
      return { type: 'unlock', who: names.ofDevice(act.closing.device) };
    case 'close-book':
      return { type: 'close-book', book };
  }
}

/** What differs between two policies, field by field. */
function policyChanges(before: CirclePolicy, after: CirclePolicy): readonly PolicyChange[] {
  const changes: PolicyChange[] = [];
  const note = (field: PolicyChange['field'], from: string | number, to: string | number): void => {
    if (from !== to) changes.push({ field, from, to });
  };
  note('admission', before.admission, after.admission);
  note('firstLowest', before.firstGrant.lowestBalance, after.firstGrant.lowestBalance);
  note('firstHighest', before.firstGrant.highestBalance, after.firstGrant.highestBalance);
  note('smallAmount', before.smallAmount, after.smallAmount);
  note('offlineAmount', before.offlineAmount, after.offlineAmount);
  note('belowLowest', before.belowLowest, after.belowLowest);
  note('newcomersShare', before.newcomersShare, after.newcomersShare);
  note('levyPermille', before.levyPermille, after.levyPermille);
  note('demurragePermille', before.demurragePermille, after.demurragePermille);
  note('bookDays', before.bookDays, after.bookDays);
  for (const consent of CONSENTS) {
    const shareText = ({ least, parts, of }: CirclePolicy['consents'][typeof consent]): string =>
      `${least} ${parts}/${of}`;
    note(consent, shareText(before.consents[consent]), shareText(after.consents[consent]));
  }
  return changes;
}
