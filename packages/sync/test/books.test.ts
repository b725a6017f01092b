import { describe, expect, test } from 'vitest';
import { encodeMessage } from '../src/index.ts';
import type { End } from './meeting.ts';
import { afterGreeting, meet } from './meeting.ts';
import { accountOf, copyInto, createReplica, foundCircle, witnessOf } from './replica.ts';
import type { Replica } from './replica.ts';

/** Alice and Bob, who hold the same of the first book; Alice has gone on to the next. */
function atTheBorder(): readonly [Replica, Replica] {
  const alice = foundCircle(['Bob']);
  const bob = createReplica('Bob');
  alice.append(accountOf(0), 300);
  copyInto(alice, bob);
  alice.opened.push(1);
  alice.append(witnessOf(0, 1), 300);
  for (let i = 0; i < 5; i++) alice.append(accountOf(0, 1), 300);
  return [alice, bob];
}
const booksIn = (end: End): readonly number[] =>
  end.sent.flatMap(({ message }) => {
    switch (message.type) {
      case 'frontier':
      case 'want':
        return message.rows.map(({ feed }) => feed.book);
      case 'have':
      case 'push':
        return message.runs.map(({ feed }) => feed.book);
      default:
        return [];
    }
  });
const ticks = (seconds: number, ...ends: readonly End[]): void => {
  for (let second = 1; second <= seconds; second++)
    for (const end of ends) end.act(end.session.tick(second * 1000));
};

describe('books', () => {
  test('[B1] Bob, who is a book behind, is told nothing of the next one, and nobody asks for ever', () => {
    const [alice, bob] = atTheBorder();
    const { left, right, settle } = meet(alice, bob);
    expect(settle()).toBe(true);
    left.act(left.session.news([alice.append(accountOf(0, 1), 300)]));
    for (let minute = 0; minute < 3; minute++) {
      ticks(60, left, right);
      expect(settle()).toBe(true);
    }
    expect([left.session.state(), right.session.state()]).toEqual(['live', 'live']);
    expect([...booksIn(left), ...booksIn(right)]).toEqual([]);
    expect([left, right].flatMap(({ faults }) => faults)).toEqual([]);
    expect(afterGreeting(left).length + afterGreeting(right).length).toBeLessThanOrEqual(6);
  });

  test('[B1] what Bob lacks of the old book he gets, and the new one as soon as he has opened it', () => {
    const [alice, bob] = atTheBorder();
    alice.append(witnessOf(0), 300);
    const { left, right, settle } = meet(bob, alice);
    expect(settle()).toBe(true);
    expect(bob.chains.get('0.0.2')?.ids).toEqual(alice.chains.get('0.0.2')?.ids);
    expect(new Set([...booksIn(left), ...booksIn(right)])).toEqual(new Set([0]));

    bob.opened.push(1);
    left.act(left.session.shelfChanged());
    expect(settle()).toBe(true);
    expect(bob.contents()).toEqual(alice.contents());
    right.act(right.session.news([alice.append(accountOf(0, 1), 300)]));
    expect(settle()).toBe(true);
    expect(bob.contents()).toEqual(alice.contents());
    expect([left, right].flatMap(({ faults }) => faults)).toEqual([]);
  });

  test('[B1] two that cross at the same moment tell each other, whoever speaks first', () => {
    for (const opener of [0, 1]) {
      const pair = atTheBorder();
      const meeting = meet(pair[opener] as Replica, pair[1 - opener] as Replica);
      expect(meeting.settle()).toBe(true);
      for (const { replica } of [meeting.left, meeting.right]) {
        const next = replica.opened.length;
        replica.opened.push(next);
        replica.append(witnessOf(1, next), 100);
      }
      // Bob is in the next book now and Alice in the one after.
      for (const end of [meeting.right, meeting.left]) end.act(end.session.shelfChanged());
      expect(meeting.settle()).toBe(true);
      const [alice, bob] = pair;
      expect(bob.chains.get('1.0.0')?.ids).toEqual(alice.chains.get('1.0.0')?.ids);
      expect(alice.chains.get('1.1.2')?.ids).toEqual(bob.chains.get('1.1.2')?.ids);
      expect(bob.chains.has('2.1.2')).toBe(false);
    }
  });

  test('[B1] two that begin the next book alike, one after the other, push what is new in it', () => {
    const [alice, bob] = atTheBorder();
    for (const one of [alice, bob])
      for (const key of [...one.chains.keys()]) if (key.startsWith('1')) one.chains.delete(key);
    alice.append(witnessOf(0, 1), 300);
    copyInto(alice, bob);
    const { left, right, settle } = meet(alice, bob);
    expect(settle()).toBe(true);
    bob.opened.push(1);
    right.act(right.session.shelfChanged());
    expect(settle()).toBe(true);
    left.act(left.session.news([alice.append(accountOf(0, 1), 300)]));
    expect(settle()).toBe(true);
    expect(bob.contents()).toEqual(alice.contents());
  });

  test('[B2] Dora, who holds nothing, begins with the newest book alone', () => {
    const [alice] = atTheBorder();
    const dora = createReplica('Dora');
    const { left, right, settle } = meet(dora, alice);
    expect(settle()).toBe(true);
    expect(new Set([...booksIn(left), ...booksIn(right)])).toEqual(new Set([1]));
    expect(dora.chains.get('1.0.2')?.ids).toEqual(alice.chains.get('1.0.2')?.ids);
    expect([left, right].flatMap(({ faults }) => faults)).toEqual([]);
  });

  test('[B2] who has the first book open and who has not say nothing to each other, and part in peace', () => {
    const [alice, bob] = atTheBorder();
    alice.opened.splice(0, 1);
    const { left, right, settle } = meet(alice, bob);
    expect(settle()).toBe(true);
    ticks(60, left, right);
    expect(settle()).toBe(true);
    expect([...booksIn(left), ...booksIn(right)]).toEqual([]);
    expect([left, right].flatMap(({ faults }) => faults)).toEqual([]);
  });

  test('[B1] a push of a book that is not open here is let go, rows of one end the session', () => {
    const [alice, bob] = atTheBorder();
    const { right, settle } = meet(alice, bob);
    expect(settle()).toBe(true);
    const runs = [{ feed: accountOf(0, 1), fromSeq: 0, items: alice.chains.get('1.0.0')?.items ?? [] }];
    right.act(right.session.receive(encodeMessage({ type: 'push', runs })));
    expect(right.faults).toEqual([]);
    expect(bob.chains.has('1.0.0')).toBe(false);
    expect(booksIn(right)).toEqual([]);

    const roots = [{ book: 0, root: new Uint8Array(32) }];
    const mac = new Uint8Array(8);
    const rows = [{ feed: accountOf(0, 1), seq: 3, forked: false, mac }];
    right.act(right.session.receive(encodeMessage({ type: 'root', roots, credit: 0 })));
    right.act(right.session.receive(encodeMessage({ type: 'frontier', rows, more: false })));
    expect(right.faults.map(({ code }) => code)).toEqual(['out-of-order']);
  });
});
