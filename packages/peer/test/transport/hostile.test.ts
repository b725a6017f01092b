import type { Connection, Libp2p, Stream } from '@libp2p/interface';
import { multiaddr } from '@multiformats/multiaddr';
import type { Relay } from '@corridor/relay';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { under, watch } from '@corridor/testing/transportContract';
import type { Watcher } from '@corridor/testing/transportContract';
import { encodeFrame } from '../../src/transport/framing.ts';
import { encodeGreeting } from '../../src/transport/greeting.ts';
import { startLibp2pNode } from '../../src/transport/libp2pNode.ts';
import { MAX_FRAME_BYTES, MAX_STREAMS_PER_PROTOCOL } from '../../src/transport/limits.ts';
import { PROTOCOL_IDS } from '../../src/transport/linkTable.ts';
import { peopleAt, seedOf, startRelay } from './lab.ts';
import type { People } from './lab.ts';

let relay: Relay;
let people: People;
let mallory: Libp2p;
let alice: Watcher;

beforeEach(async () => {
  relay = await startRelay(undefined);
  people = peopleAt(relay.multiaddrs);
  alice = watch(await people.join('Alice'));
  alice.transport.setPresence(under('home'));
  await alice.until(() =>
    alice.events.find(
      (event) => event.type === 'relays' && event.relays.some(({ state }) => state === 'ready'),
    ),
  );
  ({ libp2p: mallory } = await startLibp2pNode({
    identitySeed: seedOf('Mallory'),
    gater: { denyDialMultiaddr: () => false },
    more: [],
  }));
});
afterEach(async () => {
  await mallory.stop();
  await people.stopAll();
  await relay.stop();
});

const toAlice = (): Promise<Connection> =>
  mallory.dial(multiaddr(`${relay.multiaddrs[0] ?? ''}/p2p-circuit/p2p/${alice.transport.self}`));
const openSync = (connection: Connection): Promise<Stream> =>
  connection.newStream(PROTOCOL_IDS.sync, { runOnLimitedConnection: true });
const ended = (stream: Stream): Promise<string> =>
  new Promise((resolve) => {
    if (stream.status !== 'open') resolve(stream.status);
    stream.addEventListener('close', () => resolve(stream.status));
  });
const greeting = (epoch: string, opened: number): Uint8Array =>
  encodeFrame(encodeGreeting({ epoch, opened }));
const EPOCH = '00112233445566aa';

const linkFromMallory = async (): Promise<{ readonly stream: Stream; readonly link: string }> => {
  const stream = await openSync(await toAlice());
  stream.send(greeting(EPOCH, 1));
  const link = await alice.until(() =>
    alice.links().find(({ remote }) => remote === mallory.peerId.toString()),
  );
  return { stream, link: link.id };
};

test('[I16] a frame longer than any may be ends the link before it is read', async () => {
  const { stream, link } = await linkFromMallory();
  const header = new Uint8Array(4);
  new DataView(header.buffer).setUint32(0, MAX_FRAME_BYTES + 1);
  stream.send(header);
  await alice.until(() => alice.events.find((event) => event.type === 'close' && event.link === link));
  expect(await ended(stream)).toBe('reset');
  expect(alice.received(link)).toEqual([]);
});

test('[I16] who does not greet, or greets in another way, gets no link', async () => {
  const connection = await toAlice();
  for (const first of [new Uint8Array(0), new Uint8Array(13), new Uint8Array(500)]) {
    const stream = await openSync(connection);
    stream.send(encodeFrame(first));
    expect(await ended(stream)).toBe('reset');
  }
  expect(alice.links()).toEqual([]);
});

test('[I18] streams beyond the few that one peer may open are reset', async () => {
  const connection = await toAlice();
  const asked = 3 * MAX_STREAMS_PER_PROTOCOL;
  let refused = 0;
  const tooMany = Promise.withResolvers<void>();
  const refusal = (): void => {
    refused += 1;
    if (refused === asked - MAX_STREAMS_PER_PROTOCOL) tooMany.resolve();
  };
  const attempts = Array.from({ length: asked }, () =>
    openSync(connection).then(ended).then(refusal, refusal),
  );
  await tooMany.promise;
  expect(alice.links()).toEqual([]);
  connection.abort(new Error('done'));
  await Promise.all(attempts);
});

test('an earlier stream of the same start is a crossing and does not take the place of the link', async () => {
  const { stream, link } = await linkFromMallory();
  const crossing = await openSync(await toAlice());
  crossing.send(greeting(EPOCH, 1));
  expect(await ended(crossing)).toBe('reset');
  stream.send(encodeFrame(Uint8Array.of(42)));
  expect(await alice.until(() => alice.received(link)[0])).toEqual(Uint8Array.of(42));
});

test('a later stream, or one after a restart, takes the place of the link', async () => {
  let { link } = await linkFromMallory();
  for (const [epoch, opened] of [
    [EPOCH, 2],
    ['ffeeddccbbaa9988', 1],
  ] as const) {
    const next = await openSync(await toAlice());
    next.send(greeting(epoch, opened));
    const successor = await alice.until(() => alice.links().find(({ id }) => id !== link));
    expect(alice.links()).toHaveLength(1);
    link = successor.id;
  }
});

test('[S3] nobody gets in who is banned, and nobody at all while we are not to be found', async () => {
  const { link } = await linkFromMallory();
  alice.transport.ban(mallory.peerId.toString(), 60);
  await alice.until(() => alice.events.find((event) => event.type === 'close' && event.link === link));
  await expect(toAlice().then(openSync)).rejects.toThrow('CONNECTION_FAILED');

  const bob = watch(await people.join('Bob'));
  await bob.until(() =>
    bob.events.find(
      (event) => event.type === 'relays' && event.relays.some(({ state }) => state === 'ready'),
    ),
  );
  await expect(
    mallory.dial(multiaddr(`${relay.multiaddrs[0] ?? ''}/p2p-circuit/p2p/${bob.transport.self}`)),
  ).rejects.toThrow('CONNECTION_FAILED');
});
