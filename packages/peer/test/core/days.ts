/**
 * Days of people whose phone refuses to save something. Whatever they ask is either done, and then a power cut does not
 * undo it, or refused in words, and then it works once there is room again.
 */
import { feedOf, KIND, LANE, ok, ZERO_ID, type Body, type Id } from '@corridor/ledger';
import type { Answer, CircleView, MemoryDisk } from '@corridor/peer';
import { openMemoryStore } from '@corridor/peer';
import { eventually, realClock } from '@corridor/testing/peers';
import { DISK_RETRY_MS, MAX_INVOICES, PRESSES_KEPT } from '../../src/core/limits.ts';
import { openGatedStore, type Gate } from './refusingDisk.ts';
import {
  copyOf,
  inside,
  invite,
  payment,
  value,
  village,
  viewOf,
  type Person,
  type Village,
} from './stories.ts';

/** A disk that refused is asked again sooner than in life, milliseconds. */
const RETRY_MS = 30;
/** What the disk refuses behind the screen's back is on it by then, milliseconds. */
const TOLD_MS = 5000;

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
const clock = {
  ...realClock,
  after: (ms: number, task: () => void) => realClock.after(ms === DISK_RETRY_MS ? RETRY_MS : ms, task),
};
type Claim = (phone: Person) => unknown;
const holds = async (what: string, claim: Claim, phone: Person): Promise<void> => {
  const end = Date.now() + TOLD_MS;
  while (!(await claim(phone))) {
    if (Date.now() > end) throw new Error(`not so: ${what}`);
    await new Promise((resolve) => void setImmediate(resolve));
  }
};
/** What a day knows of the one whose disk it is about. */
export interface Day {
  readonly place: Village;
  /** The phone as it runs now. */
  victim(): Person;
  /** Opens somebody else's phone, or the one that the day is about. */
  opens(name: string, more?: Parameters<Village['open']>[1], disk?: MemoryDisk): Promise<Person>;
  /** Asks for something until it is done; in between the answer must name the disk. */
  does<T>(what: string, ask: () => Promise<Answer<T>>): Promise<T>;
  /** The same, if it is this day's phone that is asked. */
  mayRefuse<T>(who: Person, what: string, ask: () => Promise<Answer<T>>): Promise<T>;
  /** Waits for what comes by itself; if the disk is in its way, the screen must say so. */
  sees(what: string, holds: () => unknown): Promise<void>;
  /** From now on this holds on the phone, also after a power cut, with nobody near to ask. */
  claims(what: string, claim: Claim): void;
  reloads(): Promise<void>;
  /** The day's end: a power cut, and then everything that was claimed. */
  ends(): Promise<void>;
}

