import type { Relay } from '@corridor/relay';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { linkTo, under, watch } from '@corridor/testing/transportContract';
import type { Watcher } from '@corridor/testing/transportContract';
import type { RelayState } from '../../src/ports.ts';
import { createNodeTransport, fetchRelayList } from '../../src/transport/node.ts';
import { peopleAt, seedOf, startRelay } from './lab.ts';
import type { People } from './lab.ts';
import { clock, random } from './wallClock.ts';

let dataDir: string;
let relay: Relay | undefined;
let people: People | undefined;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'corridor-relay-'));
});
afterEach(async () => {
  await people?.stopAll();
  await relay?.stop();
  await rm(dataDir, { recursive: true });
});

const states = (who: Watcher): readonly RelayState[] =>
  who.events.findLast((event) => event.type === 'relays')?.relays ?? [];
const inState = (who: Watcher, state: RelayState['state']): Promise<RelayState> =>
  who.until(() => states(who).find((one) => one.state === state));

test('the relay is killed and started again: the reservation is made anew and people meet', async () => {
  relay = await startRelay(dataDir);
  const { httpPort, multiaddrs } = relay;
  people = peopleAt(multiaddrs);
  const alice = watch(await people.join('Alice'));
  alice.transport.setPresence(under('market'));
  const ready = await inState(alice, 'ready');
  expect(ready.address).toBe(multiaddrs[0]);
  await alice.until(() => states(alice).find(({ day }) => day === Math.floor(Date.now() / 86_400_000)));

  await relay.stop();
  await inState(alice, 'down');
  relay = await startRelay(dataDir, httpPort);
  await inState(alice, 'ready');

  const bob = watch(await people.join('Bob'));
  bob.transport.setPresence(under('market'));
  const [near, far] = await Promise.all([linkTo(alice, bob.transport), linkTo(bob, alice.transport)]);
  alice.transport.send(near.id, Uint8Array.of(1, 2, 3));
  expect(await bob.until(() => bob.received(far.id)[0])).toEqual(Uint8Array.of(1, 2, 3));
});

test('a link that ran through the relay comes back after its restart', async () => {
  relay = await startRelay(dataDir);
  const { httpPort, multiaddrs } = relay;
  people = peopleAt(multiaddrs);
  const alice = watch(await people.join('Alice'));
  const bob = watch(await people.join('Bob'));
  for (const { transport } of [alice, bob]) transport.setPresence(under('market'));
  await Promise.all([linkTo(alice, bob.transport), linkTo(bob, alice.transport)]);

  await relay.stop();
  for (const who of [alice, bob]) await who.until(() => (who.links().length === 0 ? true : undefined));
  relay = await startRelay(dataDir, httpPort);
  const [near, far] = await Promise.all([linkTo(alice, bob.transport), linkTo(bob, alice.transport)]);
  alice.transport.send(near.id, Uint8Array.of(4));
  expect(await bob.until(() => bob.received(far.id)[0])).toEqual(Uint8Array.of(4));
});

test('a transport starts while its relay is down, and uses it as soon as it is there', async () => {
  relay = await startRelay(dataDir);
  const { httpPort, multiaddrs } = relay;
  await relay.stop();
  people = peopleAt(multiaddrs);
  const alice = watch(await people.join('Alice'));
  await inState(alice, 'down');
  relay = await startRelay(dataDir, httpPort);
  await inState(alice, 'ready');
});

test('a relay that came back with another key is found through the list that its host gives out', async () => {
  relay = await startRelay(undefined);
  const { httpPort, multiaddrs } = relay;
  const base = `http://127.0.0.1:${httpPort}/`;
  const transport = await createNodeTransport({
    identitySeed: seedOf('Alice'),
    relays: [],
    fetchRelays: (signal) => fetchRelayList(base, signal),
    clock,
    random,
  });
  people = { join: () => Promise.resolve(transport), stopAll: () => transport.stop() };
  const alice = watch(transport);
  await inState(alice, 'ready');

  await relay.stop();
  relay = await startRelay(undefined, httpPort);
  const { multiaddrs: now } = relay;
  expect(now).not.toEqual(multiaddrs);
  await alice.until(() => states(alice).find((one) => one.address === now[0] && one.state === 'ready'));
});

test('two relays are used at a time, a third one when one of them goes', async () => {
  const relays = await Promise.all([1, 2, 3].map(() => startRelay(undefined)));
  people = peopleAt(relays.flatMap(({ multiaddrs }) => multiaddrs));
  const alice = watch(await people.join('Alice'));
  const readyOnes = (): readonly string[] =>
    states(alice).flatMap(({ state, address }) => (state === 'ready' ? [address] : []));
  await alice.until(() => (readyOnes().length === 2 ? true : undefined));
  const [first] = readyOnes();
  await relays.find(({ multiaddrs }) => multiaddrs[0] === first)?.stop();
  await alice.until(() =>
    readyOnes().length === 2 && !readyOnes().includes(first ?? '') ? true : undefined,
  );
  await Promise.all(relays.map((one) => one.stop()));
});

test('what is no relay address is shown as down and hinders nothing', async () => {
  relay = await startRelay(dataDir);
  people = peopleAt(['/ip4/127.0.0.1/udp/9', ...relay.multiaddrs]);
  const alice = watch(await people.join('Alice'));
  await inState(alice, 'ready');
  expect(states(alice)).toContainEqual({ address: '/ip4/127.0.0.1/udp/9', state: 'down' });
});

test('one relay under two addresses is used once, under the other address when the first one fails', async () => {
  relay = await startRelay(dataDir);
  const { peerId, httpPort, multiaddrs } = relay;
  const dead = `/ip4/127.0.0.1/tcp/9/ws/p2p/${peerId}`;
  const byName = `/dns4/localhost/tcp/${httpPort}/ws/p2p/${peerId}`;
  people = peopleAt([dead, byName, ...multiaddrs]);
  const alice = watch(await people.join('Alice'));
  alice.transport.setPresence(under('twice'));
  await inState(alice, 'ready');
  const bob = watch(await people.join('Bob'));
  bob.transport.setPresence(under('twice'));
  await linkTo(alice, bob.transport);
  const inUse = alice.events.flatMap((event) =>
    event.type === 'relays' ? [event.relays.filter(({ state }) => state !== 'down').length] : [],
  );
  expect(Math.max(...inUse)).toBe(1);
  expect(relay.counters()['connections']?.value).toBe(2);
});
