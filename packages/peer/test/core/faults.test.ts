import { KIND, LANE } from '@corridor/ledger';
import { afterEach, expect, test } from 'vitest';
import { eventually } from '@corridor/testing/peers';
import {
  allFinal,
  circleOf,
  copyOf,
  inside,
  joins,
  pays,
  payment,
  refusal,
  shown,
  value,
  village,
  viewOf,
} from './stories.ts';

let place = village();
afterEach(async () => {
  await place.close();
  place = village();
});

test('[F3] Bob’s phone, restored from an older copy, signs another payment: the two stand side by side with everybody', async () => {
  const [alice, bob, carol] = await circleOf(place, 'alice', 'bob', 'carol');
  if (alice === undefined || bob === undefined || carol === undefined) throw new Error('three people');
  await pays(bob, alice, 100);
  await allFinal([alice, bob], 1);
  const older = await bob.reload();
  await older.peer.stop();
  const backup = copyOf(bob.disk);
  const now = await place.open('bob', {}, bob.disk);
  await inside(now);
  place.network.cut('bob', 'alice');
  place.network.cut('bob', 'carol');
  const first = await pays(now, alice, 200);
  await now.peer.stop();
  const restored = await place.open('bob-restored', {}, backup);
  const second = await pays(restored, carol, 300);
  await eventually('the second is out', () =>
    [alice, carol].every((p) => p.peer.circle()?.replica.ledger.entries.has(second.line.id)),
  );
  const bobAgain = await place.open('bob', {}, bob.disk);
  place.network.heal();
  const everybody = [alice, carol, restored, bobAgain];
  for (const person of everybody)
    await eventually(`${person.name} shows the fault`, () => {
      const [fault] = viewOf(person)?.faults ?? [];
      const sides = new Set<string | undefined>([fault?.left.id, fault?.right.id]);
      return (
        fault?.kind === 'two-histories' &&
        fault.memberName === 'bob' &&
        sides.has(first.line.id) &&
        sides.has(second.line.id)
      );
    });
  // What was settled stays; the branch that came second counts for nothing, and Bob signs no third.
  expect(shown(alice)).toBe(100);
  for (const phone of [restored, bobAgain])
    expect(await refusal(phone.peer.intents.pay(payment(alice, 1)))).toBe('needs-a-talk');
  for (const person of everybody) {
    const back = await person.reload();
    expect((await inside(back)).faults).toHaveLength(1);
  }
});

test('[F3] 70 payments later Bob’s copied phone signs on beside him: nobody’s newest entries link, and the fault is found', async () => {
  const [alice, bob, carol] = await circleOf(place, 'alice', 'bob', 'carol');
  if (alice === undefined || bob === undefined || carol === undefined) throw new Error('three people');
  const common = await Promise.all(Array.from({ length: 70 }, () => pays(bob, alice, 1)));
  await allFinal([alice, bob], 70);
  await eventually('Carol holds them all', () =>
    common.every(({ line }) => carol.peer.circle()?.replica.ledger.entries.has(line.id)),
  );
  await bob.peer.stop();
  const backup = copyOf(bob.disk);
  // Each copy tells its story to one person, far from the other.
  place.network.cut('alice', 'carol');
  place.network.cut('alice', 'bob-copied');
  place.network.cut('bob', 'carol');
  place.network.cut('bob', 'bob-copied');
  const bobAgain = await place.open('bob', {}, bob.disk);
  await inside(bobAgain);
  const copied = await place.open('bob-copied', {}, backup);
  await inside(copied);
  const left = [await pays(bobAgain, alice, 200), await pays(bobAgain, alice, 201)];
  const right = [await pays(copied, carol, 300), await pays(copied, carol, 301)];
  await eventually('each story is out', () =>
    [[alice, left] as const, [carol, right] as const].every(([person, told]) =>
      told.every(({ line }) => person.peer.circle()?.replica.ledger.entries.has(line.id)),
    ),
  );
  place.network.heal();
  for (const person of [alice, carol, bobAgain, copied])
    await eventually(`${person.name} shows the fault`, () => {
      const [fault] = viewOf(person)?.faults ?? [];
      const sides = new Set<string | undefined>([fault?.left.id, fault?.right.id]);
      return (
        fault?.kind === 'two-histories' &&
        fault.memberName === 'bob' &&
        sides.has(left[0]?.line.id) &&
        sides.has(right[0]?.line.id)
      );
    });
});

test('[P7] the book changes hands while payments are under way: none is lost, none counts twice', async () => {
  const [alice, bob] = await circleOf(place, 'alice', 'bob');
  if (alice === undefined || bob === undefined) throw new Error('two people');
  const box = await place.open('box', { offersToKeep: true });
  await joins(box, alice, 'device');
  const device = await eventually('the box offers', () =>
    viewOf(alice)?.keeperCandidates.find((c) => c.connected),
  );
  const under = Array.from({ length: 12 }, (_, i) => pays(bob, alice, 10 + i));
  const handed = value(alice.peer.intents.keepBook(device.device));
  const more = Array.from({ length: 6 }, () => pays(alice, bob, 7));
  await Promise.all([...under, handed, ...more]);
  await eventually('the box keeps it', () => viewOf(bob)?.keeper.device === device.device);
  await alice.peer.stop();
  await pays(bob, box, 5);
  await allFinal([bob], 19);
  expect(shown(bob)).toBe(-(12 * 10 + 66) + 42 - 5);
  const back = await place.open('alice', {}, alice.disk);
  await allFinal([back, bob, box], 19);
  expect(await refusal(back.peer.intents.keepBook(viewOf(bob)?.me.device ?? device.device))).toBe(
    'device-not-reachable',
  );
  const ledgers = [back, bob, box].map((p) => p.peer.circle()?.replica.ledger);
  expect(ledgers.map((l) => [l?.halt, l?.doubleVotes.length, l?.forks.length])).toEqual(
    ledgers.map(() => [null, 0, 0]),
  );
});

test('[P5] [P6] the keeper’s phone loses power between vote and vote: it votes once for each slot', async () => {
  const [alice, bob] = await circleOf(place, 'alice', 'bob');
  if (alice === undefined || bob === undefined) throw new Error('two people');
  let keeper = alice;
  for (let i = 0; i < 4; i++) {
    await pays(bob, keeper, 10);
    await eventually('voted', () => viewOf(bob)?.lines.every((line) => line.state === 'final'));
    keeper = await keeper.crash();
    await inside(keeper);
  }
  await allFinal([keeper, bob], 4);
  const { ledger } = keeper.peer.circle()?.replica ?? {};
  const votes = [...(ledger?.entries.values() ?? [])].flatMap(({ entry }) =>
    entry.lane === LANE.witness && entry.body.kind === KIND.votes ? entry.body.votes : [],
  );
  expect(new Set(votes.map((vote) => vote.seq)).size).toBe(votes.length);
  expect(ledger?.doubleVotes).toEqual([]);
});
