import {
  draftNext,
  encodeEntry,
  entryStatement,
  KIND,
  LANE,
  ZERO_ID,
  type Body,
  type DeviceKey,
  type Entry,
  type Signature,
} from '@corridor/ledger';
import { createSignatureChecker, openMemoryStore, type SignatureChecker } from '@corridor/peer';
import { createNodeCipher, createSha256 } from '@corridor/peer/node';
import {
  createSession,
  encodeMessage,
  sessionSecret,
  type FeedName,
  type Message,
  type Run,
  type Session,
  type SessionEffect,
} from '@corridor/sync';
import { hexToBytes } from '@noble/hashes/utils.js';
import { afterEach, expect, test } from 'vitest';
import { eventually } from '@corridor/testing/peers';
import { EMPTY_SHELF } from '../../src/core/bootstrap.ts';
import { REMOTE_CHECKS, REST_SECONDS } from '../../src/core/limits.ts';
import { sealEntry, sealSignature } from '../../src/sealing.ts';
import { prepareBookKey } from '../../src/sealingKey.ts';
import { memberTags } from '../../src/tags.ts';
import { allFinal, circleOf, inside, pays, village, viewOf, type Person } from './stories.ts';

let place = village();
afterEach(async () => {
  await place.close();
  place = village();
});
const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
const sha256 = await createSha256();
const checker = await createSignatureChecker();

/** A member turned hostile: proves membership as the protocol asks, then says what it likes. */
interface Hostile {
  readonly voice: FeedName;
  readonly device: DeviceKey;
  /** The next entries of its voice, sealed and signed as the book has them. */
  entries(count: number): Promise<readonly { entry: Entry; sealed: Uint8Array; signature: Uint8Array }[]>;
  sealed(signature: Signature, entry: Entry): Promise<Uint8Array>;
  /** A new link to `name` under a new peer id, proven and compared. */
  connect(as: string): Promise<{
    readonly opened: () => number;
    readonly isClosed: () => boolean;
    say(bytes: Uint8Array): boolean;
    tell(message: Message): boolean;
  }>;
}
async function turned(mallory: Person): Promise<Hostile> {
  const circle = mallory.peer.circle();
  if (circle === undefined) throw new Error('Mallory is a member');
  const { record } = circle;
  const { ledger } = circle.replica;
  const ordinal = ledger.log.devices.get(record.device)?.ordinal ?? 0;
  const { keys } = openMemoryStore(mallory.disk, random);
  const raw = hexToBytes(record.bookKeys[0]?.key ?? '');
  const key = await prepareBookKey(raw, createNodeCipher(), sha256);
  await mallory.peer.stop();
  const sealed = (signature: Signature, entry: Entry) => sealSignature(key, entry.id, signature);
  return {
    device: record.device,
    voice: { book: 0, ordinal, lane: LANE.voice },
    sealed,
    async entries(count) {
      const made: { entry: Entry; sealed: Uint8Array; signature: Uint8Array }[] = [];
      const body: Body = { kind: KIND.have, ids: [ZERO_ID] };
      for (let i = 0; i < count; i++) {
        const draft = draftNext(ledger, record.device, LANE.voice, body, made.at(-1)?.entry);
        const entry = encodeEntry(draft, sha256);
        const signature = await keys.sign(record.device, entryStatement(entry.id));
        if (signature === undefined) throw new Error('Mallory has her key');
        made.push({
          entry,
          sealed: await sealEntry(key, entry.bytes),
          signature: await sealed(signature, entry),
        });
      }
      return made;
    },
    async connect(as) {
      const transport = place.network.join(as);
      let session: Session | undefined;
      let link = '';
      let opened = 0;
      let closed = false;
      const act = (effects: readonly SessionEffect[]): void => {
        for (const effect of effects) {
          if (effect.type === 'send') transport.send(link, effect.bytes);
          else if (effect.type === 'sign')
            void keys.sign(record.device, effect.message).then((s) => act(session?.signed(s ?? null) ?? []));
          else if (effect.type === 'check')
            void checker
              .check([{ key: effect.device, message: effect.message, signature: effect.signature }], {
                left: 9,
              })
              .then(([verdict]) => act(session?.checked(verdict ?? 'invalid') ?? []));
          else if ('batch' in effect) act(session?.settledBatch(effect.batch, { type: 'settled' }) ?? []);
        }
      };
      transport.listen((event) => {
        if (event.type === 'open') {
          opened++;
          // One link is enough: to Alice, who found her or was found.
          if (session !== undefined || event.link.remote !== 'alice') return;
          link = event.link.id;
          session = createSession({
            circle: record.circle,
            self: transport.self,
            remote: event.link.remote,
            outgoing: event.link.outgoing,
            secrets: [sessionSecret(raw)],
            device: record.device,
            nonce: random(16),
            shelf: EMPTY_SHELF,
            standing: () => 'member',
          });
          act(session.start());
        } else if (event.type === 'message' && event.link === link) act(session?.receive(event.bytes) ?? []);
        else if (event.type === 'close' && event.link === link) closed = true;
      });
      const day = Math.floor(Date.now() / 86_400_000);
      const tags = memberTags(raw, day);
      transport.setPresence([{ circle: record.circle, register: tags, meet: tags, protocol: 'sync' }]);
      await eventually('Mallory is live', () => session?.state() === 'live');
      return {
        opened: () => opened,
        isClosed: () => closed,
        say: (bytes) => transport.send(link, bytes),
        tell: (message) => transport.send(link, encodeMessage(message)),
      };
    },
  };
}
type Line = Awaited<ReturnType<Hostile['connect']>>;
type Attack = readonly [what: string, code: string, act: (line: Line, mallory: Hostile) => Promise<void>];

