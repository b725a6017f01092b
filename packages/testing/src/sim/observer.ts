/** Looks at every honest replica after what happened, and remembers what was ever said, so that nothing is taken back. */
import {
  approvalStatement,
  feedOf,
  findViolations,
  KIND,
  LANE,
  motionId,
  type DeviceKey,
  type Id,
  type Ledger,
  type Stored,
} from '@corridor/ledger';
import { circleOf, difference } from './agreement.ts';
import { createBookMemory } from './bookMemory.ts';
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
  /** Payments as any honest replica ever held them, by the tag of the press that asked for them. */
  readonly payments: ReadonlyMap<number, ReadonlyMap<Id, SeenPayment>>;
  /** Entries that were ever shown as final. */
  settledCount(): number;
  /** How many acts of which kind were decided since the world began. */
  readonly acts: ReadonlyMap<string, number>;
}
export interface SeenPayment {
  readonly book: number;
  readonly incarnation: number;
  settled: boolean;
}

/** `firstBook`: that in which the world begins; what was signed before, nobody watched. */
export function createObserver(world: World, firstBook: number): Observer {
  const slots = new Map<string, Id>();
  const everSettled = new Map<Id, number>();
  const vouched = new Set<Id>();
  const payments = new Map<number, Map<Id, SeenPayment>>();
  const decided = new Set<Id>();
  const acts = new Map<string, number>();
  const handed = new Map<SimDevice, Set<Id>>();
  const owners = new Map<DeviceKey, SimDevice>();
  const books = createBookMemory();
  /** Closed books with as many entries as when they were last found in order. */
  const doneWith = new WeakMap<Ledger, number>();
  let bansSeen = 0;

  const honest = (): readonly SimDevice[] => world.devices.filter((device) => device.honest);
  const learnOwners = (): void => {
    for (const device of world.devices) {
      const key = device.key();
      if (key !== undefined && device.honest) owners.set(key, device);
    }
  };
  const booksOf = (device: SimDevice): readonly Ledger[] => {
    const open = device.honest ? (circleOf(device)?.library.shelf.all() ?? []) : [];
    return open.map(({ ledger }) => ledger).filter((ledger) => doneWith.get(ledger) !== ledger.entries.size);
  };
  const lookAt = (device: SimDevice, ledger: Ledger): void => {
    const fail = (what: string): void => world.fail(`${device.name}: ${what}`);
    for (const { invariant, what } of findViolations(ledger)) fail(`[${invariant}] ${what}`);
    for (const [id, where] of device.shownSettled)
      if (where === ledger.book && ledger.entries.get(id)?.settled !== true)
        fail(`[I2] ${id} was settled and is not`);
    for (const stored of ledger.entries.values()) lookAtEntry(device, ledger, stored, fail);
    for (const { device: author, lane, seq } of ledger.forks)
      if (owners.has(author))
        fail(`[F3] ${owners.get(author)?.name} is said to have two histories at ${lane}/${seq}`);
    for (const { device: witness, ...double } of ledger.doubleVotes)
      if (owners.has(witness))
        fail(
          `[I11] ${owners.get(witness)?.name} is said to have contradicted itself: ${JSON.stringify(double)}`,
        );
    if (ledger.halt !== null) fail(`[L1] the log is halted: ${ledger.halt.reason}`);
    for (const [author, owner] of owners) {
      if (ledger.log.devices.get(author)?.isVoid === true) fail(`[I6] ${owner.name} is void`);
      for (const stored of feedOf(ledger, author, LANE.account)?.main ?? [])
        if (stored.verdict.type === 'invalid')
          fail(`[P2] an entry of ${owner.name} is invalid: ${JSON.stringify(stored.verdict.fault)}`);
    }
    lookAtApprovals(ledger, fail);
  };
  const lookAtEntry = (
    device: SimDevice,
    { book }: Ledger,
    { entry, settled }: Stored,
    fail: (what: string) => void,
  ): void => {
    const { id, device: author, seq, lane, body, incarnation } = entry;
    if (settled && lane === LANE.account) {
      device.shownSettled.set(id, book);
      everSettled.set(id, book);
      const slot = `${book}/${author}/${seq}`;
      const before = slots.get(slot);
      if (before === undefined) slots.set(slot, id);
      else if (before !== id) fail(`[I1] ${slot} settled as ${before} and as ${id}`);
    }
    if (body.kind === KIND.pay && body.need !== null) {
      const seen = payments.get(body.need.quantity) ?? new Map<Id, SeenPayment>();
      payments.set(body.need.quantity, seen);
      const known = seen.get(id);
      if (known === undefined) seen.set(id, { book, incarnation, settled });
      else known.settled ||= settled;
    }
    const owner = owners.get(author);
    if (owner === undefined || owner === device || vouched.has(id) || lane === LANE.founding) return;
    if (isInJournal(owner, id)) vouched.add(id);
    else fail(`[P6] holds ${id} of ${owner.name}, whose journal does not`);
  };
  /** Nobody's consent is made up [L3]. */
  const lookAtApprovals = (ledger: Ledger, fail: (what: string) => void): void => {
    if (ledger.book < firstBook) return;
    for (const { id, act } of ledger.log.decided) {
      const body = ledger.proposals.get(id)?.entry.body;
      if (act === null || body?.kind !== KIND.propose) continue;
      if (!decided.has(id)) acts.set(act.type, (acts.get(act.type) ?? 0) + 1);
      decided.add(id);
      for (const { device, signature } of body.decision.approvals) {
        const statement = approvalStatement(motionId(ledger.circle, ledger.book, act));
        if (world.crypto.signatureOf(device, statement) !== signature)
          fail('[L3] an approval that nobody signed');
        const owner = owners.get(device);
        if (owner?.signed.has(signature) === false) fail(`[L3] ${owner.name} never agreed to ${act.type}`);
      }
    }
  };
  const lookAtBans = (): void => {
    const names = new Set(honest().map(({ name }) => name));
    for (; bansSeen < world.bans.length; bansSeen++) {
      const ban = world.bans[bansSeen];
      if (ban !== undefined && names.has(ban.by) && names.has(ban.remote))
        world.fail(`[P2] ${ban.by} blames ${ban.remote}, who is honest: ${ban.why}`);
    }
  };
  return {
    payments,
    acts,
    settledCount: () => everSettled.size,
    look(device) {
      learnOwners();
      for (const ledger of booksOf(device)) lookAt(device, ledger);
      lookAtBans();
    },
    lookAtAll() {
      learnOwners();
      for (const device of honest())
        for (const ledger of booksOf(device)) {
          lookAt(device, ledger);
          const { wrong, standing } = judgeSettled(ledger);
          for (const what of [...wrong, ...books.compare(ledger, standing)])
            world.fail(`${device.name}: ${what}`);
          if (ledger.log.closed !== null) doneWith.set(ledger, ledger.entries.size);
        }
      lookAtBans();
    },
    lookAfterStart(device) {
      const circle = circleOf(device);
      if (circle === undefined || !device.honest) return;
      const { ledger } = circle.replica;
      // What a second tab wrote comes when this one writes; what it vouched for went with its document.
      for (const id of device.hadSecondTab ? [] : journalOf(device, ledger))
        if (!ledger.entries.has(id))
          world.fail(`${device.name}: [P6] its journal holds ${id}, and after a start the book does not`);
      for (const { entry } of feedOf(ledger, circle.record.device, LANE.voice)?.main ?? [])
        // Of what a closing cut off meanwhile only the word of having it comes back to who forgot.
        if (entry.body.kind === KIND.have && !device.hadSecondTab && !device.hasForgotten)
          for (const id of entry.body.ids)
            if (!ledger.entries.has(id))
              world.fail(`${device.name}: [P6] said “I have it” of ${id} and lost it`);
      for (const id of handed.get(device) ?? [])
        if (!ledger.entries.has(id) && !circle.handed.has(id) && !isOfClosedBook(id, ledger))
          world.fail(`${device.name}: [P3] lost ${id}, which was handed over`);
    },
    noteHanded(device, id) {
      const ids = handed.get(device);
      if (ids === undefined) handed.set(device, new Set([id]));
      else ids.add(id);
    },
    difference() {
      learnOwners();
      return difference(honest(), owners, everSettled);
    },
  };
  function isOfClosedBook(id: Id, { book }: Ledger): boolean {
    return [...payments.values()].some((seen) => (seen.get(id)?.book ?? book) < book);
  }
}
