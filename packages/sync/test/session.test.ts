import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeMessage } from '../src/index.ts';
import { ALONE_MS } from '../src/limits.ts';
import type { FeedName } from '../src/index.ts';
import { afterGreeting, bytesSent, meet } from './meeting.ts';
import {
  accountOf,
  copyInto,
  createReplica,
  deviceNamed,
  foundCircle,
  hashNamed,
  voiceOf,
  witnessOf,
} from './replica.ts';
import type { Replica } from './replica.ts';
import { RUNS } from './runs.ts';

const twins = (): readonly [Replica, Replica] => {
  const alice = foundCircle(['Bob', 'Carol']);
  const bob = createReplica('Bob');
  copyInto(alice, bob);
  return [alice, bob];
};

describe('two replicas of one circle', () => {
  test('[§5] Alice and Bob hold the same: one small message each way, and both are live', () => {
    const [alice, bob] = twins();
    const { left, right, settle } = meet(alice, bob);
    expect(settle()).toBe(true);
    expect(afterGreeting(left)).toEqual(['root']);
    expect(afterGreeting(right)).toEqual(['root']);
    expect(bytesSent(left, 'root')).toBeLessThanOrEqual(40);
    expect(bytesSent(right, 'root')).toBeLessThanOrEqual(40);
    expect([left.session.state(), right.session.state()]).toEqual(['live', 'live']);
    expect(left.states).toEqual(['proving', 'comparing', 'live']);
  });

  test('[§5] Bob lacks ten of many entries: one round trip to know, one to have, then silence', () => {
    const [alice, bob] = twins();
    for (let i = 0; i < 200; i++) alice.append(accountOf(0), 320);
    copyInto(alice, bob);
    for (let i = 0; i < 200; i++)
      bob.accept({ feed: accountOf(0), fromSeq: 0, items: alice.chains.get('0.0.0')?.items ?? [] });
    const missing = Array.from({ length: 10 }, () => alice.append(accountOf(0), 320));
    const { left, right, settle } = meet(alice, bob);
    expect(settle()).toBe(true);
    expect(bob.contents()).toEqual(alice.contents());
    expect(afterGreeting(right)).toEqual(['root', 'frontier', 'want']);
    expect(afterGreeting(left)).toEqual(['root', 'frontier', 'have']);

    const payload = missing.reduce((sum, run) => sum + (run.items[0]?.sealed.length ?? 0), 0);
    const frontier = bytesSent(left, 'frontier') + bytesSent(right, 'frontier');
    const rest = bytesSent(left, 'root', 'have', 'credit') + bytesSent(right, 'root', 'want', 'credit');
    expect(rest).toBeLessThanOrEqual(payload * 1.1);
    expect(frontier).toBeLessThanOrEqual(2 * (3 * 16 + 4));
  });

  test('[§5] a thousand missing entries in fifty feeds cost at most 1.10 times their bytes and 16 bytes a feed', () => {
    const [alice, bob] = twins();
    let payload = 0;
    for (let i = 0; i < 1000; i++) {
      const run = alice.append(accountOf(i % 50), 320);
      payload += run.items[0]?.sealed.length ?? 0;
    }
    const { left, right, settle } = meet(alice, bob);
    expect(settle()).toBe(true);
    expect(bob.contents()).toEqual(alice.contents());
    const frontier = bytesSent(left, 'frontier') + bytesSent(right, 'frontier');
    const feeds = alice.chains.size + 2;
    expect(frontier).toBeLessThanOrEqual(feeds * 16 + 8);
    expect(bytesSent(left) + bytesSent(right) - frontier).toBeLessThanOrEqual(payload * 1.1);
  });

  test('[§5] a cold start brings the log first, then accounts, then voices, and no batch over 48 KiB', () => {
    const alice = foundCircle(['Bob']);
    for (let i = 0; i < 300; i++) alice.append(voiceOf(0), 320);
    for (let i = 0; i < 300; i++) alice.append(accountOf(0), 320);
    for (let i = 0; i < 300; i++) alice.append(witnessOf(0), 320);
    const bob = createReplica('Bob');
    const { left, right, settle } = meet(alice, bob);
    expect(settle()).toBe(true);
    expect(bob.contents()).toEqual(alice.contents());
    const lanes = right.delivered.map((line) => Number(line.split('/')[1]));
    expect(lanes.filter((lane, i) => lane !== lanes[i - 1])).toEqual([3, 2, 0, 1]);
    for (const { message, bytes } of left.sent)
      if (message.type === 'have') expect(bytes).toBeLessThanOrEqual(48 * 1024);
    expect(right.states.at(-1)).toBe('live');
  });

  test('[I9] replicas converge whatever they hold, in any interleaving, with any window', () => {
    const feeds: readonly FeedName[] = [
      accountOf(0),
      accountOf(1),
      voiceOf(1),
      witnessOf(0),
      accountOf(2),
      voiceOf(2),
    ];
    const story = fc.array(
      fc.record({
        feed: fc.nat({ max: feeds.length - 1 }),
        size: fc.integer({ min: 65, max: 3000 }),
        by: fc.constantFrom('left', 'right', 'both'),
        live: fc.boolean(),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(
        story,
        fc.infiniteStream(fc.nat({ max: 11 })),
        fc.constantFrom(8 * 1024, 12_345, 64 * 1024, 256 * 1024),
        (entries, choices, window) => {
          const [alice, bob] = twins();
          // Each feed has one author: what the other side has of it, it has from the start of the chain.
          const author = feeds.map((_, i) => (i % 2 === 0 ? alice : bob));
          const early = entries.filter((entry) => !entry.live);
          for (const { feed, size, by } of early) {
            const name = feeds[feed] ?? accountOf(0);
            const mine = author[feed] ?? alice;
            mine.append(name, size);
            const other = mine === alice ? bob : alice;
            const chain = mine.chains.get(`0.${name.ordinal}.${name.lane}.0`);
            if (by === 'both' && chain !== undefined)
              other.accept({ feed: name, fromSeq: 0, items: chain.items });
          }
          const meeting = meet(alice, bob, { left: { window }, right: { window } });
          const choose = (): number => choices.next().value ?? 0;
          for (const { feed, size } of entries.filter((entry) => entry.live)) {
            for (let i = choose(); i > 0; i--) meeting.step(choose());
            const name = feeds[feed] ?? accountOf(0);
            const end = (author[feed] ?? alice) === alice ? meeting.left : meeting.right;
            end.act(end.session.news([end.replica.append(name, size)]));
          }
          expect(meeting.settle(choose)).toBe(true);
          // News that found no credit is found by the next comparison.
          for (const now of [0, 20_000, 40_000]) {
            for (const end of [meeting.left, meeting.right]) end.act(end.session.tick(now));
            expect(meeting.settle(choose)).toBe(true);
          }
          expect([...meeting.left.faults, ...meeting.right.faults]).toEqual([]);
          expect(alice.contents()).toEqual(bob.contents());
          expect([meeting.left.session.state(), meeting.right.session.state()]).toEqual(['live', 'live']);
        },
      ),
      { numRuns: Math.max(100, Math.round(RUNS / 4)) },
    );
  });

  test('[§5] both lack something: when both have fetched, one more pair of roots says that they agree', () => {
    const [alice, bob] = twins();
    alice.append(accountOf(0), 320);
    bob.append(accountOf(1), 320);
    const { left, right, settle } = meet(alice, bob);
    settle();
    for (const end of [left, right]) {
      const roots = end.sent.flatMap(({ message }) => (message.type === 'root' ? [message.roots] : []));
      expect(roots.length).toBe(2);
      expect(afterGreeting(end).at(-1)).toBe('root');
    }
    expect(bob.contents()).toEqual(alice.contents());
  });

  test('[§5] meeting again costs one small message each way, and the same bytes twice change nothing', () => {
    const [alice, bob] = twins();
    for (let i = 0; i < 30; i++) alice.append(accountOf(0), 500);
    expect(meet(alice, bob).settle()).toBe(true);
    const before = bob.contents();
    const again = meet(bob, alice);
    expect(again.settle()).toBe(true);
    expect(afterGreeting(again.left)).toEqual(['root']);
    const run = {
      feed: accountOf(0),
      fromSeq: 10,
      items: alice.chains.get('0.0.0')?.items.slice(10) ?? [],
    };
    again.left.act(again.left.session.receive(encodeMessage({ type: 'push', runs: [run] })));
    expect(again.settle()).toBe(true);
    expect(again.left.faults).toEqual([]);
    expect(bob.contents()).toEqual(before);
  });
});

describe('live', () => {
  test('[§5] Alice pays: one PUSH, no echo, and no comparison is needed', () => {
    const [alice, bob] = twins();
    const { left, right, settle } = meet(alice, bob);
    settle();
    const sentBefore = right.sent.length;
    left.act(left.session.news([alice.append(accountOf(0), 320)]));
    settle();
    expect(left.sent.at(-1)?.message.type).toBe('push');
    expect(bob.contents()).toEqual(alice.contents());
    // Bob tells his other peers; on this link there is nobody to tell.
    right.act(
      right.session.news([{ feed: accountOf(0), fromSeq: 0, items: bob.chains.get('0.0.0')?.items ?? [] }]),
    );
    settle();
    expect(right.sent.length).toBe(sentBefore);
  });

  test('[§5] Bob is pushed an entry whose predecessors he lacks, and asks for them', () => {
    const [alice, bob] = twins();
    const { left, right, settle } = meet(alice, bob);
    settle();
    for (let i = 0; i < 5; i++) alice.append(accountOf(0), 320);
    left.act(left.session.news([alice.append(accountOf(0), 320)]));
    settle();
    expect(right.sent.map(({ message }) => message.type)).toContain('want');
    expect(bob.contents()).toEqual(alice.contents());
  });

  test('[§5] what no push brought is found by a comparison within a quarter of a minute', () => {
    const [alice, bob] = twins();
    const { left, right, settle } = meet(alice, bob);
    settle();
    for (const end of [left, right]) end.act(end.session.tick(1000));
    alice.append(accountOf(0), 320);
    left.act(left.session.shelfChanged());
    left.act(left.session.tick(10_000));
    settle();
    expect(bob.contents()).not.toEqual(alice.contents());
    left.act(left.session.tick(16_000));
    settle();
    expect(bob.contents()).toEqual(alice.contents());
    // Alice opened this one, so she sends only the row that differs.
    const rows = left.sent.flatMap(({ message }) => (message.type === 'frontier' ? message.rows : []));
    expect(rows.length).toBe(1);
  });

  test('[§5] a feed that another session is fetching is left to it, and asked for when it is free', () => {
    const [alice, bob] = twins();
    for (let i = 0; i < 5; i++) alice.append(accountOf(0), 320);
    let elsewhere = true;
    const { left, right, settle } = meet(alice, bob, { right: { busy: () => elsewhere } });
    settle();
    expect(left.sent.map(({ message }) => message.type)).not.toContain('have');
    elsewhere = false;
    right.act(right.session.shelfChanged());
    settle();
    expect(bob.contents()).toEqual(alice.contents());
  });

  test('[I18] Carol is asked first and brings nothing: after a while Bob asks Alice as well', () => {
    const [alice, bob] = twins();
    for (let i = 0; i < 5; i++) alice.append(accountOf(0), 320);
    const carol = createReplica('Carol');
    copyInto(alice, carol);
    const slow = meet(carol, bob);
    const hasAsked = (): boolean => slow.right.sent.some(({ message }) => message.type === 'want');
    while (!hasAsked()) expect(slow.step(0)).toBe(true);
    const busy = (feed: FeedName): boolean => slow.right.session.isFetching(feed);
    const { left, right, settle } = meet(alice, bob, { right: { busy } });
    // Carol's answer never comes; a second of Bob's clock at a time.
    const waited = (ms: number): void => {
      for (let now = 0; now <= ms; now += 1000)
        for (const { session, act } of [slow.right, right]) act(session.tick(now));
      settle();
    };
    waited(0);
    expect(left.sent.map(({ message }) => message.type)).not.toContain('have');
    waited(ALONE_MS - 1000);
    expect(left.sent.map(({ message }) => message.type)).not.toContain('have');
    for (const now of [ALONE_MS, ALONE_MS + 1000])
      for (const { session, act } of [slow.right, right]) act(session.tick(now));
    settle();
    expect(bob.contents()).toEqual(alice.contents());
  });

  test('[E6] Bob asks for texts: one is there, one is gone, one was never here', () => {
    const [alice, bob] = twins();
    alice.texts.set(hashNamed('bread'), Uint8Array.of(1, 2, 3));
    alice.texts.set(hashNamed('quarrel'), 'gone');
    const { right, settle } = meet(alice, bob);
    right.act(right.session.wantTexts([hashNamed('too early')]));
    settle();
    right.act(right.session.wantTexts([hashNamed('bread'), hashNamed('quarrel'), hashNamed('nothing')]));
    settle();
    expect([...right.texts.values()].map((text) => text.state)).toEqual(['text', 'gone', 'unknown']);
    const bread = right.texts.get(hashNamed('bread'));
    expect(bread?.state === 'text' && [...bread.sealed]).toEqual([1, 2, 3]);
  });
});

describe('who may read what', () => {
  test('[§5] Dora is new and Alice has not heard of her: Dora gets the log alone until Alice knows', () => {
    const alice = foundCircle(['Bob']);
    alice.append(accountOf(0), 320);
    const dora = createReplica('Dora');
    const { left, right, settle } = meet(dora, alice);
    settle();
    expect(right.met).toEqual(['unknown']);
    expect(dora.chains.get('0.0.2')?.ids.length).toBe(1);
    expect(dora.chains.get('0.0.0')).toBeUndefined();
    // She is not in her own log either, so she does not wait in vain for what Alice keeps from her.
    expect(left.session.state()).toBe('live');
    expect(
      right.sent
        .flatMap(({ message }) => (message.type === 'have' ? message.runs : []))
        .map((run) => run.feed.lane),
    ).toEqual([3, 2]);

    right.act(right.session.news([alice.append(witnessOf(0), 320, { admits: dora.device })]));
    settle();
    expect(right.met).toEqual(['unknown', 'member']);
    expect(left.met).toEqual(['unknown', 'member']);
    expect(dora.contents()).toEqual(alice.contents());
  });

  test('[§5] who holds the book key and is in nobody’s log but her own is served the log alone', () => {
    const alice = foundCircle(['Bob']);
    for (const feed of [accountOf(0), voiceOf(0)]) alice.append(feed, 320);
    alice.texts.set(hashNamed('bread'), Uint8Array.of(1));
    const dora = createReplica('Dora');
    const { left, right, settle } = meet(dora, alice, { left: { standing: () => 'member' } });
    settle();
    left.act(left.session.wantTexts([hashNamed('bread')]));
    right.act(right.session.news([alice.append(accountOf(0), 320)]));
    settle();
    const lanes = right.sent.flatMap(({ message }) =>
      message.type === 'have' || message.type === 'push' ? message.runs.map((run) => run.feed.lane) : [],
    );
    expect(lanes).toEqual([3, 2]);
    expect(left.texts.size).toBe(0);
  });

  test('[§5] Bob is behind on the log: he reads it from Dora first, learns that she belongs, then reads the rest', () => {
    const alice = foundCircle(['Bob']);
    const bob = createReplica('Bob');
    copyInto(alice, bob);
    alice.append(witnessOf(0), 320, { admits: deviceNamed('Dora') });
    const dora = createReplica('Dora');
    copyInto(alice, dora);
    dora.append(accountOf(2), 320);
    const { left, settle } = meet(bob, dora);
    settle();
    expect(left.met).toEqual(['unknown', 'member']);
    expect(bob.contents()).toEqual(dora.contents());
    expect(left.session.state()).toBe('live');
  });

  test('[§5] Bob is removed while he is connected: Alice ends it at once', () => {
    const [alice, bob] = twins();
    const { left, settle } = meet(alice, bob);
    settle();
    alice.append(witnessOf(0), 320, { removes: bob.device });
    left.act(left.session.shelfChanged());
    expect(left.faults.map((fault) => fault.code)).toEqual(['not-a-member']);
    expect(left.session.state()).toBe('closed');
  });
});
