/**
 * What every transport must do, whatever it runs over: one process, libp2p and a real relay, a message port.
 * Each clause throws when the transport breaks it. Nothing here sleeps: everything waits for events.
 */
import type { Id } from '@corridor/ledger';
import type { Link, Presence, Transport, TransportEvent } from '@corridor/peer';
import { check, checkBytes, checkSame } from './check.ts';

/** A network of its own for each clause. */
export interface TransportLab {
  /** A transport of that person; a name that is there already is a restart, with the same peer id. */
  join(name: string): Promise<Transport>;
  /** The longest message that must go through. */
  readonly maxMessageBytes: number;
  /** What `queued` may never pass. */
  readonly maxQueuedBytes: number;
}
export interface TransportClause {
  readonly title: string;
  run(lab: TransportLab): Promise<void>;
}

/** What one person saw, and promises for what they have not seen yet. */
export interface Watcher {
  readonly transport: Transport;
  readonly events: readonly TransportEvent[];
  /** Links that are open now. */
  links(): readonly Link[];
  /** Messages that came over that link. */
  received(link: string): readonly Uint8Array[];
  /** Resolves as soon as `find` finds something; looks again after each event. */
  until<T>(find: () => T | undefined): Promise<T>;
}

/** Listens to a transport. */
export function watch(transport: Transport): Watcher {
  const events: TransportEvent[] = [];
  const links = new Map<string, Link>();
  const messages = new Map<string, Uint8Array[]>();
  const waiting = new Set<() => void>();
  transport.listen((event) => {
    events.push(event);
    if (event.type === 'open') links.set(event.link.id, event.link);
    if (event.type === 'close') links.delete(event.link);
    if (event.type === 'message') {
      messages.set(event.link, [...(messages.get(event.link) ?? []), event.bytes]);
    }
    for (const look of waiting) look();
  });
  return {
    transport,
    events,
    links: () => [...links.values()],
    received: (link) => messages.get(link) ?? [],
    until: (find) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = find();
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
}

/** A tag as [S3] has it, out of a word. */
export const tagOf = (word: string): string =>
  [...word, ...'................']
    .slice(0, 16)
    .map((letter) => (letter.codePointAt(0) ?? 0).toString(16).padStart(2, '0').slice(-2))
    .join('');

/** Being found under a tag, and looking for others under it. */
export const under = (word: string, protocol: Link['protocol'] = 'sync'): readonly Presence[] => [
  { circle: 'c'.repeat(64) as Id, register: [tagOf(word)], meet: [tagOf(word)], protocol },
];

/** Resolves with the link to that person once it is open. */
export const linkTo = (from: Watcher, to: Transport, not?: string): Promise<Link> =>
  from.until(() => from.links().find(({ remote, id }) => remote === to.self && id !== not));

/** The same link seen from both ends, once it stands. */
async function bothEnds(a: Watcher, b: Watcher): Promise<readonly [Link, Link]> {
  return Promise.all([linkTo(a, b.transport), linkTo(b, a.transport)]);
}

const numbered = (number: number, length = 40): Uint8Array => {
  const bytes = new Uint8Array(length);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
};
const numberOf = (bytes: Uint8Array): number => new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);

async function meet(lab: TransportLab, word: string): Promise<readonly [Watcher, Watcher]> {
  const alice = watch(await lab.join('Alice'));
  const bob = watch(await lab.join('Bob'));
  alice.transport.setPresence(under(word));
  bob.transport.setPresence(under(word));
  await bothEnds(alice, bob);
  return [alice, bob];
}

/** Sends a numbered message and waits for its echo to have been seen on the other side. */
async function exchange(from: Watcher, link: Link, to: Watcher, far: Link, number: number): Promise<void> {
  check(from.transport.send(link.id, numbered(number)), 'the link takes a message');
  await to.until(() => to.received(far.id).find((bytes) => numberOf(bytes) === number));
}

