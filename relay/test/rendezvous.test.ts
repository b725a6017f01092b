import { multiaddr } from '@multiformats/multiaddr';
import { describe, expect, test } from 'vitest';
import { MAX_RENDEZVOUS_TAGS, type RendezvousReply } from '@corridor/sync/rendezvous';
import {
  MAX_NOTICES,
  MAX_PEERS_PER_TAG,
  MAX_REFUSALS,
  NOTICES_AT_ONCE,
  NOTICES_PER_SECOND,
} from '../src/limits.ts';
import { createRendezvousBoard } from '../src/rendezvousBoard.ts';
import { meetAt, moveIn, relayAddress, runRelay, standAt, until } from './neighbours.ts';

const DAY_MS = 86_400_000;
const MARKET = '11'.repeat(16);
const SCHOOL = '22'.repeat(16);
const HARBOUR = '33'.repeat(16);
const peer = (n: number): string => `12D3KooW${n.toString().replaceAll('0', 'z').padStart(44, 'A')}`;

const tagOf = (n: number): string => n.toString(16).padStart(32, '0');

/** A board whose clock stands still until somebody waits, and peers who keep what they are told. */
const openBoard = (lookupsPerMinute = 1000) => {
  let now = 0;
  const board = createRendezvousBoard(
    lookupsPerMinute,
    () => now,
    () => 0,
  );
  const arrive = (name: string) => {
    const told: RendezvousReply[] = [];
    let ended: string | undefined;
    const session = board.join(
      name,
      (reply) => void told.push(reply),
      (reason) => (ended = reason),
    );
    const register = (tags: string[], watch: string[] = []): void =>
      session.handle({ type: 'register', request: 1, tags, watch });
    const lookup = (tags: string[]): RendezvousReply | undefined => {
      session.handle({ type: 'lookup', request: 2, tags });
      return told.at(-1);
    };
    const notices = () => told.filter((reply) => reply.type === 'notice');
    return { name, told, session, register, lookup, notices, ended: () => ended };
  };
  return { board, arrive, wait: (ms: number) => void (now += ms) };
};

describe('the board', () => {
  test('[S3] a newcomer is announced to those who stand under the tag or watch it, and to no one else', () => {
    const { arrive } = openBoard();
    const [alice, bob, carol, dora] = [arrive(peer(1)), arrive(peer(2)), arrive(peer(3)), arrive(peer(4))];
    alice.register([MARKET]);
    carol.register([], [MARKET]);
    dora.register([SCHOOL], [HARBOUR]);
    bob.register([MARKET]);
    const notice = { type: 'notice', tag: MARKET, peer: bob.name };
    expect(alice.notices()).toEqual([notice]);
    expect(carol.notices()).toEqual([{ type: 'notice', tag: MARKET, peer: bob.name }]);
    expect(dora.notices()).toEqual([]);
    expect(bob.notices()).toEqual([]);
    bob.register([MARKET, SCHOOL]);
    expect(alice.notices()).toHaveLength(1);
    expect(dora.notices()).toEqual([{ type: 'notice', tag: SCHOOL, peer: bob.name }]);
  });

  test('[S3] who only watches is not listed, and nobody finds themselves', () => {
    const { arrive } = openBoard();
    const [alice, carol] = [arrive(peer(1)), arrive(peer(3))];
    alice.register([MARKET]);
    carol.register([], [MARKET]);
    expect(carol.lookup([MARKET, SCHOOL])).toMatchObject({
      found: [
        { tag: MARKET, peers: [alice.name] },
        { tag: SCHOOL, peers: [] },
      ],
    });
    expect(alice.lookup([MARKET])).toMatchObject({ found: [{ tag: MARKET, peers: [] }] });
  });

  test('registering replaces the whole set, and leaving takes all of it away', () => {
    const { board, arrive } = openBoard();
    const [alice, bob] = [arrive(peer(1)), arrive(peer(2))];
    alice.register([MARKET, SCHOOL]);
    alice.register([HARBOUR]);
    expect(bob.lookup([MARKET])).toMatchObject({ found: [{ peers: [] }] });
    expect(bob.lookup([HARBOUR])).toMatchObject({ found: [{ peers: [alice.name] }] });
    alice.session.leave();
    expect(bob.lookup([HARBOUR])).toMatchObject({ found: [{ peers: [] }] });
    expect(board.tags).toBe(0);
  });

  test('a peer who comes back replaces their old stream, and the old one takes nothing with it', () => {
    const { arrive } = openBoard();
    const bob = arrive(peer(2));
    const old = arrive(peer(1));
    old.register([MARKET]);
    const fresh = arrive(peer(1));
    expect(old.ended()).toBeDefined();
    fresh.register([MARKET]);
    old.session.leave();
    old.register([SCHOOL]);
    expect(bob.lookup([MARKET, SCHOOL])).toMatchObject({ found: [{ peers: [peer(1)] }, { peers: [] }] });
  });

  test('[I18] a crowded tag lists a bounded number, and answers with a bounded sample', () => {
    const { arrive } = openBoard();
    const crowd = Array.from({ length: MAX_PEERS_PER_TAG + 1 }, (_, i) => arrive(peer(i + 1)));
    for (const one of crowd) one.register([MARKET]);
    expect(crowd.at(-1)?.told.at(-1)).toEqual({ type: 'registered', request: 1, listed: 0 });
    const answer = arrive(peer(9999)).lookup([MARKET, SCHOOL, HARBOUR, '44'.repeat(16)]);
    expect(answer?.type === 'found' && answer.found.map((one) => one.peers.length)).toEqual([64, 0, 0, 0]);
  });

  test('[I18] one who comes under many crowded tags, again and again, is told to a bounded number, and found by all', () => {
    const { arrive, wait } = openBoard();
    const tags = Array.from({ length: MAX_RENDEZVOUS_TAGS }, (_, i) => tagOf(i));
    const crowd = Array.from({ length: MAX_PEERS_PER_TAG - 1 }, (_, i) => arrive(peer(i + 1)));
    for (const one of crowd) one.register(tags, tags);
    const mallory = arrive(peer(9999));
    const heard = (): number => crowd.reduce((sum, one) => sum + one.told.length, 0);
    const comes = (): number => {
      const before = heard();
      mallory.register([]);
      mallory.register(tags);
      return heard() - before;
    };
    // What the crowd itself has caused is over.
    wait(60_000);
    expect(comes()).toBe(MAX_NOTICES);
    let all = 0;
    for (let i = 0; i < 200; i++) all += comes();
    expect(all).toBe(NOTICES_AT_ONCE - MAX_NOTICES);
    expect(comes()).toBe(0);
    expect(crowd[0]?.lookup([tagOf(63)])).toMatchObject({
      found: [{ peers: expect.arrayContaining([mallory.name]) }],
    });
    wait(1000);
    expect(comes() + comes() + comes()).toBe(NOTICES_PER_SECOND);
  });

  test('[I18] whoever asks too fast is refused, then cut off; a new stream brings no new allowance', () => {
    const { arrive } = openBoard(3);
    const eve = arrive(peer(5));
    for (let i = 0; i < 3; i++) expect(eve.lookup([MARKET])?.type).toBe('found');
    expect(eve.lookup([MARKET])).toEqual({ type: 'refused', request: 2, reason: 'too-fast' });
    const again = arrive(peer(5));
    expect(again.lookup([MARKET])?.type).toBe('refused');
    for (let i = 0; i < MAX_REFUSALS; i++) again.lookup([MARKET]);
    expect(again.ended()).toBeDefined();
    expect(arrive(peer(6)).lookup([MARKET])?.type).toBe('found');
  });
});

