/** When a healed circle is of one mind, and nothing that was agreed on or signed is left undone. */
import {
  accountsToClose,
  accountsWantedClosed,
  approvalsOf,
  breaksRule,
  consentNeeded,
  enoughFor,
  feedOf,
  headOf,
  isBookDue,
  isConsented,
  isSealed,
  LANE,
  openMotions,
  safetyFigures,
  standingOf,
  stateRoot,
  stopsOn,
  withProofs,
  type DeviceKey,
  type Id,
  type Ledger,
} from '@corridor/ledger';
import type { Peer } from '@corridor/peer';
import type { SimDevice } from './device.ts';

export type Circle = NonNullable<ReturnType<Peer['circle']>>;
export const circleOf = (device: SimDevice): Circle | undefined => {
  const circle = device.peer?.circle();
  return circle?.replica.ledger.log.devices.has(circle.record.device) === true ? circle : undefined;
};
const KEY = '00'.repeat(8);

/** A newcomer whom a keeper's clock, years ahead, refused: lawful, and said. */
const wasToldTooLate = ({ peer }: SimDevice): boolean => {
  const view = peer?.view();
  return view?.stage === 'joining' && view.refused === 'invite-expired';
};

/** Whether its own book says that it was replaced or expelled: it goes no further than that decision [S1]. */
export const knowsItsRemoval = (device: SimDevice): boolean => {
  const circle = circleOf(device);
  return circle?.standing(circle.record.device) === 'removed';
};
/** Removed by what any of them holds. */
const isRemoved = (device: SimDevice, honest: readonly SimDevice[]): boolean => {
  const key = device.key();
  return key !== undefined && honest.some((other) => circleOf(other)?.standing(key) === 'removed');
};

/** An invite of somebody who is on a pause lets nobody in until they are back. */
const waitsForInviter = ({ peer }: SimDevice, inside: readonly SimDevice[]): boolean => {
  const view = peer?.view();
  if (view?.stage !== 'joining') return false;
  return inside.some((device) => {
    const seen = device.peer?.view();
    const ledger = circleOf(device)?.replica.ledger;
    const inviter =
      seen?.stage === 'circle' && seen.view.people.find(({ name }) => name === view.invite.inviterName);
    return ledger !== undefined && inviter && standingOf(ledger.log, inviter.member) !== 'active';
  });
};

/** Why the honest replicas are not of one mind yet, or undefined. `settled`: everything ever shown as final, with its book. */
export function difference(
  honest: readonly SimDevice[],
  owners: ReadonlyMap<DeviceKey, SimDevice>,
  settled: ReadonlyMap<Id, number>,
): string | undefined {
  let first:
    { readonly name: string; readonly book: number; readonly root: Id; readonly heads: string } | undefined;
  for (const device of honest) {
    const circle = circleOf(device);
    if (circle === undefined && (wasToldTooLate(device) || waitsForInviter(device, honest))) continue;
    if (circle === undefined) return `${device.name} is not inside`;
    if (isRemoved(device, honest)) {
      if (!knowsItsRemoval(device)) return `${device.name} was removed and has not heard of it`;
      continue;
    }
    const { ledger } = circle.replica;
    // Of a closed book no chain comes: its payer signs again, or has gone on without it [B1].
    const { handed } = circle;
    if (handed.waiting().some((payment) => handed.since(payment).type !== 'left-behind'))
      return `${device.name} waits for a chain of a payment by code`;
    const undone = undoneIn(ledger, owners);
    if (undone !== undefined) return `${device.name} sees ${undone}`;
    const root = stateRoot(ledger);
    const heads = headsOf(ledger, owners);
    const { book } = ledger;
    if (first === undefined) first = { name: device.name, book, root, heads };
    else if (first.book !== book) return `${first.name} is in book ${first.book}, ${device.name} in ${book}`;
    else if (first.root !== root) return `${first.name} and ${device.name} have different roots`;
    else if (first.heads !== heads)
      return `${first.name} and ${device.name} hold different entries: ${first.heads} | ${heads}`;
    for (const [id, of] of settled)
      if (of === book && ledger.entries.get(id)?.settled !== true)
        return `${device.name} lacks ${id}, which was settled`;
  }
  return undefined;
}
function headsOf(ledger: Ledger, owners: ReadonlyMap<DeviceKey, SimDevice>): string {
  const heads: string[] = [];
  for (const owner of owners.keys())
    for (const lane of [LANE.account, LANE.voice, LANE.witness]) {
      const feed = feedOf(ledger, owner, lane);
      heads.push((feed && headOf(feed)?.entry.id.slice(0, 12)) ?? '-');
    }
  return heads.join(' ');
}

/** What a circle of honest people and enough honest witnesses still has to do. */
function undoneIn(ledger: Ledger, owners: ReadonlyMap<DeviceKey, SimDevice>): string | undefined {
  const { log } = ledger;
  if (log.closed !== null) return `book ${ledger.book} closed, and does not go on`;
  for (const [author, owner] of owners) {
    const account = ledger.accounts.get(author);
    const head = feedOf(ledger, author, LANE.account)?.main.at(-1);
    if (head !== undefined && account?.settledHead !== head)
      return `an unsettled entry ${head.entry.seq} of ${owner.name}`;
  }
  const wanted = new Set(accountsWantedClosed(ledger));
  for (const motion of openMotions(ledger)) {
    const { act } = motion;
    if (act === undefined) continue;
    // People close a book like they change a policy; the act itself needs nobody.
    if (act.type === 'close-book') {
      const asked = { type: 'policy', salt: '', reason: null, policy: log.policy } as const;
      if (isConsented(log, consentNeeded(log, asked), approvalsOf(motion)))
        return 'that the book is to close';
      continue;
    }
    const approvals = enoughFor(ledger, motion);
    if (approvals === undefined) continue;
    const proven = withProofs(ledger, act, KEY);
    if (proven === undefined && accountsToClose(ledger, act).some((device) => wanted.has(device)))
      return `an agreed ${act.type} that waits for accounts to close: ${accountsToClose(ledger, act).length}`;
    if (proven === undefined) continue;
    const decision = { height: log.height + 1, prev: log.head, act: proven, approvals };
    if (breaksRule(ledger, decision) === undefined) return `an agreed ${act.type} that is not decided`;
  }
  if (isBookDue(ledger)) return 'a book that is due to close';
  for (const record of log.devices.values())
    if (!isSealed(record) && stopsOn(ledger, record).size > safetyFigures(ledger.n).mayLie)
      return `a stopped account of ${owners.get(record.device)?.name}`;
  return undefined;
}