const item = (size: number) => ({ sealed: random(size), signature: null });
const push = (line: Line, ...runs: readonly Run[]): void => void line.tell({ type: 'push', runs });
const ATTACKS: readonly Attack[] = [
  ['bytes that are no message', 'garbage', async (line) => void line.say(Uint8Array.of(200, 1, 2, 3))],
  ['an empty message', 'garbage', async (line) => void line.say(new Uint8Array(0))],
  ['a message longer than any may be', 'oversize', async (line) => void line.say(new Uint8Array(65 * 1024))],
  [
    'more than the credit',
    'overran-credit',
    async (line, { voice }) => {
      for (let i = 0; i < 20; i++)
        push(line, { feed: voice, fromSeq: 0, items: Array.from({ length: 9 }, () => item(5000)) });
    },
  ],
  [
    'an answer to nothing',
    'unasked',
    async (line) =>
      void line.tell({
        type: 'have',
        runs: [
          {
            feed: { book: 0, ordinal: 0, lane: LANE.account },
            fromSeq: 0,
            items: [item(100)],
            last: true,
          },
        ],
      }),
  ],
  [
    'a text nobody asked for',
    'unasked',
    async (line) =>
      void line.tell({ type: 'text', texts: [{ hash: 'ab'.repeat(32) as never, state: 'gone' }] }),
  ],
  [
    'a second HELLO',
    'out-of-order',
    async (line) => void line.tell({ type: 'hello', version: 1, nonce: random(16), tags: [random(16)] }),
  ],
  [
    'a FRONTIER outside a round',
    'out-of-order',
    async (line) => void line.tell({ type: 'frontier', rows: [], more: false }),
  ],
  [
    'bytes that its key does not open',
    'bad-batch',
    async (line, mallory) => {
      const [own] = await mallory.entries(1);
      if (own === undefined) throw new Error('one entry');
      const sealed = own.sealed.map((byte, at) => (at === 40 ? byte ^ 1 : byte));
      push(line, { feed: mallory.voice, fromSeq: 0, items: [{ sealed, signature: own.signature }] });
    },
  ],
  [
    'a signature that does not hold',
    'bad-batch',
    async (line, mallory) => {
      const [own] = await mallory.entries(1);
      if (own === undefined) throw new Error('one entry');
      const forged = await mallory.sealed(`${'11'.repeat(32)}${'22'.repeat(32)}` as Signature, own.entry);
      push(line, { feed: mallory.voice, fromSeq: 0, items: [{ sealed: own.sealed, signature: forged }] });
    },
  ],
  [
    'her own entry as Alice’s',
    'bad-batch',
    async (line, mallory) => {
      const items = await mallory.entries(1);
      push(line, { feed: { ...mallory.voice, ordinal: 0 }, fromSeq: 0, items });
    },
  ],
  [
    'a hundred entries that nobody vouches for',
    'bad-batch',
    async (line, mallory) => {
      const items = (await mallory.entries(100)).map(({ sealed }) => ({ sealed, signature: null }));
      push(line, { feed: mallory.voice, fromSeq: 0, items });
    },
  ],
];

