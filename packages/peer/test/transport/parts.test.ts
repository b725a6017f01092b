import { createServer } from 'node:http';
import { once } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Clock, RelayState } from '../../src/ports.ts';
import { backoff } from '../../src/transport/backoff.ts';
import { createBans } from '../../src/transport/bans.ts';
import { MAX_BANS, MAX_RELAY_LIST, MAX_RELAY_LIST_BYTES } from '../../src/transport/limits.ts';
import { relaysForInvite, relaysOfInvite } from '../../src/transport/inviteRelays.ts';
import { readRelayAddress } from '../../src/transport/relayAddress.ts';
import { fetchRelayList, readRelayList } from '../../src/transport/relayList.ts';
import { decodeRelayMemory, encodeRelayMemory } from '../../src/transport/relayMemory.ts';
import { readRelayText } from '../../src/transport/relayText.ts';

const PEER = '12D3KooWJvyP3VJYymTqG7e6mJ9iNBB6MxWcpBfyGwFv4YiuRDd5';

describe('relay addresses', () => {
  test.each([
    [{ host: 'relay.example.org', secure: true, port: 443 }, '/dns/relay.example.org/tcp/443/tls/ws'],
    [{ host: '192.168.1.7', secure: false, port: 4700, path: '/' }, '/ip4/192.168.1.7/tcp/4700/ws'],
    [{ host: 'fd00::2', secure: false, port: 4700 }, '/ip6/fd00::2/tcp/4700/ws'],
  ])('%o', (parts, address) => {
    expect(readRelayAddress({ peerId: PEER, ...parts })).toEqual({
      ok: true,
      value: { peerId: PEER, host: parts.host, address: `${address}/p2p/${PEER}`, secure: parts.secure },
    });
  });

  test.each([
    ['', 'not a WebSocket'],
    ['relay.example.org', 'not a multiaddr'],
    ['/ip4/127.0.0.1/tcp/1', 'not a WebSocket'],
    [`/ip4/127.0.0.1/tcp/1/p2p/${PEER}`, 'not a WebSocket'],
    ['/ip4/127.0.0.1/tcp/1/ws', 'does not end in a peer id'],
    [`/ip4/127.0.0.1/tcp/1/ws/p2p/${PEER}/p2p-circuit/p2p/${PEER}`, 'behind another relay'],
  ])('"%s" is refused: %s', (address, reason) => {
    expect(readRelayAddress(address)).toEqual({
      ok: false,
      fault: { fault: 'relay-address', address, reason },
    });
  });

  test('[I18] an address longer than any may be is refused unread', () => {
    const long = `/ip6/${'/'.repeat(16_000)}`;
    expect(readRelayAddress(long)).toMatchObject({ ok: false, fault: { reason: 'too long' } });
  });

  test('a path that libp2p cannot dial, and a host that is none, are refused', () => {
    const relay = { peerId: PEER, host: 'relay.example.org', port: 443, secure: true };
    expect(readRelayAddress({ ...relay, path: '/relay' })).toMatchObject({ ok: false });
    expect(readRelayAddress({ ...relay, host: '' })).toMatchObject({ ok: false });
    expect(readRelayAddress({ ...relay, port: 99_999 })).toMatchObject({ ok: false });
  });
});

describe('relay.json', () => {
  test('names the relay that serves it and the others it knows', () => {
    const other = `/dns4/other.example.org/tcp/443/tls/ws/p2p/${PEER}`;
    const json = { peerId: PEER, path: '/', stunPort: 3478, otherRelays: [other, 7] };
    const list = readRelayList(json, 'https://[fd00::2]/relay.json');
    expect(list).toEqual({
      ok: true,
      value: [{ peerId: PEER, host: 'fd00::2', port: 443, path: '/', secure: true }, other],
    });
    expect(list.ok && list.value.map(readRelayAddress)).toMatchObject([{ ok: true }, { ok: true }]);
  });

  test.each([[null], ['a page'], [{}], [{ peerId: 7 }], [{ peerId: PEER, path: 1 }]])(
    '%o is none',
    (json) => {
      expect(readRelayList(json, 'http://localhost:4700/relay.json')).toMatchObject({ ok: false });
    },
  );
});

