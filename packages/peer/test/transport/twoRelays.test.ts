import type { Relay } from '@corridor/relay';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { under, watch } from '@corridor/testing/transportContract';
import type { Watcher } from '@corridor/testing/transportContract';
import { createNodeTransport, fetchRelayList } from '../../src/transport/node.ts';
import type { Libp2pTransport, Libp2pTransportOptions } from '../../src/transport/node.ts';
import { seedOf, startRelay, twoRelays } from './lab.ts';
import { clock, random } from './wallClock.ts';

let dirs: [string, string];
let relays: [Relay, Relay];
let running: Libp2pTransport[];

beforeEach(async () => {
  const folder = () => mkdtemp(join(tmpdir(), 'corridor-relay-'));
  dirs = [await folder(), await folder()];
  relays = await twoRelays(dirs);
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map((transport) => transport.stop()));
  await Promise.all(relays.map((relay) => relay.stop()));
  for (const dir of dirs) await rm(dir, { recursive: true });
});

async function joinAs(name: string, more: Partial<Libp2pTransportOptions>): Promise<Watcher> {
  const options = { identitySeed: seedOf(name), relays: [], clock, random, ...more };
  const transport = await createNodeTransport(options);
  running.push(transport);
  const watcher = watch(transport);
  transport.setPresence(under('market'));
  return watcher;
}
/** Somebody whose app is served by that relay. */
const at = (name: string, { httpPort }: Relay): Promise<Watcher> =>
  joinAs(name, { fetchRelays: (signal) => fetchRelayList(`http://127.0.0.1:${httpPort}/`, signal) });

/** Says a word over every link that opens until it is heard: the first may run over the relay that just died. */
async function talk(from: Watcher, to: Watcher, word: number): Promise<void> {
  const told = new Set<string>();
  const heard = (): true | undefined => {
    for (const { id, remote } of from.links()) {
      if (remote !== to.transport.self || told.has(id)) continue;
      told.add(id);
      from.transport.send(id, Uint8Array.of(word));
    }
    const words = to.events.flatMap((event) => (event.type === 'message' ? [event.bytes[0]] : []));
    return words.includes(word) ? true : undefined;
  };
  await Promise.race([from.until(heard), to.until(heard)]);
}

test('who got the app from one relay meets who got it from the other, and when either relay dies they go on', async () => {
  const [alice, bob] = [await at('Alice', relays[0]), await at('Bob', relays[1])];
  await talk(alice, bob, 1);
  for (const [word, dead] of [
    [2, 0],
    [3, 1],
  ] as const) {
    const { httpPort } = relays[dead];
    await relays[dead].stop();
    await talk(alice, bob, word);
    const other = relays[1 - dead]?.multiaddrs.slice(0, 1) ?? [];
    relays[dead] = await startRelay(dirs[dead], httpPort, { otherRelays: other });
    for (const who of [alice, bob])
      await who.until(() => {
        const last = who.events.findLast((event) => event.type === 'relays')?.relays ?? [];
        return last.filter(({ state }) => state === 'ready').length === 2 ? true : undefined;
      });
  }
});

test('a start while the relay that serves the app is gone goes by what its host named before', async () => {
  const base = `http://127.0.0.1:${relays[0].httpPort}/`;
  const announced = await fetchRelayList(base, AbortSignal.timeout(5000));
  expect(announced).toHaveLength(2);
  await relays[0].stop();
  const alice = await joinAs('Alice', { announced, fetchRelays: (signal) => fetchRelayList(base, signal) });
  const bob = await at('Bob', relays[1]);
  await talk(alice, bob, 1);
});

test('who was invited to a relay that the app’s host does not name meets the circle there', async () => {
  const strange = await startRelay(undefined);
  try {
    const alice = await joinAs('Alice', { relays: strange.multiaddrs });
    const bob = await joinAs('Bob', {
      relays: strange.multiaddrs.slice(0, 1),
      fetchRelays: (signal) => fetchRelayList(`http://127.0.0.1:${relays[0].httpPort}/`, signal),
    });
    await talk(alice, bob, 1);
  } finally {
    await strange.stop();
  }
});
