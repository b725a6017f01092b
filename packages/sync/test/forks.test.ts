import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_BRANCH_ITEMS } from '../src/index.ts';
import type { FeedName } from '../src/index.ts';
import { afterGreeting, meet } from './meeting.ts';
import type { End } from './meeting.ts';
import {
  accountOf,
  copyInto,
  createReplica,
  deviceNamed,
  foundCircle,
  voiceOf,
  witnessOf,
} from './replica.ts';
import type { Replica } from './replica.ts';
import { RUNS } from './runs.ts';

const MEMBERS = ['Bob', 'Carol', 'Dan'];
/** Alice and Bob hold `common` entries of Carol's feed alike, then what she told each of them. */
const twoFaced = (
  feed: FeedName,
  common: number,
  toAlice: number,
  toBob: number,
  size = 200,
): readonly [Replica, Replica] => {
  const alice = foundCircle(MEMBERS);
  for (let i = 0; i < common; i++) alice.append(feed, size);
  const bob = createReplica('Bob');
  copyInto(alice, bob);
  for (let i = 0; i < toAlice; i++) alice.append(feed, size, { filler: 1 });
  for (let i = 0; i < toBob; i++) bob.append(feed, size, { filler: 2 });
  return [alice, bob];
};
const forks = (replica: Replica): readonly string[] =>
  replica.contents().filter((line) => line.includes('forked'));
const kinds = (end: End): readonly string[] => end.sent.map(({ message }) => message.type);