describe('a host that names relays', () => {
  const OTHER = `/dns4/other.example.org/tcp/443/tls/ws/p2p/${PEER}`;
  test('need be none itself', () => {
    expect(readRelayList({ otherRelays: [OTHER] }, 'https://app.example.org/relay.json')).toEqual({
      ok: true,
      value: [OTHER],
    });
  });

  test('[I18] is read up to a bound, and only so many of what it names', async () => {
    let body = '';
    const server = createServer((_request, response) => response.end(body)).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const address = server.address();
    const base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`;
    const ask = () => fetchRelayList(base, AbortSignal.timeout(5000));
    const json = (relays: readonly string[]): string => JSON.stringify({ otherRelays: relays });
    body = json(Array.from({ length: 50 }, () => OTHER));
    expect(await ask()).toHaveLength(MAX_RELAY_LIST);
    body = json([OTHER]).padEnd(MAX_RELAY_LIST_BYTES + 1);
    expect(await ask()).toEqual([]);
    body = 'no list';
    expect(await ask()).toEqual([]);
  });

  test('is remembered as it was read, and nothing else is taken for a memory', () => {
    const own = { peerId: PEER, host: 'relay.example.org', port: 443, secure: true };
    const list = [`/dns/relay.example.org/tcp/443/tls/ws/p2p/${PEER}`, OTHER];
    expect(decodeRelayMemory(encodeRelayMemory([own, OTHER, 'no relay']))).toEqual(list);
    for (const text of [null, undefined, '', '{', '{}', '7', ' '.repeat(MAX_RELAY_LIST_BYTES + 1)])
      expect(decodeRelayMemory(text)).toEqual([]);
    expect(decodeRelayMemory(JSON.stringify([OTHER, 7, null]))).toEqual([OTHER]);
  });
});

describe('relays in invites', () => {
  const PEERS = [PEER, '12D3KooWGZCn4hJT4tNV4h8jy48WWtftXQXCDRUWArbEv1EuGWmw'];
  const app = 'https://app.example.org';
  const own = `/dns/app.example.org/tcp/443/tls/ws/p2p/${PEERS[0]}`;
  const other = (n: number, peer = PEERS[1]): string => `/dns4/r${n}.example.org/tcp/443/tls/ws/p2p/${peer}`;
  const states = (...list: readonly (readonly [string, RelayState['state']])[]): readonly RelayState[] =>
    list.map(([address, state]) => ({ address, state }));

  test('are those that work and do not serve the app, each once', () => {
    const third = other(3, '12D3KooWQ1UUbxPu2s7MLrsKGJ71XqrmaipiKs8VJFzpu27wN3Je');
    const fourth = other(4, '12D3KooWJbeHT5BUzD1vAVLJmBX4hqzQ8C8fJbQhbBcQ8kBq5C3c');
    const named = relaysForInvite(
      states(
        [own, 'ready'],
        [other(1, PEERS[0]), 'ready'],
        [other(1), 'ready'],
        [other(2), 'ready'],
        ['no address', 'ready'],
        [third, 'ready'],
        [fourth, 'ready'],
      ),
      app,
    );
    expect(named).toEqual([other(1), third]);
    expect(relaysForInvite(states([own, 'ready'], [other(1), 'down']), app)).toEqual([]);
  });

  test('are all there are while nothing works, as without a network', () => {
    expect(relaysForInvite(states([own, 'down'], [other(1), 'down']), app)).toEqual([other(1)]);
  });

  test('are left out where they are longer than an invite holds', () => {
    const long = `/dns4/${'a'.repeat(60)}.example.org/tcp/443/tls/ws/p2p/${PEERS[1]}`;
    expect(long.length).toBeGreaterThan(128);
    expect(relaysForInvite(states([long, 'ready']), app)).toEqual([]);
  });

  test('are believed only as WebSockets that end in a peer id, and no more than an invite holds', () => {
    const evil = [
      'https://relay.example.org/',
      `/ip4/10.0.0.1/tcp/22/p2p/${PEER}`,
      `/dns4/a.example.org;b/tcp/1/ws/p2p/${PEER}`,
      `${own}/p2p-circuit/p2p/${PEER}`,
      '/dns4/a.example.org/tcp/443/tls/ws',
      `/unix/a/tcp/1/ws/p2p/${PEER}`,
    ];
    expect(relaysOfInvite([...evil, own, other(1), other(2)])).toEqual([own, other(1)]);
    for (const address of evil) expect(readRelayText(address)).toBeUndefined();
    expect(readRelayText(`/ip6/fd00::2/tcp/4700/ws/p2p/${PEER}`)).toEqual({
      host: 'fd00::2',
      port: 4700,
      secure: false,
      peerId: PEER,
    });
  });
});

describe('bans', () => {
  const at = (time: { now: number }): Clock => ({ now: () => time.now, after: () => () => undefined });

  test('Mallory is refused for as long as the ban lasts, and a shorter one does not shorten it', () => {
    const time = { now: 0 };
    const bans = createBans(at(time));
    bans.add('Mallory', 60);
    bans.add('Mallory', 1);
    time.now = 59_999;
    expect(bans.has('Mallory')).toBe(true);
    time.now = 60_000;
    expect(bans.has('Mallory')).toBe(false);
    expect(bans.has('Bob')).toBe(false);
  });

  test('[I18] only so many are remembered: the oldest goes first', () => {
    const bans = createBans(at({ now: 0 }));
    for (let i = 0; i <= MAX_BANS; i++) bans.add(`stranger ${i}`, 60);
    expect(bans.has('stranger 0')).toBe(false);
    expect(bans.has('stranger 1')).toBe(true);
    expect(bans.has(`stranger ${MAX_BANS}`)).toBe(true);
  });
});

test('waits double up to the longest one, and chance takes at most half off', () => {
  const bounds = { first: 100, longest: 1000 };
  const least = (length: number): Uint8Array => new Uint8Array(length);
  const most = (length: number): Uint8Array => new Uint8Array(length).fill(255);
  expect([0, 1, 2, 3, 4, 50].map((failures) => backoff(failures, bounds, most))).toEqual([
    100, 200, 400, 800, 1000, 1000,
  ]);
  expect([0, 50].map((failures) => backoff(failures, bounds, least))).toEqual([50, 500]);
});
