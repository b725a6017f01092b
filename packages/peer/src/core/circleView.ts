/** What a screen shows of the circle, as plain data, from the state of the moment. */
import {
  balanceOf,
  currentTerm,
  headOf,
  memberBalance,
  type DeviceKey,
  type Ledger,
  type MemberId,
} from '@corridor/ledger';
import type { RelayState } from '../ports.ts';
import type { BalanceView, CircleView, FaultView, PersonView } from '../view.ts';
import { anewView } from './anewView.ts';
import type { Circle } from './circle.ts';
import { decisionsOf, governingOf } from './governingOf.ts';
import type { PeerSettings } from './circleRecord.ts';
import { VIEW_LINES } from './limits.ts';
import { lineCountOf, linesOf } from './lineList.ts';
import { receiptCode } from './lines.ts';
import type { Connection } from './links.ts';
import type { Overtaking } from './overtaking.ts';

export interface ViewInputs {
  readonly connections: readonly Connection[];
  readonly relays: readonly RelayState[];
  readonly settings: PeerSettings;
}

const isStillComing = ({ type }: Overtaking): boolean => type === 'not-overtaken' || type === 'waits';

/** All devices of the member together; what one device can spend is its own. */
function balanceView(circle: Circle): BalanceView {
  const { ledger } = circle.replica;
  const own = balanceOf(ledger, circle.record.device);
  let { shown, waitingIn, waitingOut } = own;
  for (const device of ledger.log.members.get(circle.member) ?? []) {
    if (device === circle.record.device) continue;
    const other = balanceOf(ledger, device);
    shown += other.shown;
    waitingIn += other.waitingIn;
    waitingOut += other.waitingOut;
  }
  for (const payment of circle.handed.waiting()) {
    const { to, amount } = payment.entry.body;
    if (!isStillComing(circle.handed.since(payment))) continue;
    if (to.type === 'device' && ledger.log.devices.get(to.device)?.member === circle.member)
      waitingIn += amount;
  }
  // What a closed book left out goes out as soon as it is signed again [B1].
  const owed = circle.again.waiting().reduce((sum, { body }) => sum + body.amount, 0);
  const spendable = Math.max(0, own.spendable - owed);
  return { ...own, spendable, shown, waitingIn, waitingOut: waitingOut + owed };
}

export function circleView(circle: Circle, inputs: ViewInputs): CircleView {
  const { ledger } = circle.replica;
  const { founding } = ledger.log;
  const context = circle.lineContext();
  const connected = new Set(
    inputs.connections.flatMap((c) => (c.live && c.device !== null ? [c.device] : [])),
  );
  const name = (member: MemberId | undefined): string =>
    member === undefined ? '' : context.memberName(member);
  const memberOf = (device: DeviceKey): MemberId | undefined => ledger.log.devices.get(device)?.member;
  const term = ledger.log.terms.find((t) => t.toSeq === null);
  const keeper = term?.device ?? ledger.founding.entry.device;
  const isThisDevice = currentTerm(ledger.log, circle.record.device) !== undefined;
  const keeperMember = memberOf(keeper) ?? circle.member;
  const online = inputs.relays.some((r) => r.state === 'ready') || connected.size > 0;
  return {
    circle: circle.replica.circle,
    name: founding.name,
    unit: { name: founding.unit, decimals: founding.decimals },
    policy: ledger.log.policy,
    foundedAt: founding.at,
    me: {
      member: circle.member,
      device: circle.record.device,
      name: name(circle.member) || circle.record.myName.text,
    },
    balance: balanceView(circle),
    keeper: {
      member: keeperMember,
      device: keeper,
      name: name(keeperMember),
      isThisDevice,
      reachable: isThisDevice || connected.has(keeper),
    },
    keeperCandidates: [...circle.offers.keys()]
      .filter((device) => device !== keeper && circle.offers.get(device)?.consent != null)
      .map((device) => ({ device, label: labelOf(circle, device), connected: connected.has(device) })),
    freshness: {
      state: connected.size > 0 ? 'live' : online ? 'alone' : 'offline',
      lastHeardAt: inputs.settings.lastHeardAt,
    },
    people: peopleOf(circle, connected, keeper, name),
    lines: linesOf(circle, 0, VIEW_LINES),
    lineCount: lineCountOf(circle),
    entryCount: ledger.entries.size,
    faults: faultsOf(ledger, (device) => name(memberOf(device))),
    sharing: {
      relays: inputs.relays.map(({ address, state }) => ({ address, state })),
      connections: inputs.connections.map((c) => ({
        name: c.device === null ? '' : name(memberOf(c.device)),
        path: c.link.path,
      })),
      relayOnly: inputs.settings.relayOnly,
    },
    decisions: decisionsOf(circle),
    governing: governingOf(circle, connected, inputs.settings),
    anew: anewView(circle, inputs.settings.keeperHeardAt, name),
    practice: !circle.recovery.exists(),
    storageTrouble: circle.trouble.current(),
  };
}

