import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RELAY_V2_STOP_CODEC } from '@libp2p/circuit-relay-v2';
import type { Connection, Stream, StreamMessageEvent } from '@libp2p/interface';
import { multiaddr } from '@multiformats/multiaddr';
import { describe, expect, onTestFinished, test } from 'vitest';
import { MAX_CIRCUIT_BACKLOG, SILENCE_MS, STREAM_WINDOW } from '../src/limits.ts';
import { RelayFault } from '../src/index.ts';
import {
  meetAt,
  moveIn,
  pour,
  relayAddress,
  reserve,
  runRelay,
  throughProxy,
  until,
  type Neighbour,
} from './neighbours.ts';
import type { Relay } from '../src/index.ts';

const BREAD = '/test/bread/1';
const STREAMS = 24;
const EACH = 500_000;
const TAG = '0a'.repeat(16);

const circuitTo = (relay: Relay, peer: string) => multiaddr(`${relayAddress(relay)}/p2p-circuit/p2p/${peer}`);

/** Counts what Alice receives; by `hold` she can stop reading. */
const receive = async (alice: Neighbour) => {
  const got = {
    bytes: 0,
    connection: undefined as Connection | undefined,
    stream: undefined as Stream | undefined,
  };
  await alice.handle(
    BREAD,
    (stream, connection) => {
      got.connection = connection;
      got.stream = stream;
      stream.addEventListener('message', (event: StreamMessageEvent) => {
        got.bytes += event.data.byteLength;
      });
    },
    { runOnLimitedConnection: true },
  );
  return got;
};