test('[I16] [I18] [E5] a member turned hostile is dropped and not met again; the ledger is what it was, the others trade on', async () => {
  const [alice, bob, person] = await circleOf(place, 'alice', 'bob', 'mallory');
  if (alice === undefined || bob === undefined || person === undefined) throw new Error('three people');
  await pays(bob, alice, 100);
  await allFinal([alice, bob], 1);
  const mallory = await turned(person);
  const ledger = () => alice.peer.circle()?.replica.ledger.entries.size;
  await eventually('quiet', () => viewOf(alice)?.entryCount === viewOf(bob)?.entryCount);
  const before = ledger();
  for (const [i, [what, code, act]] of ATTACKS.entries()) {
    const line = await mallory.connect(`mallory-${i}`);
    const { length } = alice.peer.links()?.faults ?? [];
    await act(line, mallory);
    await eventually(`dropped for ${what}`, () => line.isClosed());
    expect(
      alice.peer
        .links()
        ?.faults.slice(length)
        .map((fault) => [fault.code, fault.blame]),
      what,
    ).toEqual([[code, 'remote']]);
    const met = line.opened();
    // A network that has healed lets all meet who may.
    place.network.heal();
    await pays(bob, alice, 1);
    expect(line.opened(), `${what}: banned`).toBe(met);
  }
  await allFinal([alice, bob], 1 + ATTACKS.length);
  expect(alice.peer.circle()?.replica.ledger.forks).toEqual([]);
  const own = [...(alice.peer.circle()?.replica.ledger.entries.values() ?? [])].filter(
    ({ entry }) => entry.device === mallory.device,
  );
  expect([own.length, (ledger() ?? 0) >= (before ?? 0)]).toEqual([0, true]);
  const back = await alice.reload();
  expect((await inside(back)).lineCount).toBe(1 + ATTACKS.length);
});

test('[F2] [P2] orphans, replays and runs of an ordinal that nobody has: kept out, and nobody’s fault', async () => {
  const [alice, bob, person] = await circleOf(place, 'alice', 'bob', 'mallory');
  if (alice === undefined || bob === undefined || person === undefined) throw new Error('three people');
  const mallory = await turned(person);
  const line = await mallory.connect('mallory-0');
  const entries = await mallory.entries(70);
  const before = alice.peer.circle()?.replica.ledger.entries.size ?? 0;
  const { voice } = mallory;
  push(line, { feed: { ...voice, ordinal: 77 }, fromSeq: 0, items: entries.slice(0, 2) });
  push(line, { feed: voice, fromSeq: 40, items: entries.slice(40, 42) });
  // Cut before the signature: it waits, and counts once the next run vouches for it.
  push(line, {
    feed: voice,
    fromSeq: 0,
    items: entries.slice(0, 30).map(({ sealed }) => ({ sealed, signature: null })),
  });
  push(line, { feed: voice, fromSeq: 30, items: entries.slice(30, 40) });
  await eventually('forty kept', () => alice.peer.circle()?.replica.ledger.entries.size === before + 40);
  for (let i = 0; i < 5; i++) push(line, { feed: voice, fromSeq: 0, items: entries.slice(0, 40) });
  await pays(bob, alice, 1);
  await allFinal([alice, bob], 1);
  expect(line.isClosed()).toBe(false);
  expect(alice.peer.links()?.faults.filter((fault) => fault.blame === 'remote')).toEqual([]);
});

