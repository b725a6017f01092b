/** Looks at every honest replica after what happened, and remembers what was ever said, so that nothing is taken back. */
import {
  feedOf,
  findViolations,
  headOf,
  KIND,
  LANE,
  stateRoot,
  type DeviceKey,
  type Id,
  type Ledger,
} from '@corridor/ledger';
import type { Peer } from '@corridor/peer';
import { isInJournal, journalOf, type SimDevice } from './device.ts';
import { judgeSettled } from './oracle.ts';
import type { World } from './world.ts';

export interface Observer {
  /** Looks at one running replica. */
  look(device: SimDevice): void;
  lookAtAll(): void;
  /** What this device just said it holds must be there after a restart [P6]. */
  lookAfterStart(device: SimDevice): void;
  /** A payment by code that this device took in. */
  noteHanded(device: SimDevice, id: Id): void;
  /** Why the honest replicas are not of one mind, or undefined. */
  difference(): string | undefined;
}
type Circle = NonNullable<ReturnType<Peer['circle']>>;
const circleOf = (device: SimDevice): Circle | undefined => {
  const circle = device.peer?.circle();
  return circle?.replica.ledger.log.devices.has(circle.record.device) === true ? circle : undefined;
};

/** A newcomer whom a keeper's clock, years ahead, refused: lawful, and said. */
const wasToldTooLate = ({ peer }: SimDevice): boolean => {
  const view = peer?.view();
  return view?.stage === 'joining' && view.refused === 'invite-expired';
};

