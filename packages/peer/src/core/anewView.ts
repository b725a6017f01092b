/** What a screen shows of a circle whose keeper's phone is gone, and of those founded anew from it [K1]. */
import { balanceOf, standingOf, type DeviceKey, type Ledger, type MemberId } from '@corridor/ledger';
import type { AnewView, NewCircleView } from '../view.ts';
import type { Circle } from './circle.ts';
import { canFoundAnew } from './foundingAnew.ts';
import type { NewCircle } from './newCircles.ts';
import type { Replica } from './replica.ts';

export function anewView(
  circle: Circle,
  keeperHeardAt: number | null,
  name: (member: MemberId | undefined) => string,
): AnewView {
  const { anew, record, replica } = circle;
  const past = (record.past ?? []).at(-1);
  const before = past && circle.library.shelf.at(past.book);
  const offers = [
    ...anew.foundedFrom(record.circle).map((of) => viewOf(circle, of, replica, name)),
    // Who goes on elsewhere, from where we came as well: whoever is alone here can still go along there.
    ...(before === undefined ? [] : anew.foundedFrom(before.circle))
      .filter(({ circle: id }) => id !== record.circle)
      .map((of) => viewOf(circle, of, before ?? replica, name)),
  ];
  return {
    canFound: canFoundAnew(circle),
    keeperHeardAt,
    offers,
    away: before === undefined ? [] : awayFrom(circle, before.ledger).map(name),
  };
}
/** Members of the old circle who have neither come along nor written anything here. */
function awayFrom({ anew, record, replica: { ledger } }: Circle, before: Ledger): readonly MemberId[] {
  const origin = anew.of(record.circle);
  const here = new Set(origin === undefined ? [] : anew.company(origin, before));
  const hasWritten = (device: DeviceKey): boolean =>
    ledger.feeds.get(device)?.some(({ main }) => main.length > 0) === true;
  return [...before.log.members.keys()].filter((member) => {
    const devices = ledger.log.members.get(member);
    const isIn = devices !== undefined && standingOf(ledger.log, member) !== 'expelled';
    return isIn && !here.has(member) && !devices.some(hasWritten);
  });
}
function viewOf(
  circle: Circle,
  of: NewCircle,
  old: Replica,
  name: (member: MemberId | undefined) => string,
): NewCircleView {
  const { ledger } = old;
  const { check, start } = circle.anew.look(of, old);
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