export function startDay(name: string, gate: Gate): Day {
  const place = village((disk, whose) =>
    whose === name ? openGatedStore(disk, gate, random) : openMemoryStore(disk, random),
  );
  let phone: Person | undefined;
  const everybody: string[] = [];
  const claims: { readonly what: string; readonly claim: Claim }[] = [];
  const victim = (): Person => {
    if (phone === undefined) throw new Error(`${name} has no phone yet`);
    return phone;
  };
  /** What the disk has, as it would be found after a power cut, far from the others. */
  const checkClaims = async (disk: MemoryDisk): Promise<void> => {
    const found = copyOf(disk);
    found.refuseWrites(undefined);
    found.crash();
    const far = `${name}, found again`;
    for (const other of everybody) place.network.cut(far, other);
    const back = await place.open(far, { clock }, found);
    for (const { what, claim } of claims) await holds(`after a power cut: ${what}`, claim, back);
    await back.peer.stop();
  };
  /** The disk has refused and goes on refusing: now is the worst moment. */
  const lift = async (): Promise<void> => {
    if (!gate.isShut()) return;
    await checkClaims(victim().disk);
    gate.lift();
  };
  const self: Day = {
    place,
    victim,
    async opens(who, more = {}, disk?: MemoryDisk) {
      everybody.push(who);
      const person = await place.open(who, { clock, ...more }, disk);
      if (who === name) phone = person;
      return person;
    },
    mayRefuse: (who, what, ask) => (who.name === name ? self.does(what, ask) : value(ask())),
    async does(what, ask) {
      for (let asked = 0; ; asked++) {
        const before = gate.refused;
        const answer = await ask();
        if (answer.ok) return answer.value;
        if (answer.refusal.code !== 'storage-refused' || gate.refused === before || asked > 2)
          throw new Error(`${what}: ${JSON.stringify(answer.refusal)}`);
        await lift();
      }
    },
    async sees(what, holds) {
      const isStuck = (): boolean => gate.refused > 0 && gate.isShut();
      await eventually(what, () => isStuck() || holds());
      if (isStuck()) {
        const told = (): boolean => {
          const view = victim().peer.view();
          if (view.stage === 'joining') return view.refused === 'storage-refused';
          return view.stage === 'circle' && view.view.storageTrouble !== null;
        };
        // It may not have been in the way of this, and only by and by be in the way of something.
        await eventually(`${what}, or a word that the disk refuses`, () => told() || holds(), TOLD_MS);
        await lift();
      }
      await eventually(what, holds);
    },
    claims: (what, claim) => void claims.push({ what, claim }),
    async reloads() {
      phone = await victim().reload();
    },
    async ends() {
      await checkClaims(victim().disk);
      phone = await victim().crash();
      for (const { what, claim } of claims)
        await holds(`after a power cut, among the others: ${what}`, claim, victim());
      await eventually('no more trouble', () => viewOf(victim())?.storageTrouble === null);
      const { ledger } = victim().peer.circle()?.replica ?? {};
      if (ledger === undefined) throw new Error('still in the circle');
      if (ledger.forks.length + ledger.doubleVotes.length > 0) throw new Error('signed twice');
      await place.close();
    },
  };
  return self;
}
const lineIn = (phone: Person, id: Id): CircleView['lines'][number] | undefined =>
  viewOf(phone)?.lines.find((line) => line.id === id);
export const FOUND = { circleName: 'Valldor', unitName: 'dor', decimals: 2 };
/** `person` founds and `others` are let in by her; everybody knows everybody's name. */
export async function everybodyIn(day: Day, founder: Person, others: readonly Person[]): Promise<void> {
  for (const other of others) {
    const link = await invite(founder);
    const join = (): Promise<Answer<null>> => other.peer.intents.join(link, other.name);
    if (other.name === day.victim().name) await day.does('joining', join);
    else await value(join());
    await day.sees(`${other.name} is in`, () => viewOf(other) !== undefined);
  }
  const all = [founder, ...others];
  await day.sees('everybody knows everybody', () =>
    all.every((one) => viewOf(one)?.people.filter((person) => person.name !== '').length === all.length),
  );
}
export const isFinal = (phones: readonly Person[], id: Id): boolean =>
  phones.every((phone) => lineIn(phone, id)?.state === 'final');

/** Alice founds and keeps the book: she admits, votes, pays, and is paid. */
export async function foundersDay(gate: Gate): Promise<void> {
  const day = startDay('alice', gate);
  const alice = await day.opens('alice');
  await day.does('founding', () => alice.peer.intents.found({ ...FOUND, memberName: 'alice' }));
  day.claims('the circle is hers', (phone) => viewOf(phone)?.name === 'Valldor');
  const bob = await day.opens('bob');
  await everybodyIn(day, alice, [bob]);
  const first = await value(bob.peer.intents.pay(payment(alice, 500, { memo: 'jam' })));
  await day.sees('Bob’s payment is final', () => isFinal([alice, bob], first.line.id));
  await day.does('relay only', () => alice.peer.intents.setRelayOnly(true));
  day.claims('relay only', (phone) => viewOf(phone)?.sharing.relayOnly);
  const press = payment(bob, 120, { memo: 'bread' });
  const paid = await day.does('paying', () => alice.peer.intents.pay(press));
  day.claims('what she paid', (phone) => lineIn(phone, paid.line.id)?.memo === 'bread');
  await day.sees('her payment is final', () => isFinal([day.victim(), bob], paid.line.id));
  await day.reloads();
  await inside(day.victim());
  const second = await value(bob.peer.intents.pay(payment(day.victim(), 30)));
  await day.sees('and the next', () => isFinal([day.victim(), bob], second.line.id));
  await day.ends();
}

