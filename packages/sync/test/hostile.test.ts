import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createSession,
  encodeMessage,
  MAX_MESSAGE_BYTES,
  PROTOCOL_VERSION,
  sessionSecret,
} from '../src/index.ts';
import { ZERO_ID, type Id } from '@corridor/ledger';
import { openerTag } from '../src/greetingKeys.ts';
import type { Message, SealedItem, SessionEffect, Shelf } from '../src/index.ts';
import { bookKey, CIRCLE, createEnd, meet } from './meeting.ts';
import type { End, Meeting } from './meeting.ts';
import { accountOf, copyInto, createReplica, foundCircle, hashNamed } from './replica.ts';
import type { Replica } from './replica.ts';
import { RUNS } from './runs.ts';

const twins = (): readonly [Replica, Replica] => {
  const alice = foundCircle(['Bob', 'Carol']);
  const bob = createReplica('Bob');
  copyInto(alice, bob);
  return [alice, bob];
};
/** Alice and Bob, live; what `right` is made to say from here on is Bob turned hostile. */
const liveTwins = (window = 256 * 1024): Meeting => {
  const [alice, bob] = twins();
  const meeting = meet(alice, bob, { left: { window } });
  expect(meeting.settle()).toBe(true);
  return meeting;
};
const faultsAfter = (end: End, ...bytes: readonly Uint8Array[]): readonly string[] => {
  for (const part of bytes) end.act(end.session.receive(part));
  return end.faults.map((fault) => fault.code);
};
const item = (size: number): { sealed: Uint8Array; signature: null } => ({
  sealed: new Uint8Array(size).fill(9),
  signature: null,
});

