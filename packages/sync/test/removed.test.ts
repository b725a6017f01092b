import { expect, test } from 'vitest';
import { encodeMessage } from '../src/index.ts';
import { meet } from './meeting.ts';
import { accountOf, copyInto, createReplica, foundCircle, witnessOf, type Replica } from './replica.ts';

/** Alice's log has removed Bob's phone; his own has not heard of it. */
const whoRemovedWhom = (): readonly [Replica, Replica] => {
  const alice = foundCircle(['Bob', 'Carol']);
  const bob = createReplica('Bob');
  copyInto(alice, bob);
  alice.append(witnessOf(0), 300, { removes: bob.device });
  return [alice, bob];
};

test('[S3] a removed device proves itself and is refused', () => {
  const [alice, bob] = whoRemovedWhom();
  const { left, settle } = meet(alice, bob);
  settle();
  expect(left.faults.map((fault) => fault.code)).toEqual(['not-a-member']);
  expect(left.sent.map(({ message }) => message.type)).not.toContain('root');
});

test('[S1] [I18] Bob was removed and has not heard: he reads until then, gets no credit, and nobody blames him', () => {
  const [alice, bob] = whoRemovedWhom();
  bob.append(accountOf(1), 320);
  const before = alice.contents();
  const { left, right, settle } = meet(alice, bob, { left: { parting: () => alice.shelf } });
  expect(settle()).toBe(true);
  expect(left.met).toEqual(['removed']);
  expect(right.delivered).toEqual(['have 0/2']);
  expect(bob.standing(bob.device)).toBe('removed');
  right.act(right.session.news([bob.append(accountOf(1), 320)]));
  expect(settle()).toBe(true);
  expect(alice.contents()).toEqual(before);
  expect([...left.faults, ...right.faults]).toEqual([]);
  // Without credit he can send nothing that costs us work.
  const items = [{ sealed: new Uint8Array(500), signature: null }];
  const push = encodeMessage({ type: 'push', runs: [{ feed: accountOf(1), fromSeq: 0, items }] });
  left.act(left.session.receive(push));
  expect(left.faults.map((fault) => fault.code)).toEqual(['overran-credit']);
  expect(left.delivered).toEqual([]);
});