export function createObserver(world: World): Observer {
  const slots = new Map<string, Id>();
  const everSettled = new Map<Id, number>();
  const vouched = new Set<Id>();
  const handed = new Map<SimDevice, Set<Id>>();
  const owners = new Map<DeviceKey, SimDevice>();
  let bansSeen = 0;

  const honest = (): readonly SimDevice[] => world.devices.filter((device) => device.honest);
  const learnOwners = (): void => {
    for (const device of world.devices) {
      const key = device.key();
      if (key !== undefined && device.honest) owners.set(key, device);
    }
  };
  const look = (device: SimDevice): void => {
    const circle = circleOf(device);
    if (circle === undefined || !device.honest) return;
    for (const { ledger } of circle.library.shelf.all()) lookAt(device, ledger);
  };
  const lookAt = (device: SimDevice, ledger: Ledger): void => {
    const { book } = ledger;
    const fail = (what: string): void => world.fail(`${device.name}: ${what}`);
    for (const { invariant, what } of findViolations(ledger)) fail(`[${invariant}] ${what}`);
    for (const [id, where] of device.shownSettled)
      if (where === book && ledger.entries.get(id)?.settled !== true)
        fail(`[I2] ${id} was settled and is not`);
    for (const stored of ledger.entries.values()) {
      const { id, device: author, seq, lane } = stored.entry;
      if (stored.settled && lane === LANE.account) {
        device.shownSettled.set(id, book);
        everSettled.set(id, book);
        const slot = `${book}/${author}/${seq}`;
        const before = slots.get(slot);
        if (before === undefined) slots.set(slot, id);
        else if (before !== id) fail(`[I1] ${slot} settled as ${before} and as ${id}`);
      }
      const owner = owners.get(author);
      if (owner === undefined || owner === device || vouched.has(id) || lane === LANE.founding) continue;
      if (isInJournal(owner, id)) vouched.add(id);
      else fail(`[P6] holds ${id} of ${owner.name}, whose journal does not`);
    }
    for (const { device: author, lane, seq } of ledger.forks)
      if (owners.has(author))
        fail(`[I6] ${owners.get(author)?.name} is said to have two histories at ${lane}/${seq}`);
    for (const { device: witness, ...double } of ledger.doubleVotes)
      if (owners.has(witness))
        fail(
          `[I11] ${owners.get(witness)?.name} is said to have contradicted itself: ${JSON.stringify(double)}`,
        );
    if (ledger.halt !== null) fail(`[L1] the log is halted: ${ledger.halt.reason}`);
    for (const [author, owner] of owners)
      for (const stored of feedOf(ledger, author, LANE.account)?.main ?? [])
        if (stored.verdict.type === 'invalid')
          fail(`[P2] an entry of ${owner.name} is invalid: ${JSON.stringify(stored.verdict.fault)}`);
  };
  const lookAtBans = (): void => {
    const names = new Set(honest().map(({ name }) => name));
    for (; bansSeen < world.bans.length; bansSeen++) {
      const ban = world.bans[bansSeen];
      if (ban !== undefined && names.has(ban.by) && names.has(ban.remote))
        world.fail(`[P2] ${ban.by} blames ${ban.remote}, who is honest: ${ban.why}`);
    }
  };
  const headsOf = (ledger: Ledger): string => {
    const heads: string[] = [];
    for (const owner of owners.keys())
      for (const lane of [LANE.account, LANE.voice, LANE.witness]) {
        const feed = feedOf(ledger, owner, lane);
        heads.push((feed && headOf(feed)?.entry.id.slice(0, 12)) ?? '-');
      }
    return heads.join(' ');
  };
  return {
    look(device) {
      learnOwners();
      look(device);
      lookAtBans();
    },
    lookAtAll() {
      learnOwners();
      for (const device of honest()) {
        look(device);
        for (const { ledger } of circleOf(device)?.library.shelf.all() ?? [])
          for (const what of judgeSettled(ledger)) world.fail(`${device.name}: ${what}`);
      }
      lookAtBans();
    },
    lookAfterStart(device) {
      const circle = circleOf(device);
      if (circle === undefined || !device.honest) return;
      const { ledger } = circle.replica;
      const key = circle.record.device;
      // What a second tab wrote comes when this one writes; what it vouched for went with its document.
      for (const id of device.hadSecondTab ? [] : journalOf(device, ledger))
        if (!ledger.entries.has(id))
          world.fail(`${device.name}: [P6] its journal holds ${id}, and after a start the book does not`);
      for (const { entry } of feedOf(ledger, key, LANE.voice)?.main ?? [])
        if (entry.body.kind === KIND.have && !device.hadSecondTab)
          for (const id of entry.body.ids)
            if (!ledger.entries.has(id))
              world.fail(`${device.name}: [P6] said “I have it” of ${id} and lost it`);
      for (const id of handed.get(device) ?? [])
        if (!ledger.entries.has(id) && !circle.handed.has(id))
          world.fail(`${device.name}: [P3] lost ${id}, which was handed over`);
    },
    noteHanded(device, id) {
      const ids = handed.get(device);
      if (ids === undefined) handed.set(device, new Set([id]));
      else ids.add(id);
    },
    difference() {
      learnOwners();
      let first: { readonly name: string; readonly root: Id; readonly heads: string } | undefined;
      for (const device of honest()) {
        const circle = circleOf(device);
        if (circle === undefined && wasToldTooLate(device)) continue;
        if (circle === undefined) return `${device.name} is not inside`;
        const { ledger } = circle.replica;
        for (const [author, owner] of owners) {
          const account = ledger.accounts.get(author);
          const head = feedOf(ledger, author, LANE.account)?.main.at(-1);
          if (head !== undefined && account?.settledHead !== head)
            return `${device.name} sees an unsettled entry ${head.entry.seq} of ${owner.name}`;
        }
        if (circle.handed.waiting().length > 0)
          return `${device.name} waits for a chain of a payment by code`;
        const root = stateRoot(ledger);
        const heads = headsOf(ledger);
        if (first === undefined) first = { name: device.name, root, heads };
        else if (first.root !== root) return `${first.name} and ${device.name} have different roots`;
        else if (first.heads !== heads)
          return `${first.name} and ${device.name} hold different entries: ${first.heads} | ${heads}`;
        for (const [id, book] of everSettled)
          if (book === ledger.book && ledger.entries.get(id)?.settled !== true)
            return `${device.name} lacks ${id}, which was settled`;
      }
      return undefined;
    },
  };
}