describe('the rendezvous on the network', () => {
  test("[S3] the greeting tells the relay's day and STUN, and tells the day again when it changes", async () => {
    let now = 20_000 * DAY_MS + 5;
    const relay = await runRelay(
      { stunPort: 0, stunHost: 'stun.example.org' },
      { now: () => now, sweepMs: 5 },
    );
    const stand = await meetAt(await moveIn(), relay);
    const greeting = await stand.next('greeting');
    expect(greeting).toEqual({
      type: 'greeting',
      day: 20_000,
      stunHost: 'stun.example.org',
      stunPort: relay.stunPort,
    });
    expect(relay.stunPort).toBeGreaterThan(0);
    now = 20_001 * DAY_MS;
    expect((await stand.next('greeting')).day).toBe(20_001);
  });

  test('[S3] Alice hears of Bob as he registers, and he is gone when his connection is', async () => {
    const relay = await runRelay();
    const [alice, bob] = [await moveIn(), await moveIn()];
    const hers = await meetAt(alice, relay);
    hers.send({ type: 'register', request: 1, tags: [], watch: [MARKET] });
    await hers.next('registered');
    const his = await meetAt(bob, relay);
    his.send({ type: 'register', request: 1, tags: [MARKET], watch: [] });
    expect(await hers.next('notice')).toEqual({ type: 'notice', tag: MARKET, peer: bob.peerId.toString() });
    expect(relay.counters()['rendezvous_tags']?.value).toBe(1);
    await bob.stop();
    await until(() => relay.counters()['rendezvous_tags']?.value === 0);
    hers.send({ type: 'lookup', request: 2, tags: [MARKET] });
    expect((await hers.next('found')).found).toEqual([{ tag: MARKET, peers: [] }]);
  });

  test('[I18] nonsense, oversize and messages that only relays send end the stream and nothing else', async () => {
    const relay = await runRelay();
    const eve = await moveIn();
    const connection = await eve.dial(multiaddr(relayAddress(relay)));
    for (const bytes of [Uint8Array.of(0, 1, 99), Uint8Array.of(255, 255), Uint8Array.of(0, 4, 3, 0, 1, 1)]) {
      const stand = await standAt(connection);
      await stand.next('greeting');
      stand.stream.send(bytes);
      await until(() => stand.stream.status !== 'open');
    }
    const stand = await standAt(connection);
    stand.send({ type: 'lookup', request: 3, tags: [MARKET] });
    expect((await stand.next('found')).request).toBe(3);
  });
});
