import { describe, expect, test } from 'vitest';
import type { Clock } from '../../src/ports.ts';
import { backoff } from '../../src/transport/backoff.ts';
import { createBans } from '../../src/transport/bans.ts';
import { MAX_BANS } from '../../src/transport/limits.ts';
import { readRelayAddress } from '../../src/transport/relayAddress.ts';
import { readRelayList } from '../../src/transport/relayList.ts';

const PEER = '12D3KooWJvyP3VJYymTqG7e6mJ9iNBB6MxWcpBfyGwFv4YiuRDd5';

describe('relay addresses', () => {
  test.each([
    [{ host: 'relay.example.org', secure: true, port: 443 }, '/dns/relay.example.org/tcp/443/tls/ws'],
    [{ host: '192.168.1.7', secure: false, port: 4700, path: '/' }, '/ip4/192.168.1.7/tcp/4700/ws'],
    [{ host: 'fd00::2', secure: false, port: 4700 }, '/ip6/fd00::2/tcp/4700/ws'],
  ])('%o', (parts, address) => {
    expect(readRelayAddress({ peerId: PEER, ...parts })).toEqual({
      ok: true,
      value: { peerId: PEER, host: parts.host, address: `${address}/p2p/${PEER}` },
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