describe('strangers', () => {
  const strange = { secrets: [sessionSecret(bookKey(7))] };

  test('[S3] a stranger who calls gets not one byte', () => {
    const [alice] = twins();
    const { left, right, settle } = meet(createReplica('Mallory'), alice, { left: strange });
    settle();
    expect(right.sent).toEqual([]);
    expect(right.faults.map(({ code, blame }) => [code, blame])).toEqual([['stranger', 'nobody']]);
    expect(left.session.state()).toBe('proving');
  });

  test('[S3] a stranger who is called gets a HELLO and nothing else', () => {
    const [alice] = twins();
    const { left, settle } = meet(alice, createReplica('Mallory'), { right: strange });
    settle();
    expect(left.sent.map(({ message }) => message.type)).toEqual(['hello']);
    // Even if she answers with tags of her own.
    const answer = encodeMessage({
      type: 'hello',
      version: 1,
      nonce: new Uint8Array(16),
      tags: [new Uint8Array(16)],
    });
    expect(faultsAfter(left, answer)).toEqual(['stranger']);
    expect(left.sent.length).toBe(1);
  });

  test('[S3] a HELLO heard on one link is worth nothing on another, nor in another circle', () => {
    const [alice, bob] = twins();
    const hello = createEnd(bob, 'Alice', true).session.start()[0];
    const bytes = hello?.type === 'send' ? hello.bytes : new Uint8Array(0);
    expect(faultsAfter(createEnd(alice, 'Bob', false), bytes)).toEqual([]);
    expect(faultsAfter(createEnd(alice, 'Mallory', false), bytes)).toEqual(['stranger']);
    const elsewhere = createEnd(alice, 'Bob', false, { circle: '22'.repeat(32) as Id });
    expect(faultsAfter(elsewhere, bytes)).toEqual(['stranger']);
  });

  test('[S3] the newest epoch that both know is used; with none in common they stay strangers', () => {
    const [alice, bob] = twins();
    const epochs = (...numbers: readonly number[]): { secrets: Uint8Array[] } => ({
      secrets: numbers.map((epoch) => sessionSecret(bookKey(epoch))),
    });
    const behind = meet(alice, bob, { left: epochs(2, 1, 0), right: epochs(1, 0) });
    behind.settle();
    expect(behind.left.session.state()).toBe('live');
    const apart = meet(alice, bob, { left: epochs(3, 2), right: epochs(1, 0) });
    apart.settle();
    expect(apart.right.faults.map((fault) => fault.code)).toEqual(['stranger']);
  });

  test('[S3] who holds the book key and cannot sign as a device is told nothing of the ledger', () => {
    const [alice, bob] = twins();
    const { left, right, settle } = meet(alice, bob, { right: { forge: true } });
    settle();
    expect(left.faults.map((fault) => fault.code)).toEqual(['bad-proof']);
    expect(left.sent.map(({ message }) => message.type)).toEqual(['hello', 'member']);
    expect(right.sent.map(({ message }) => message.type)).not.toContain('frontier');
  });

  test('[S3] a masked proof damaged in any byte is refused', () => {
    fc.assert(
      fc.property(fc.nat({ max: 111 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const [alice, bob] = twins();
        const { left, right, step } = meet(alice, bob);
        while (!right.outbox.some((bytes) => bytes[0] === 2))
          expect(step(right.due.length > 0 ? 9 : 0)).toBe(true);
        const proof = right.outbox.find((bytes) => bytes[0] === 2);
        if (proof !== undefined) proof[1 + at] = (proof[1 + at] ?? 0) ^ flip;
        while (left.faults.length === 0 && step(0));
        expect(left.faults.map((fault) => fault.code)).toEqual(['bad-proof']);
      }),
      { numRuns: Math.min(RUNS, 200) },
    );
  });
});

describe('limits', () => {
  test('[§5] a sender that runs ahead of its credit is dropped, and nothing of it reaches the host', () => {
    const { left, right } = liveTwins(8 * 1024);
    const run = { feed: accountOf(1), fromSeq: 0, items: [item(5000)] };
    const push = encodeMessage({ type: 'push', runs: [run] });
    left.act(left.session.receive(push));
    const delivered = left.delivered.length;
    // The host has not settled the first, so no credit has gone back.
    expect(faultsAfter(left, push)).toEqual(['overran-credit']);
    expect(left.faults[0]?.blame).toBe('remote');
    expect(left.delivered.length).toBe(delivered);
    expect(right.faults).toEqual([]);
  });

  test('[§5] an honest sender stops at zero and goes on when the host has settled', () => {
    const [alice, bob] = twins();
    for (let i = 0; i < 40; i++) alice.append(accountOf(0), 3000);
    const { left, right, step, settle } = meet(alice, bob, { right: { window: 8 * 1024 } });
    const settling: (() => readonly SessionEffect[])[] = [];
    while (step(0) || right.due.length > 0) {
      const have = left.sent.some(({ message }) => message.type === 'have');
      if (have) settling.push(...right.due.splice(0));
    }
    const sent = left.sent
      .filter(({ message }) => message.type === 'have')
      .reduce((sum, { bytes }) => sum + bytes, 0);
    expect(sent).toBeGreaterThan(0);
    expect(sent).toBeLessThanOrEqual(8 * 1024);
    right.due.push(...settling);
    expect(settle()).toBe(true);
    expect(bob.contents()).toEqual(alice.contents());
  });

  test('[I16] a message over 64 KiB is refused unread', () => {
    const { left } = liveTwins();
    expect(faultsAfter(left, new Uint8Array(MAX_MESSAGE_BYTES + 1))).toEqual(['oversize']);
  });

  test('[§5] what was never asked for is refused: runs, proofs, texts', () => {
    const run = { feed: accountOf(1), fromSeq: 0, items: [item(100)], last: true };
    const unasked: readonly Message[] = [
      { type: 'have', runs: [run] },
      { type: 'proof', feed: accountOf(1), seq: 0, branch: 0, items: [], last: true },
      { type: 'text', texts: [{ hash: hashNamed('bread'), state: 'gone' }] },
    ];
    for (const message of unasked)
      expect(faultsAfter(liveTwins().left, encodeMessage(message))).toEqual(['unasked']);
  });

  test('[§5] messages out of their time are refused', () => {
    const want = encodeMessage({ type: 'want', credit: 0, rows: [{ feed: accountOf(0), fromSeq: 0 }] });
    const hello = encodeMessage({
      type: 'hello',
      version: 1,
      nonce: new Uint8Array(16),
      tags: [new Uint8Array(16)],
    });
    const frontier = encodeMessage({ type: 'frontier', rows: [], more: false });
    expect(faultsAfter(createEnd(twins()[0], 'Bob', false), want)).toEqual(['out-of-order']);
    expect(faultsAfter(liveTwins().left, hello)).toEqual(['out-of-order']);
    expect(faultsAfter(liveTwins().left, frontier)).toEqual(['out-of-order']);
  });

  test('[I18] comparisons, repeats and requests without end are cut off', () => {
    const compare = liveTwins();
    const root = encodeMessage({
      type: 'root',
      roots: [{ book: 0, root: new Uint8Array(32) }],
      credit: 0,
    });
    const frontier = encodeMessage({ type: 'frontier', rows: [], more: false });
    const rounds = Array.from({ length: 100 }, () => [root, frontier]).flat();
    expect(faultsAfter(compare.left, ...rounds)).toEqual(['too-many-requests']);
    expect(compare.left.sent.filter(({ message }) => message.type === 'frontier').length).toBeLessThanOrEqual(
      17,
    );

    const credit = liveTwins();
    const grant = encodeMessage({ type: 'credit', credit: 1024 * 1024 });
    expect(faultsAfter(credit.left, grant, grant)).toEqual(['too-many-requests']);

    const repeat = liveTwins();
    for (let i = 0; i < 400; i++) repeat.left.replica.append(accountOf(0), 5000);
    const again = encodeMessage({
      type: 'want',
      credit: 256 * 1024,
      rows: [{ feed: accountOf(0), fromSeq: 0 }],
    });
    for (let i = 0; i < 500 && repeat.left.faults.length === 0; i++)
      repeat.left.act(repeat.left.session.receive(again));
    expect(repeat.left.faults.map((fault) => fault.code)).toEqual(['too-many-requests']);

    const texts = liveTwins();
    for (let i = 0; i < 600 && texts.left.faults.length === 0; i++) {
      const hashes = Array.from({ length: 64 }, (_, k) => hashNamed(`${i}/${k}`));
      texts.left.act(texts.left.session.receive(encodeMessage({ type: 'wantText', hashes })));
    }
    expect(texts.left.faults.map((fault) => fault.code)).toEqual(['too-many-requests']);
  });

  test('[F3] [I18] proofs that hang on nothing, each at another place, are soon asked for no more', () => {
    const [alice, bob] = twins();
    const feed = accountOf(1);
    let seq = 5;
    const orphan = (): SealedItem => ({ ...item(100), signature: new Uint8Array(100) });
    const lying: Shelf = {
      ...bob.shelf,
      heads: () => [...bob.shelf.heads(), { feed, seq: -1, head: ZERO_ID, forked: true }],
      proofs: () => [{ seq: (seq += 7), branches: [[orphan()], [orphan()]] }],
    };
    const { left, right, settle } = meet(alice, bob, { right: { shelf: lying } });
    expect(settle()).toBe(true);
    for (let now = 0; now < 600_000; now += 20_000) {
      bob.append(accountOf(0), 100);
      for (const end of [left, right]) {
        end.act(end.session.shelfChanged());
        end.act(end.session.tick(now));
      }
      expect(settle()).toBe(true);
    }
    expect(left.sent.filter(({ message }) => message.type === 'proofWant').length).toBe(2);
    expect(left.sent.filter(({ message }) => message.type === 'root').length).toBeGreaterThan(10);
    expect(left.faults).toEqual([]);
  });

  test('[I18] who is not known yet and asks for all there is, or announces it, is not looked through at each word', () => {
    const feeds = Array.from({ length: 60_000 }, (_, ordinal) => accountOf(ordinal));
    const parts = Array.from({ length: 60 }, (_, i) => feeds.slice(i * 1000, (i + 1) * 1000));
    const wants = parts.map((part): Message => ({
      type: 'want',
      credit: 0,
      rows: part.map((feed) => ({ feed, fromSeq: 0 })),
    }));
    const pushes = parts.map((part): Message => ({
      type: 'push',
      runs: part.map((feed) => ({ feed, fromSeq: 7, items: [item(1)] })),
    }));
    const word = encodeMessage({ type: 'credit', credit: 0 });
    for (const asked of [wants, pushes]) {
      const bob = createReplica('Bob');
      copyInto(twins()[0], bob);
      const { left, settle } = meet(foundCircle(['Carol']), bob);
      expect(settle()).toBe(true);
      expect(faultsAfter(left, ...asked.map(encodeMessage))).toEqual([]);
      const from = process.threadCpuUsage();
      for (let i = 0; i < 200; i++) left.act(left.session.receive(word));
      expect(process.threadCpuUsage(from).user / 1000, 'milliseconds').toBeLessThan(200);
    }
  });

  test('[I18] a peer that owes an answer and keeps chatting is left after a minute', () => {
    const [alice, bob] = twins();
    bob.append(accountOf(1), 320);
    const { left, right, step } = meet(alice, bob);
    while (!left.sent.some(({ message }) => message.type === 'want')) step(0);
    right.outbox.length = 0;
    for (let now = 0; now <= 120_000 && left.faults.length === 0; now += 5_000) {
      left.act(left.session.receive(encodeMessage({ type: 'credit', credit: 0 })));
      left.act(left.session.tick(now));
    }
    expect(left.faults.map(({ code, blame }) => [code, blame])).toEqual([['stalled', 'nobody']]);
  });

  test('[§5] a silent stranger holds a link for a minute at most', () => {
    const end = createEnd(twins()[0], 'Bob', false);
    for (const now of [0, 30_000, 59_000]) end.act(end.session.tick(now));
    expect(end.faults).toEqual([]);
    end.act(end.session.tick(61_000));
    expect(end.faults.map((fault) => fault.code)).toEqual(['stalled']);
  });

  test('[§5] a batch that the host cannot accept ends the session and names the sender', () => {
    const { left } = liveTwins();
    const run = { feed: accountOf(1), fromSeq: 0, items: [item(20)] };
    left.act(left.session.receive(encodeMessage({ type: 'push', runs: [run] })));
    left.act(left.due.shift()?.() ?? []);
    expect(left.faults).toEqual([{ code: 'bad-batch', blame: 'remote', detail: 'bad entry' }]);
    expect(left.session.receive(new Uint8Array(3))).toEqual([]);
    expect(left.session.tick(1)).toEqual([]);
  });
});

describe('versions', () => {
  test('[§5] a newer version with an unknown message is said to be newer; from our own version it is garbage', () => {
    const unknown = Uint8Array.of(99, 1, 2, 3);
    expect(faultsAfter(liveTwins().left, unknown)).toEqual(['garbage']);

    const [alice] = twins();
    const newer = { version: PROTOCOL_VERSION + 1, nonce: new Uint8Array(16) };
    const names = { circle: CIRCLE, opener: 'peer Bob', answerer: 'peer Alice' };
    const tag = openerTag(sessionSecret(bookKey(0)), names, newer);
    // Its HELLO may say more than ours; what we know of it still counts.
    const hello = Uint8Array.of(...encodeMessage({ type: 'hello', ...newer, tags: [tag] }), 1, 2, 3);
    const end = createEnd(alice, 'Bob', false);
    expect(faultsAfter(end, hello)).toEqual([]);
    expect(end.sent.map(({ message }) => message.type)).toEqual(['hello']);
    expect(faultsAfter(end, unknown)).toEqual(['newer-version']);
    expect(end.faults[0]?.blame).toBe('nobody');
  });

  test('[§5] version 0 is older than any we speak', () => {
    const end = createEnd(twins()[0], 'Bob', false);
    const hello = encodeMessage({
      type: 'hello',
      version: 0,
      nonce: new Uint8Array(16),
      tags: [new Uint8Array(16)],
    });
    expect(faultsAfter(end, hello)).toEqual(['older-version']);
  });
});

describe('garbage', () => {
  test('[I16] no bytes make a session throw, before or after membership', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 }),
        fc.boolean(),
        (parts, live) => {
          const end = live ? liveTwins().left : createEnd(twins()[0], 'Bob', false);
          for (const bytes of parts) end.act(end.session.receive(bytes));
          expect(end.faults.length).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: RUNS },
    );
  });

  test('[I16] honest messages, cut or changed in one byte, end in a typed fault or do no harm', () => {
    const [alice, bob] = twins();
    for (let i = 0; i < 5; i++) alice.append(accountOf(0), 100);
    const { left, settle } = meet(alice, bob);
    settle();
    const messages = left.sent.map(({ message }) => encodeMessage(message));
    fc.assert(
      fc.property(
        fc.constantFrom(...messages),
        fc.nat(),
        fc.nat({ max: 255 }),
        fc.boolean(),
        (bytes, at, value, cut) => {
          const place = at % bytes.length;
          const damaged = cut ? bytes.slice(0, place) : bytes.map((byte, i) => (i === place ? value : byte));
          const end = liveTwins().left;
          const held = end.replica.contents();
          end.act(end.session.receive(damaged));
          while (end.due.length > 0) end.act(end.due.shift()?.() ?? []);
          expect(end.replica.contents()).toEqual(
            expect.arrayContaining(held.map((line) => expect.stringContaining(line))),
          );
        },
      ),
      { numRuns: RUNS },
    );
  });

  test('a host that breaks its own promises is told at once', () => {
    const [alice] = twins();
    const options = {
      circle: CIRCLE,
      ...{ self: 'a', remote: 'b', outgoing: true, secrets: [sessionSecret(bookKey(0))] },
      ...{ device: alice.device, nonce: new Uint8Array(16), shelf: alice.shelf, standing: alice.standing },
    };
    expect(() => createSession({ ...options, nonce: new Uint8Array(3) })).toThrow('16 bytes');
    expect(() => createSession({ ...options, secrets: [] })).toThrow('book key');
    expect(() => createSession({ ...options, window: 10 })).toThrow('window');
    expect(() => createSession(options).checked('valid')).toThrow('no check');
    const { left } = liveTwins();
    expect(() => left.session.settledBatch(77, { type: 'settled' })).toThrow('not open');
  });
});
