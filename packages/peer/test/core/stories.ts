/** What the stories of whole peers share: people on one network, each over a disk that can be cut, copied or crashed. */
import {
  createMemoryDisk,
  openMemoryStore,
  type Answer,
  type CircleView,
  type Clock,
  type MemoryDisk,
  type PayRequest,
  type Peer,
  type PeerOptions,
  type Refusal,
  type Store,
} from '@corridor/peer';
import { eventually, peerVillage, realClock } from '@corridor/testing/peers';

const FOUND = { circleName: 'Valldor', unitName: 'dor', decimals: 2, memberName: 'Alice' };
const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

export interface Person {
  readonly name: string;
  readonly peer: Peer;
  readonly disk: MemoryDisk;
  /** Stops and starts again over the same disk. */
  reload(): Promise<Person>;
  /** A power cut, then a start: what was not strictly flushed is gone. */
  crash(): Promise<Person>;
}
export interface Village {
  readonly network: ReturnType<typeof peerVillage>['network'];
  /** Seconds that everybody's clock is ahead of ours. */
  later: number;
  /** A clock that goes so many seconds ahead of the others. */
  clock(ahead: number): Clock;
  /** So much time goes by at once: what waited for it begins. */
  passes(seconds: number): void;
  /** `name` is the peer id on the network too. */
  open(name: string, more?: Partial<PeerOptions>, disk?: MemoryDisk): Promise<Person>;
  close(): Promise<void>;
}
/** `openStore`: the store over somebody's disk, where it is not the plain one. */
export function village(
  openStore: (disk: MemoryDisk, name: string) => Store = (disk) => openMemoryStore(disk, random),
): Village {
  const { network, open } = peerVillage();
  const running = new Set<Peer>();
  const timers = new Set<{ readonly due: number; readonly run: () => void }>();
  const now = (): number => Date.now() + self.later * 1000;
  const self: Village = {
    network,
    later: 0,
    clock: (ahead) => ({
      now: () => now() + ahead * 1000,
      after(ms, task) {
        const run = (): void => {
          cancel();
          task();
        };
        const timer = { due: now() + ms, run };
        const cancelReal = realClock.after(ms, run);
        const cancel = (): void => {
          timers.delete(timer);
          cancelReal();
        };
        timers.add(timer);
        return cancel;
      },
    }),
    passes(seconds) {
      self.later += seconds;
      for (const { due, run } of [...timers].sort((a, b) => a.due - b.due)) if (due <= now()) run();
    },
    async open(name, more = {}, disk = createMemoryDisk()) {
      const { peer } = await open(name, {
        clock: self.clock(0),
        openTransport: () => Promise.resolve(network.join(name)),
        ...more,
        store: openStore(disk, name),
      });
      running.add(peer);
      return {
        name,
        peer,
        disk,
        async reload() {
          running.delete(peer);
          await peer.stop();
          return self.open(name, more, disk);
        },
        async crash() {
          running.delete(peer);
          disk.crash();
          await peer.stop();
          return self.open(name, more, disk);
        },
      };
    },
    async close() {
      for (const peer of running) await peer.stop();
      running.clear();
    },
  };
  return self;
}
export const viewOf = ({ peer }: Person): CircleView | undefined => {
  const view = peer.view();
  return view.stage === 'circle' ? view.view : undefined;
};
export const inside = (person: Person): Promise<CircleView> =>
  eventually(`${person.name} inside the circle`, () => viewOf(person));
export async function value<T>(answer: Promise<Answer<T>>): Promise<T> {
  const given = await answer;
  if (!given.ok) throw new Error(JSON.stringify(given.refusal));
  return given.value;
}
export async function refusal(answer: Promise<Answer<unknown>>): Promise<Refusal['code']> {
  const given = await answer;
  if (given.ok) throw new Error(`not refused: ${JSON.stringify(given.value)}`);
  return given.refusal.code;
}
export async function invite(by: Person, as: 'member' | 'device' = 'member'): Promise<string> {
  return (await value(by.peer.intents.createInvite(as))).link;
}
/** Lets `person` in by a link of `by`, until both know each other by name. */
export async function joins(person: Person, by: Person, as: 'member' | 'device' = 'member'): Promise<void> {
  await value(person.peer.intents.join(await invite(by, as), person.name));
  const { me } = await inside(person);
  await eventually(`${by.name} knows ${person.name}`, () =>
    viewOf(by)?.people.some((p) => p.member === me.member && p.name !== ''),
  );
  await eventually(`${person.name} knows ${by.name}`, () =>
    viewOf(person)?.people.every((p) => p.name !== ''),
  );
}
/** A circle of these names; the first founds it. */
export async function circleOf(place: Village, ...names: readonly string[]): Promise<readonly Person[]> {
  const people: Person[] = [];
  for (const name of names) {
    const person = await place.open(name);
    const [founder] = people;
    if (founder === undefined) await value(person.peer.intents.found({ ...FOUND, memberName: name }));
    else await joins(person, founder);
    people.push(person);
  }
  return people;
}
/** All of them keep the next book, and are in it. */
export async function becomeStewards(people: readonly Person[]): Promise<void> {
  const [founder] = people;
  if (founder === undefined) throw new Error('nobody to become a steward');
  for (const person of people) await value(person.peer.intents.offerSteward(true));
  await eventually(
    'all have offered',
    () => viewOf(founder)?.governing.stewards.offers.length === people.length,
  );
  const members = people.map((person) => (viewOf(person) as CircleView).me.member);
  const book = viewOf(founder)?.governing.book.number ?? 0;
  await value(founder.peer.intents.propose({ type: 'stewards', members }, 'out of one hand'));
  for (const person of people)
    await eventually(
      `${person.name} keeps the next book`,
      () =>
        viewOf(person)?.governing.book.number === book + 1 &&
        viewOf(person)?.governing.stewards.stewards.length === people.length,
    );
}
let presses = 0;
export const payment = (to: Person, amount: number, more: Partial<PayRequest> = {}): PayRequest => ({
  to: (viewOf(to) as CircleView).me.device,
  amount,
  memo: '',
  need: null,
  requestCode: null,
  intent: `press-${presses++}`,
  handOver: false,
  ...more,
});
export const pays = (from: Person, to: Person, amount: number, more: Partial<PayRequest> = {}) =>
  value(from.peer.intents.pay(payment(to, amount, more)));
/** Until everybody shows the same count of final lines between them. */
export async function allFinal(people: readonly Person[], lines: number): Promise<void> {
  for (const person of people)
    await eventually(`${lines} final lines with ${person.name}`, () => {
      const view = viewOf(person);
      return view?.lineCount === lines && view.lines.every((line) => line.state === 'final');
    });
}
export const shown = (person: Person): number | undefined => viewOf(person)?.balance.shown;

/** As a backup of the phone would bring it back, keys and all. */
export function copyOf(disk: MemoryDisk): MemoryDisk {
  const copy = createMemoryDisk();
  for (const [name, key] of disk.keys) copy.keys.set(name, key);
  for (const [name, chain] of disk.chains) copy.chains.set(name, { ...chain, rows: [...chain.rows] });
  for (const [name, record] of disk.records) copy.records.set(name, record);
  for (const [name, doc] of disk.docs) copy.docs.set(name, { ...doc });
  return copy;
}