/** Bob joins; pays, asks, is paid nearby and far away; lets Zoe ask at his door. */
export async function membersDay(gate: Gate): Promise<void> {
  const day = startDay('bob', gate);
  const alice = await day.opens('alice');
  await value(alice.peer.intents.found({ ...FOUND, memberName: 'alice' }));
  let bob = await day.opens('bob');
  const carol = await day.opens('carol');
  // He thinks twice.
  day.place.network.cut('alice', 'bob');
  const early = await invite(alice);
  await day.does('asking to join', () => bob.peer.intents.join(early, 'bob'));
  await day.does('thinking twice', () => bob.peer.intents.cancelJoin());
  day.place.network.heal();
  await everybodyIn(day, alice, [bob, carol]);
  day.claims('he is in', (phone) => viewOf(phone)?.name === 'Valldor');

  const paid = await day.does('paying', () => bob.peer.intents.pay(payment(alice, 120, { memo: 'bread' })));
  day.claims('what he paid', (phone) => lineIn(phone, paid.line.id)?.memo === 'bread');
  const asked = await day.does('asking for money', () => bob.peer.intents.request(250, 'eggs', null, 10));
  day.claims('what he asked for', (phone) => phone.peer.circle()?.invoices.textOf(asked.invoice) === 'eggs');
  await value(alice.peer.intents.pay(payment(bob, 250, { requestCode: asked.code })));

  // Whose phone keeps the book is away: he says “I have it”, by voice and by code.
  await day.sees('all is final', () => viewOf(bob)?.lines.every((line) => line.state === 'final'));
  await eventually('Carol is up to date', () => viewOf(carol)?.entryCount === viewOf(alice)?.entryCount);
  for (const other of ['bob', 'carol']) day.place.network.cut('alice', other);
  const far = await value(carol.peer.intents.pay(payment(bob, 70)));
  await day.sees('he has it', () => lineIn(carol, far.line.id)?.state === 'they-have-it');
  day.claims('what he said he has', (phone) => lineIn(phone, far.line.id));
  day.place.network.cut('bob', 'carol');
  await value(carol.peer.intents.pay(payment(alice, 1)));
  const near = await value(carol.peer.intents.pay(payment(bob, 80, { handOver: true })));
  await day.does('scanning', () => bob.peer.intents.readCode(near.handOverCode ?? ''));
  day.claims('what he scanned', (phone) => lineIn(phone, near.line.id));
  const shown = await day.does('paying by code', () =>
    bob.peer.intents.pay(payment(carol, 90, { handOver: true })),
  );
  day.claims('what he paid by code', (phone) => lineIn(phone, shown.line.id));
  await day.does('handed over', () => bob.peer.intents.handedOver(shown.line.id));
  day.claims('that it was handed over', (phone) => lineIn(phone, shown.line.id)?.handOver === 'done');
  day.place.network.heal();
  for (const { line } of [far, near, shown])
    await day.sees('final at last', () => isFinal([bob, carol], line.id));

  // Zoe finds his door alone.
  day.place.network.cut('alice', 'zoe');
  day.place.network.cut('carol', 'zoe');
  const zoe = await day.opens('zoe');
  await value(zoe.peer.intents.join(await invite(alice), 'zoe'));
  await day.sees('Zoe is in', () => viewOf(zoe) !== undefined);

  await day.reloads();
  bob = day.victim();
  await inside(bob);
  await day.does('relay only', () => bob.peer.intents.setRelayOnly(true));
  day.claims('relay only', (phone) => viewOf(phone)?.sharing.relayOnly);
  await day.ends();
}

/** Alice sets the app lock, and takes it off. Her circle is hers throughout: locked, or open. */
export async function lockersDay(gate: Gate): Promise<void> {
  const day = startDay('alice', gate);
  const alice = await day.opens('alice');
  await day.does('founding', () => alice.peer.intents.found({ ...FOUND, memberName: 'alice' }));
  let passphrase: string | null = null;
  // Which passphrase opens it is what was last answered: a power cut must not leave another, nor none.
  day.claims('it opens', async (phone) => {
    const isLocked = phone.peer.view().stage === 'locked';
    if (isLocked !== (passphrase !== null)) return false;
    if (passphrase !== null) await value(phone.peer.intents.unlock(passphrase));
    return viewOf(phone)?.name === 'Valldor';
  });
  const lock = async (next: string, current: string | null): Promise<void> => {
    await day.does('the lock', () => alice.peer.intents.setLock(next, current));
    passphrase = next === '' ? null : next;
  };
  await lock('correct horse', null);
  await lock('battery staple', 'correct horse');
  await lock('', 'battery staple');
  await day.ends();
}