export const transportContract: readonly TransportClause[] = [
  {
    title: '[S3] Alice and Bob meet by a tag; Carol, who has another one, meets nobody',
    async run(lab) {
      const carol = watch(await lab.join('Carol'));
      carol.transport.setPresence(under('other'));
      const [alice, bob] = await meet(lab, 'bread');
      const [near, far] = await bothEnds(alice, bob);
      checkSame([near.remote, far.remote], [bob.transport.self, alice.transport.self]);
      check(near.outgoing !== far.outgoing, 'one of them opened it');
      checkSame([near.protocol, far.protocol], ['sync', 'sync']);
      await exchange(alice, near, bob, far, 1);
      checkSame(carol.links(), [], 'Carol has links');
    },
  },
  {
    title: 'a thousand messages each way arrive whole and in order',
    async run(lab) {
      const [alice, bob] = await meet(lab, 'thousand');
      const [near, far] = await bothEnds(alice, bob);
      const lengths = (number: number): number => 4 + ((number * 131) % 700);
      for (let number = 0; number < 1000; number++) {
        for (const [who, link] of [
          [alice, near],
          [bob, far],
        ] as const) {
          check(who.transport.send(link.id, numbered(number, lengths(number))), `message ${number}`);
        }
      }
      for (const [who, link] of [
        [alice, near],
        [bob, far],
      ] as const) {
        await who.until(() => (who.received(link.id).length === 1000 ? true : undefined));
        const got = who.received(link.id);
        checkSame(
          got.map(numberOf),
          Array.from({ length: 1000 }, (_, number) => number),
          'order',
        );
        checkSame(
          got.map(({ length }) => length),
          got.map((_, number) => lengths(number)),
          'lengths',
        );
      }
    },
  },
  {
    title: 'the longest message goes through, a longer one is not taken',
    async run(lab) {
      const [alice, bob] = await meet(lab, 'long');
      const [near, far] = await bothEnds(alice, bob);
      const longest = new Uint8Array(lab.maxMessageBytes).fill(7);
      check(!alice.transport.send(near.id, new Uint8Array(lab.maxMessageBytes + 1)), 'too long is refused');
      check(alice.transport.send(near.id, longest), 'the longest is taken');
      const got = await bob.until(() => bob.received(far.id)[0]);
      checkBytes(got, longest);
    },
  },
  {
    title: '[I18] a sender that does not wait is told no before its queue passes the bound',
    async run(lab) {
      const [alice, bob] = await meet(lab, 'queue');
      const [near, far] = await bothEnds(alice, bob);
      let taken = 0;
      while (alice.transport.send(near.id, numbered(taken, 50_000))) {
        taken += 1;
        check(alice.transport.queued(near.id) <= lab.maxQueuedBytes, 'the queue stays within its bound');
        check(taken * 50_000 < 16 * lab.maxQueuedBytes, 'send says no at some time');
      }
      const expected = taken;
      await bob.until(() => (bob.received(far.id).length === expected ? true : undefined));
      checkSame(
        bob.received(far.id).map(numberOf),
        Array.from({ length: expected }, (_, number) => number),
      );
    },
  },
  {
    title: 'the sender may use its bytes again at once',
    async run(lab) {
      const [alice, bob] = await meet(lab, 'again');
      const [near, far] = await bothEnds(alice, bob);
      const bytes = numbered(1);
      for (let number = 1; number <= 20; number++) {
        bytes.set(numbered(number));
        check(alice.transport.send(near.id, bytes), 'taken');
      }
      await bob.until(() => (bob.received(far.id).length === 20 ? true : undefined));
      checkSame(
        bob.received(far.id).map(numberOf),
        Array.from({ length: 20 }, (_, number) => number + 1),
      );
    },
  },
  {
    title: 'Bob restarts: Alice sees the old link close and a new one open',
    async run(lab) {
      const [alice, bob] = await meet(lab, 'restart');
      const [near] = await bothEnds(alice, bob);
      const bobAgain = watch(await lab.join('Bob'));
      checkSame(bobAgain.transport.self, bob.transport.self, 'another peer id');
      bobAgain.transport.setPresence(under('restart'));
      await alice.until(() => alice.events.find((one) => one.type === 'close' && one.link === near.id));
      const again = await linkTo(alice, bobAgain.transport, near.id);
      const far = await linkTo(bobAgain, alice.transport);
      await exchange(alice, again, bobAgain, far, 5);
      await exchange(bobAgain, far, alice, again, 6);
    },
  },
  {
    title: 'one link for each remote and protocol, though both look for each other under two tags',
    async run(lab) {
      const alice = watch(await lab.join('Alice'));
      const bob = watch(await lab.join('Bob'));
      for (const { transport } of [alice, bob]) {
        transport.setPresence([...under('monday'), ...under('tuesday'), ...under('door', 'join')]);
      }
      const of = (who: Watcher, protocol: Link['protocol']): Promise<Link> =>
        who.until(() => who.links().find((link) => link.protocol === protocol));
      for (const protocol of ['sync', 'join'] as const) {
        const [near, far] = await Promise.all([of(alice, protocol), of(bob, protocol)]);
        await exchange(alice, near, bob, far, 9);
      }
      for (const who of [alice, bob]) {
        checkSame(
          who
            .links()
            .map(({ protocol }) => protocol)
            .sort(),
          ['join', 'sync'],
          'links',
        );
      }
    },
  },
  {
    title: 'a closed link is closed for both, and takes nothing more',
    async run(lab) {
      const [alice, bob] = await meet(lab, 'close');
      const [near, far] = await bothEnds(alice, bob);
      bob.transport.setPresence([]);
      alice.transport.setPresence([]);
      alice.transport.close(near.id, 'enough');
      await Promise.all([
        alice.until(() => alice.events.find((one) => one.type === 'close' && one.link === near.id)),
        bob.until(() => bob.events.find((one) => one.type === 'close' && one.link === far.id)),
      ]);
      check(!alice.transport.send(near.id, numbered(1)), 'closed here');
      check(!bob.transport.send(far.id, numbered(1)), 'closed there');
      checkSame(alice.transport.queued(near.id), 0);
    },
  },
  {
    title: '[I18] Mallory, once banned, is cut off and does not come back; Bob does',
    async run(lab) {
      const alice = watch(await lab.join('Alice'));
      const mallory = watch(await lab.join('Mallory'));
      alice.transport.setPresence(under('ban'));
      mallory.transport.setPresence(under('ban'));
      const [near] = await bothEnds(alice, mallory);
      alice.transport.ban(mallory.transport.self, 600);
      await alice.until(() => alice.events.find((one) => one.type === 'close' && one.link === near.id));
      await mallory.until(() => (mallory.links().length === 0 ? true : undefined));
      mallory.transport.setPresence([]);
      mallory.transport.setPresence(under('ban'));
      const bob = watch(await lab.join('Bob'));
      bob.transport.setPresence(under('ban'));
      await Promise.all([bothEnds(alice, bob), bothEnds(mallory, bob)]);
      const opened = alice.events.filter(
        (one) => one.type === 'open' && one.link.remote === mallory.transport.self,
      );
      checkSame(opened.length, 1, 'links with Mallory');
    },
  },
  {
    title: 'who stops is gone for the others',
    async run(lab) {
      const [alice, bob] = await meet(lab, 'stop');
      const [, far] = await bothEnds(alice, bob);
      await alice.transport.stop();
      await bob.until(() => bob.events.find((one) => one.type === 'close' && one.link === far.id));
      check(!bob.transport.send(far.id, numbered(1)), 'nothing can be sent to who is gone');
    },
  },
];