test('[E5] [I18] who carries what Mallory made dear to check is put off, not banned, and Carol has it all in the end', async () => {
  const [alice, , person, before] = await circleOf(place, 'alice', 'bob', 'mallory', 'carol');
  if (alice === undefined || person === undefined || before === undefined) throw new Error('four people');
  await before.peer.stop();
  const mallory = await turned(person);
  const line = await mallory.connect('mallory-0');
  const held = () => alice.peer.circle()?.replica.ledger.entries.size ?? 0;
  const earlier = held();
  const items = await mallory.entries(260);
  for (let from = 0; from < items.length; from += 65) {
    const some = items.slice(from, from + 65);
    push(line, { feed: mallory.voice, fromSeq: some[0]?.entry.seq ?? 0, items: some });
  }
  await eventually('Alice has them', () => held() >= earlier + items.length);

  const dear: SignatureChecker = {
    check: (checks, budget) =>
      Promise.resolve(
        checks.map(({ key }) => {
          if (key !== mallory.device) return 'valid';
          if (budget.left < 1) return 'undecided';
          budget.left -= REMOTE_CHECKS / 4;
          return 'valid';
        }),
      ),
  };
  const bans: number[] = [];
  const openTransport = () => {
    const transport = place.network.join('carol');
    const ban = (remote: string, seconds: number): void => {
      bans.push(seconds);
      transport.ban(remote, seconds);
    };
    return Promise.resolve({ ...transport, ban });
  };
  const faults = [];
  for (let starts = 0; starts < 8; starts++) {
    const carol = await place.open('carol', { checker: dear, openTransport }, before.disk);
    const links = carol.peer.links();
    const has = () => carol.peer.circle()?.replica.ledger.entries.size === held();
    await eventually('as far as the budget goes', () => has() || (links?.faults.length ?? 0) >= 2);
    faults.push(...(links?.faults ?? []));
    const done = has();
    await carol.peer.stop();
    if (done) break;
    expect(starts, 'gets on with each link').toBeLessThan(7);
  }
  expect(faults.length).toBeGreaterThan(0);
  for (const { code, blame } of faults) expect([code, blame]).toEqual(['undecided', 'nobody']);
  expect(new Set(bans)).toEqual(new Set([REST_SECONDS]));
});

test('[S3] a stranger who knows no book key is told nothing and changes nothing', async () => {
  const [alice] = await circleOf(place, 'alice');
  const circle = alice?.peer.circle();
  if (alice === undefined || circle === undefined) throw new Error('Alice');
  const transport = place.network.join('stranger');
  const heard: Uint8Array[] = [];
  let closed = 0;
  transport.listen((event) => {
    if (event.type === 'open') {
      const tags = [random(16)];
      transport.send(event.link.id, encodeMessage({ type: 'hello', version: 1, nonce: random(16), tags }));
    } else if (event.type === 'message') heard.push(event.bytes);
    else if (event.type === 'close') closed++;
  });
  const raw = hexToBytes(circle.record.bookKeys[0]?.key ?? '');
  const meet = memberTags(raw, Math.floor(Date.now() / 86_400_000));
  transport.setPresence([{ circle: circle.replica.circle, register: [], meet, protocol: 'sync' }]);
  await eventually('left', () => closed > 0);
  expect(heard).toEqual([]);
});

test('[S3] “relay only” reaches the network at once and after every start', async () => {
  const said: boolean[] = [];
  const openTransport = () => {
    const transport = place.network.join('alice');
    return Promise.resolve({ ...transport, setRelayOnly: (only: boolean) => void said.push(only) });
  };
  const alice = await place.open('alice', { openTransport });
  await alice.peer.intents.found({ circleName: 'x', unitName: 'y', decimals: 0, memberName: 'z' });
  await eventually('told', () => said.length === 1);
  await alice.peer.intents.setRelayOnly(true);
  const back = await alice.reload();
  await eventually('told again', () => said.length === 3);
  expect(said).toEqual([false, true, true]);
  expect(viewOf(back)?.sharing.relayOnly).toBe(true);
});