/** As many entries of a voice. */
const says = async ({ peer }: Person, count: number): Promise<void> => {
  const { replica } = peer.circle() ?? {};
  const body: Body = { kind: KIND.have, ids: [replica?.circle ?? ZERO_ID] };
  const said = await replica?.append(LANE.voice, () => ok(Array.from({ length: count }, () => body)));
  if (said?.ok !== true) throw new Error('said');
};
/** Entries after which a journal is trimmed: replica.ts. */
const JOURNAL_KEEPS = 512;
/** A disk on which much has been asked for and paid: the notes of it begin to be let go of. */
async function longDisk(): Promise<MemoryDisk> {
  const place = village();
  const alice = await place.open('alice');
  await value(alice.peer.intents.found({ ...FOUND, memberName: 'alice' }));
  const bob = await place.open('bob');
  await value(bob.peer.intents.join(await invite(alice), 'bob'));
  await inside(bob);
  for (let i = 0; i < MAX_INVOICES; i++) await value(bob.peer.intents.request(1, `egg ${i}`, null, 10));
  for (let i = 0; i <= PRESSES_KEPT + 1; i++) await value(bob.peer.intents.pay(payment(alice, 1)));
  await eventually('all is final', () => viewOf(bob)?.balance.shown === -(PRESSES_KEPT + 2), 60_000);
  await says(bob, 2 * JOURNAL_KEEPS - 20);
  await bob.peer.circle()?.replica.flush();
  const disk = copyOf(bob.disk);
  await place.close();
  return disk;
}
let long: Promise<MemoryDisk> | undefined;
/** Bob has used his phone for long: what is old goes, and nothing hangs on it. */
export async function longDay(gate: Gate): Promise<void> {
  const disk = copyOf(await (long ??= longDisk()));
  const day = startDay('bob', gate);
  const bob = await day.opens('bob', {}, disk);
  const all = -(PRESSES_KEPT + 2);
  day.claims('all he paid', (phone) => viewOf(phone)?.balance.shown === all);
  await inside(bob);
  const asked = await day.does('asking for money', () => bob.peer.intents.request(9, 'bread', null, 10));
  day.claims('what he asked for', (phone) => phone.peer.circle()?.invoices.textOf(asked.invoice) === 'bread');
  await says(bob, 40);
  day.claims('all he said', (phone) => {
    const circle = phone.peer.circle();
    return (
      circle &&
      feedOf(circle.replica.ledger, circle.record.device, LANE.voice)?.main.length === 2 * JOURNAL_KEEPS + 20
    );
  });
  await eventually('an old note has gone, or may not', () => gate.seen.has('records.remove intent/…'));
  await day.ends();
}

/** Alice's own always-on machine joins, offers to keep the book, and keeps it. */
export async function boxsDay(gate: Gate): Promise<void> {
  const day = startDay('box', gate);
  const alice = await day.opens('alice');
  await value(alice.peer.intents.found({ ...FOUND, memberName: 'alice' }));
  const bob = await day.opens('bob');
  await value(bob.peer.intents.join(await invite(alice), 'bob'));
  await inside(bob);
  const box = await day.opens('box', { offersToKeep: true });
  await day.does('joining', () =>
    invite(alice, 'device').then((link) => box.peer.intents.join(link, 'alice')),
  );
  await day.sees('the box is in', () => viewOf(box) !== undefined);
  await day.sees('it offers', () => viewOf(alice)?.keeperCandidates.some((c) => c.connected));
  const device = viewOf(alice)?.keeperCandidates.find((c) => c.connected)?.device;
  if (device === undefined) throw new Error('the box has offered');
  await value(alice.peer.intents.keepBook(device));
  await day.sees('the box keeps it', () => viewOf(bob)?.keeper.device === device);
  const paid = await value(bob.peer.intents.pay(payment(alice, 40)));
  await day.sees('and votes', () => isFinal([bob, day.victim()], paid.line.id));
  day.claims('it is in', (phone) => viewOf(phone)?.name === 'Valldor');
  await day.ends();
}