/** A device's own name, as given when it was let in: a second device's says what it is. */
function labelOf(circle: Circle, device: DeviceKey): string {
  const record = circle.replica.ledger.log.devices.get(device);
  return record === undefined ? '' : (circle.texts.read(record.name) ?? '');
}
function peopleOf(
  circle: Circle,
  connected: ReadonlySet<DeviceKey>,
  keeper: DeviceKey,
  name: (member: MemberId) => string,
): readonly PersonView[] {
  const { ledger } = circle.replica;
  const traded = new Map<MemberId, number>();
  for (const line of linesOf(circle, 0, VIEW_LINES))
    if (!traded.has(line.other)) traded.set(line.other, line.at);
  return [...ledger.log.members].flatMap(([member, devices]): readonly PersonView[] => {
    const [device] = devices;
    if (device === undefined) return [];
    const inviter = ledger.log.devices.get(device)?.inviter ?? null;
    return [
      {
        member,
        device,
        devices: devices.length,
        name: name(member),
        isMe: member === circle.member,
        keepsBook: devices.includes(keeper),
        invitedBy: inviter === null ? null : (ledger.log.devices.get(inviter)?.member ?? null),
        connected: devices.some((d) => connected.has(d)),
        balance: memberBalance(ledger, member),
        lastTradedAt: traded.get(member) ?? null,
      },
    ];
  });
}
function faultsOf(ledger: Ledger, name: (device: DeviceKey) => string): readonly FaultView[] {
  const memberOf = (device: DeviceKey): MemberId | null => ledger.log.devices.get(device)?.member ?? null;
  const faults: FaultView[] = ledger.forks.map(({ device, lane, seq, left, right }) => ({
    id: `${device}/${lane}/${seq}`,
    member: memberOf(device),
    memberName: name(device),
    kind: 'two-histories',
    left: { id: left.entry.id, summary: receiptCode(left.entry.id) },
    right: { id: right.entry.id, summary: receiptCode(right.entry.id) },
  }));
  for (const double of ledger.doubleVotes) {
    const { device, kind, first, second } = double;
    const place = 'seq' in double ? `${double.seq}` : `${double.height}/${double.round}`;
    faults.push({
      id: `${device}/${kind}/${place}`,
      member: memberOf(device),
      memberName: name(device),
      kind: kind === 'after-promise' ? 'vote-after-promise' : 'double-vote',
      left: { id: first, summary: receiptCode(first) },
      right: { id: second, summary: receiptCode(second) },
    });
  }
  if (ledger.halt !== null) {
    const { entry } = ledger.halt;
    const author = ledger.entries.get(entry)?.entry.device;
    const head = headOf(ledger.founding.feed)?.entry.id ?? ledger.circle;
    faults.push({
      id: `halt/${entry}`,
      member: author === undefined ? null : memberOf(author),
      memberName: author === undefined ? '' : name(author),
      kind: 'two-decisions',
      left: { id: head, summary: receiptCode(head) },
      right: { id: entry, summary: receiptCode(entry) },
    });
  }
  return faults;
}