describe('circuits', () => {
  test('[S3] Alice and Bob meet by a tag, knowing only the relay, and talk through it', async () => {
    const relay = await runRelay();
    const [alice, bob] = [await moveIn(), await moveIn()];
    const got = await receive(alice);
    expect(await reserve(alice, relay)).toBe(true);
    const hers = await meetAt(alice, relay);
    hers.send({ type: 'register', request: 1, tags: [TAG], watch: [] });
    expect(await hers.next('registered')).toEqual({ type: 'registered', request: 1, listed: 1 });

    const his = await meetAt(bob, relay);
    his.send({ type: 'lookup', request: 9, tags: [TAG] });
    const { found } = await his.next('found');
    expect(found).toEqual([{ tag: TAG, peers: [alice.peerId.toString()] }]);

    const connection = await bob.dial(circuitTo(relay, found[0]?.peers[0] ?? ''));
    expect(connection.limits).toBeDefined();
    const stream = await connection.newStream(BREAD, { runOnLimitedConnection: true });
    stream.send(new TextEncoder().encode('two loaves'));
    await until(() => got.bytes === 10);
    expect(got.connection?.remotePeer.equals(bob.peerId)).toBe(true);
    expect(relay.counters()['circuits']?.value).toBe(1);
  });

  test('[I18] a reservation is freed when its peer goes, and the address has its seat back', async () => {
    const relay = await runRelay({ limits: { reservationsPerAddress: 1 } });
    const [alice, bob] = [await moveIn(), await moveIn()];
    expect(await reserve(alice, relay)).toBe(true);
    expect(relay.counters()['reservations']?.value).toBe(1);
    expect(await reserve(bob, relay)).toBe(false);
    await alice.stop();
    await until(() => relay.counters()['reservations']?.value === 0);
    expect(await reserve(bob, relay)).toBe(true);
  });

  test('[I18] one address can not take all reservations, whatever it says before its proxy', async () => {
    const relay = await runRelay({
      trustProxy: true,
      limits: { reservations: 4, reservationsPerAddress: 2 },
    });
    const here = await throughProxy(relay, '198.51.100.7');
    const crowd = await Promise.all([moveIn(), moveIn(), moveIn(), moveIn()]);
    const answers = await Promise.all(crowd.map((one) => reserve(one, here)));
    expect(answers.filter(Boolean)).toHaveLength(2);
    expect(relay.counters()['reservations']?.value).toBe(2);
    expect(await reserve(await moveIn(), await throughProxy(relay, '2001:db8::7'))).toBe(true);
  });

  test('[I18] without --trust-proxy nobody gets a seat by a header', async () => {
    const relay = await runRelay({ limits: { reservationsPerAddress: 1 } });
    expect(await reserve(await moveIn(), await throughProxy(relay, '198.51.100.7'))).toBe(true);
    expect(await reserve(await moveIn(), await throughProxy(relay, '198.51.100.8'))).toBe(false);
  });

  test('[I18] connections have a cap for each address, and a rate', async () => {
    const relay = await runRelay({ limits: { connectionsPerAddress: 2 } });
    const address = multiaddr(relayAddress(relay));
    await (await moveIn()).dial(address);
    await (await moveIn()).dial(address);
    await expect((await moveIn()).dial(address)).rejects.toThrow();
    const slow = await runRelay({ limits: { connectionsPerSecond: 1 } }, { elapsed: () => 0 });
    const crowd = await Promise.all([moveIn(), moveIn(), moveIn(), moveIn(), moveIn()]);
    const dials = await Promise.allSettled(crowd.map((one) => one.dial(multiaddr(relayAddress(slow)))));
    expect(dials.filter((one) => one.status === 'fulfilled')).toHaveLength(4);
    expect(slow.counters()['connections_refused_total']?.value).toBe(1);
  });

  test('[I18] one address can not open all circuits', async () => {
    const relay = await runRelay({ limits: { circuitsPerAddress: 1 } });
    const [alice, bob, carol] = [await moveIn(), await moveIn(), await moveIn()];
    await reserve(alice, relay);
    await bob.dial(circuitTo(relay, alice.peerId.toString()));
    await expect(carol.dial(circuitTo(relay, alice.peerId.toString()))).rejects.toThrow();
    expect(relay.counters()['circuits']?.value).toBe(1);
  });

  test('a peer that comes back over another network replaces its dead connection', async () => {
    const relay = await runRelay();
    const alice = await moveIn();
    await reserve(alice, relay);
    const first = alice.getConnections()[0];
    const second = await alice.dial(multiaddr(relayAddress(relay)), { force: true });
    await until(() => first?.status !== 'open' && relay.counters()['connections']?.value === 1);
    expect(second.status).toBe('open');
    expect(relay.counters()['reservations']?.value).toBe(1);
  });

  test('[I18] a connection that has gone silent is ended, and its reservation with it', async () => {
    let elapsed = 0;
    const relay = await runRelay({}, { elapsed: () => elapsed, sweepMs: 5 });
    const alice = await moveIn();
    await reserve(alice, relay);
    const connection = alice.getConnections()[0];
    expect(connection?.status).toBe('open');
    await until(() => {
      elapsed += SILENCE_MS + 1;
      return connection?.status !== 'open' && relay.counters()['reservations']?.value === 0;
    });
  });

  test('[I18] a circuit ends at its data limit', async () => {
    const relay = await runRelay({ limits: { circuitBytes: 200_000 } });
    const [alice, bob] = [await moveIn(), await moveIn()];
    const got = await receive(alice);
    await reserve(alice, relay);
    const connection = await bob.dial(circuitTo(relay, alice.peerId.toString()));
    const stream = await connection.newStream(BREAD, { runOnLimitedConnection: true });
    await pour(stream, new Uint8Array(2_000_000)).catch(() => undefined);
    await until(() => connection.status !== 'open' && relay.counters()['circuits']?.value === 0);
    expect(got.bytes).toBeLessThanOrEqual(200_000);
  });

  test('[I18] a receiver who does not read makes the sender wait, not the relay store', async () => {
    const relay = await runRelay();
    const [alice, bob] = [await moveIn(), await moveIn()];
    const got = await receive(alice);
    await reserve(alice, relay);
    const connection = await bob.dial(circuitTo(relay, alice.peerId.toString()));
    // Each stream inside the circuit has its own window: together they send far more than one may.
    const streams: Stream[] = [];
    for (let i = 0; i < STREAMS; i++) {
      const stream = await connection.newStream(BREAD, { runOnLimitedConnection: true });
      stream.send(new Uint8Array(1));
      streams.push(stream);
    }
    await until(() => got.bytes === STREAMS);
    const circuit = alice
      .getConnections()
      .flatMap((one) => one.streams)
      .find((one) => one.protocol === RELAY_V2_STOP_CODEC);
    circuit?.pause();
    let done = 0;
    const poured = Promise.all(
      streams.map((stream) => pour(stream, new Uint8Array(EACH)).then(() => done++)),
    );
    // Bob has sent what he can once nothing moves any more.
    const moved = (): number => relay.counters()['relayed_bytes_total']?.value ?? 0;
    let [last, quiet] = [-1, 0];
    await until(() => {
      quiet = moved() === last ? quiet + 1 : 0;
      last = moved();
      return quiet > 50 && (relay.counters()['backlog_bytes']?.value ?? 0) > MAX_CIRCUIT_BACKLOG;
    });
    expect(done).toBe(0);
    expect(relay.counters()['backlog_bytes']?.value).toBeLessThan(MAX_CIRCUIT_BACKLOG + 2 * STREAM_WINDOW);
    circuit?.resume();
    await poured;
    await until(() => got.bytes === STREAMS * (EACH + 1));
    await until(() => (relay.counters()['backlog_bytes']?.value ?? 0) < 4096);
  }, 20_000);
});

describe("the relay's identity", () => {
  const folder = async (): Promise<string> => {
    const dir = await mkdtemp(join(tmpdir(), 'corridor-relay-'));
    onTestFinished(() => rm(dir, { recursive: true }));
    return dir;
  };

  test('a restart with the same folder keeps the address; without one it is new', async () => {
    const dataDir = join(await folder(), 'kept');
    const first = await runRelay({ dataDir });
    await first.stop();
    const second = await runRelay({ dataDir });
    expect(second.peerId).toBe(first.peerId);
    expect((await stat(join(dataDir, 'identity.key'))).mode & 0o077).toBe(0);
    expect((await runRelay()).peerId).not.toBe((await runRelay()).peerId);
  });

  test('two relays that start at once with one folder agree on the key', async () => {
    const dataDir = join(await folder(), 'shared');
    const both = await Promise.all([runRelay({ dataDir }), runRelay({ dataDir })]);
    expect(both[0].peerId).toBe(both[1].peerId);
  });

  test('a damaged key is told, never silently replaced', async () => {
    const dataDir = await folder();
    const file = join(dataDir, 'identity.key');
    await writeFile(file, 'not a key');
    await expect(runRelay({ dataDir })).rejects.toThrow(RelayFault);
    await expect(runRelay({ dataDir })).rejects.toThrow(/is damaged. Put a copy of it back/);
    expect(await readFile(file, 'utf8')).toBe('not a key');
  });
});