describe('two histories of one feed', () => {
  test('[F3] Carol told Alice and Bob different things at one seq: each gets the proof from the other', () => {
    const [alice, bob] = twoFaced(accountOf(2), 3, 1, 1);
    const { left, right, settle } = meet(alice, bob);
    expect(settle()).toBe(true);
    expect(kinds(left)).toEqual(expect.arrayContaining(['proofWant', 'proof']));
    expect(kinds(right)).toEqual(expect.arrayContaining(['proofWant', 'proof']));
    expect(forks(alice).length).toBe(1);
    expect(alice.contents()).toEqual(bob.contents());
    expect([left.session.state(), right.session.state()]).toEqual(['live', 'live']);
    expect([...left.faults, ...right.faults]).toEqual([]);
  });

  test('[F3] one history is longer: the run does not link, and the proof is asked for', () => {
    const [alice, bob] = twoFaced(accountOf(2), 3, 1, 40);
    const { right, settle } = meet(alice, bob);
    expect(settle()).toBe(true);
    expect(forks(alice).length).toBe(1);
    expect(forks(bob).length).toBe(1);
    // Bob, who is ahead, sees it in Alice's row already.
    expect(afterGreeting(right).slice(0, 3)).toEqual(['root', 'frontier', 'proofWant']);
  });

  test('[F3] she split after 70 entries and went on: the first try does not link, a step back finds the slot', () => {
    for (const [toAlice, toBob] of [
      [2, 2],
      [2, 4],
      [4, 2],
      [2, 100],
      [80, 80],
    ] as const) {
      const [alice, bob] = twoFaced(accountOf(2), 70, toAlice, toBob);
      const { left, right, settle } = meet(alice, bob);
      expect(settle()).toBe(true);
      for (const { shelf } of [alice, bob])
        expect(shelf.proofs(accountOf(2)).map(({ seq }) => seq)).toEqual([70]);
      expect(alice.contents()).toEqual(bob.contents());
      expect([...left.faults, ...right.faults]).toEqual([]);
    }
  });

  test('[F3] [I16] two months of different entries above a common year: found in few questions', () => {
    const [alice, bob] = twoFaced(accountOf(2), 3000, 900, 1100, 70);
    const { left, right, settle } = meet(alice, bob);
    expect(settle()).toBe(true);
    for (const { shelf } of [alice, bob])
      expect(shelf.proofs(accountOf(2)).map(({ seq }) => seq)).toEqual([3000]);
    for (const end of [left, right])
      expect(kinds(end).filter((kind) => kind === 'proofWant').length).toBeLessThanOrEqual(10);
  });

  test('[F3] they met before she split: the next push brings it to light', () => {
    const [alice, bob] = twoFaced(accountOf(2), 3, 0, 0);
    const { left, settle } = meet(alice, bob);
    settle();
    bob.append(accountOf(2), 200, { filler: 2 });
    left.act(left.session.news([alice.append(accountOf(2), 200, { filler: 1 })]));
    expect(settle()).toBe(true);
    expect(forks(bob).length).toBe(1);
    for (const now of [0, 20_000]) left.act(left.session.tick(now));
    expect(settle()).toBe(true);
    expect(alice.contents()).toEqual(bob.contents());
  });

  test('[F3] who holds the proof hands it to Dan, who had seen one side only, and to Eve, who had seen none', () => {
    const [alice, bob] = twoFaced(voiceOf(2), 70, 30, 64);
    meet(alice, bob).settle();
    expect(forks(alice).length).toBe(1);
    for (const knows of [true, false]) {
      const dan = createReplica('Bob');
      copyInto(foundCircle(MEMBERS), dan);
      if (knows) {
        const early = twoFaced(voiceOf(2), 70, 30, 64)[1];
        copyInto(early, dan);
      }
      const { left, settle } = meet(alice, dan);
      expect(settle()).toBe(true);
      const proofs = left.sent.flatMap(({ message }) => (message.type === 'proof' ? [message.branch] : []));
      expect(new Set(proofs)).toEqual(new Set([0, 1]));
      expect(forks(dan)).toEqual(forks(alice));
    }
  });

  test('[F3] a proof of the largest entries goes in parts within 48 KiB and any window', () => {
    const [alice, bob] = twoFaced(accountOf(2), 0, 1, 70, 5000);
    // Bob's first entry is vouched for by the signature of his 64th: 64 entries of 5 kB travel.
    const { left, right, settle } = meet(alice, bob, { left: { window: 8192 }, right: { window: 8192 } });
    expect(settle()).toBe(true);
    expect([...left.faults, ...right.faults]).toEqual([]);
    expect(forks(alice).length).toBe(1);
    const fresh = createReplica('Bob');
    copyInto(foundCircle(MEMBERS), fresh);
    const third = meet(alice, fresh, { right: { window: 8192 } });
    expect(third.settle()).toBe(true);
    for (const { message, bytes } of third.left.sent)
      if (message.type === 'proof') expect(bytes).toBeLessThanOrEqual(8192);
    expect(forks(fresh)).toEqual(forks(alice));
  });

  test('[F3] wherever she split and however they meet, both hold a proof of at most 64 links a side', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 130 }),
        fc.integer({ min: 1, max: 140 }),
        fc.integer({ min: 1, max: 140 }),
        fc.infiniteStream(fc.nat({ max: 11 })),
        fc.constantFrom(8 * 1024, 64 * 1024),
        (common, toAlice, toBob, choices, window) => {
          const [alice, bob] = twoFaced(accountOf(2), common, toAlice, toBob, 70);
          const { left, right, settle } = meet(alice, bob, { left: { window }, right: { window } });
          expect(settle(() => choices.next().value ?? 0)).toBe(true);
          expect([...left.faults, ...right.faults]).toEqual([]);
          for (const replica of [alice, bob]) {
            const proof = replica.shelf.proofs(accountOf(2))[0];
            for (const branch of proof?.branches ?? []) {
              expect(branch.length).toBeLessThanOrEqual(MAX_BRANCH_ITEMS);
              expect(branch.at(-1)?.signature).not.toBeNull();
            }
            expect(proof?.branches.length).toBe(2);
          }
        },
      ),
      { numRuns: Math.max(100, Math.round(RUNS / 5)) },
    );
  });

  test('[F3] Dan fetches from Bob what Alice’s proof hangs on, and asks her again once it is here', () => {
    const [alice, bob] = twoFaced(accountOf(2), 5, 1, 1);
    meet(alice, bob).settle();
    const dan = createReplica('Dan');
    copyInto(foundCircle(MEMBERS), dan);
    let elsewhere = true;
    const { left, settle } = meet(dan, alice, { left: { busy: () => elsewhere } });
    settle();
    for (const now of [0, 20_000]) left.act(left.session.tick(now));
    settle();
    expect(forks(dan)).toEqual([]);
    for (let i = 0; i < 5; i++) dan.append(accountOf(2), 200);
    elsewhere = false;
    left.act(left.session.shelfChanged());
    settle();
    expect(forks(dan).length).toBe(1);
    expect(kinds(left).filter((kind) => kind === 'proofWant').length).toBe(2);
    expect(kinds(left)).not.toContain('want');
  });

  test('[F3] while the log comes from somebody else nobody is asked for a proof by who may not be in it yet', () => {
    const [alice] = twoFaced(accountOf(2), 0, 1, 1);
    const dan = createReplica('Dan');
    copyInto(alice, dan);
    const [, forked] = twoFaced(accountOf(2), 0, 1, 1);
    meet(alice, forked).settle();
    alice.append(witnessOf(0), 300, { admits: deviceNamed('Eve') });
    let elsewhere = true;
    const { left, settle } = meet(dan, alice, { left: { busy: () => elsewhere } });
    settle();
    expect(kinds(left)).not.toContain('proofWant');
    elsewhere = false;
    left.act(left.session.shelfChanged());
    settle();
    expect(forks(dan)).toEqual(forks(alice));
  });

  /** How a third replica may stand to the two. */
  const beginnings = ['nothing', 'a part', 'one side', 'a third history'] as const;
  test('[F3] whatever Dan holds of a forked feed, who knows the proof brings him one, and then all is quiet', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(accountOf(2), voiceOf(2)),
        fc.nat({ max: 200 }),
        fc.nat({ max: 200 }),
        fc.tuple(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 90 })),
        fc.constantFrom(...beginnings),
        fc.tuple(fc.nat({ max: 200 }), fc.nat({ max: 300 })),
        fc.infiniteStream(fc.nat({ max: 11 })),
        fc.constantFrom(8 * 1024, 256 * 1024),
        (feed, common, certified, [toAlice, toBob], beginning, [parts, own], choices, window) => {
          const [alice, bob] = twoFaced(feed, common, toAlice, toBob, 300);
          for (const { chains } of [alice, bob])
            for (const chain of chains.values()) chain.certified = Math.min(common, certified) - 1;
          const choose = (): number => choices.next().value ?? 0;
          expect(meet(alice, bob).settle(choose)).toBe(true);
          const dan = createReplica('Dan');
          copyInto(foundCircle(MEMBERS), dan);
          const shared =
            beginning === 'nothing' ? 0 : beginning === 'one side' ? common : Math.min(common, parts);
          for (let i = 0; i < shared; i++) dan.append(feed, 300);
          if (beginning === 'one side') for (let i = 0; i < toBob; i++) dan.append(feed, 300, { filler: 2 });
          if (beginning === 'a third history')
            for (let i = 0; i <= own; i++) dan.append(feed, 300, { filler: 3 });
          for (const replica of [alice, bob]) {
            const { left, right, settle } = meet(dan, replica, { left: { window }, right: { window } });
            expect(settle(choose)).toBe(true);
            for (const now of [0, 20_000, 40_000])
              for (const end of [left, right]) {
                end.act(end.session.tick(now));
                expect(settle(choose)).toBe(true);
              }
            expect(forks(dan).length).toBe(1);
            expect([...left.faults, ...right.faults]).toEqual([]);
            expect([left.session.state(), right.session.state()]).toEqual(['live', 'live']);
            for (const end of [left, right])
              expect(kinds(end).filter((kind) => kind === 'proofWant').length).toBeLessThanOrEqual(12);
          }
        },
      ),
      { numRuns: Math.max(200, Math.round(RUNS / 4)) },
    );
  });
});
