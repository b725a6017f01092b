/** What a screen shows of a circle whose keeper's phone is gone, and of those founded anew from it [K1]. */
import { balanceOf, standingOf, type DeviceKey, type MemberId } from '@corridor/ledger';
import type { AnewView, NewCircleView } from '../view.ts';
import type { Circle } from './circle.ts';
import { canFoundAnew } from './foundingAnew.ts';
import type { NewCircle } from './newCircles.ts';

export function anewView(
  circle: Circle,
  keeperHeardAt: number | null,
  name: (member: MemberId | undefined) => string,
): AnewView {
  const { anew, record, replica } = circle;
  const { ledger } = replica;
  const origin = anew.of(record.circle);
  const old = (record.past ?? []).at(-1);
  const before = circle.closed.ledgers().find((of) => of.circle === old?.circle);
  return {
    canFound: canFoundAnew(circle),
    keeperHeardAt,
    offers: anew.foundedFrom(record.circle).map((of) => viewOf(circle, of, name)),
    away:
      origin === undefined || before === undefined
        ? []
        : [...before.log.members.keys()]
            .filter((member) => standingOf(before.log, member) !== 'expelled')
            .filter((member) => !anew.company(origin, before).includes(member))
            .filter((member) => ledger.log.members.has(member) && !hasWritten(circle, member))
            .map(name),
  };
}
/** Who has written here is here, by whichever way. */
function hasWritten({ replica: { ledger } }: Circle, member: MemberId): boolean {
  const devices: readonly DeviceKey[] = ledger.log.members.get(member) ?? [];
  return devices.some((device) => ledger.feeds.get(device)?.some(({ main }) => main.length > 0) === true);
}
function viewOf(
  circle: Circle,
  of: NewCircle,
  name: (member: MemberId | undefined) => string,
): NewCircleView {
  const { ledger } = circle.replica;
  const { check, start } = circle.anew.look(of, circle.replica);
  const there = start?.opening.devices.filter(({ member }) => member === circle.member) ?? [];
  const standing = (start?.opening.devices ?? []).filter(({ sealed }) => !sealed);
  return {
    circle: of.circle,
    founder: name(ledger.log.devices.get(of.founder)?.member),
    isMine: of.founder === circle.record.device,
    company: circle.anew.company(of, ledger).map(name),
    members: new Set((start === null ? [] : standing).map(({ member }) => member)).size,
    check,
    balance: there.reduce(
      (sum, { opening, credits }) => sum + opening + credits.reduce((all, { amount }) => all + amount, 0),
      0,
    ),
    waiting: balanceOf(ledger, circle.record.device).waitingOut,
  };
}
