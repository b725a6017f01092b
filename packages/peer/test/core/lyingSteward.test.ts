import { afterEach, expect, test } from 'vitest';
import { bendWitness, type Lie } from '@corridor/testing/lyingWitness';
import { eventually } from '@corridor/testing/peers';
import { circleOf, pays, shown, value, viewOf, village, type Person } from './stories.ts';

const place = village();
afterEach(() => place.close());

const memberOf = (person: Person) => viewOf(person)?.me.member ?? expect.unreachable();
const isFinal = (person: Person, amount: number): boolean =>
  viewOf(person)?.lines.some((l) => l.amount === amount && l.state === 'final') === true;

/** Four stewards; from the second book on Mallory lies in all that she says as one. */
async function council(friends: readonly number[] = []): Promise<{
  readonly people: readonly [Person, Person, Person, Person];
  readonly lies: Readonly<Record<Lie, number>>;
}> {
  const people = (await circleOf(place, 'Alice', 'Bob', 'Carol', 'Mallory')) as [
    Person,
    Person,
    Person,
    Person,
  ];
  const [alice, , , mallory] = people;
  for (const person of people) await value(person.peer.intents.offerSteward(true));
  await eventually('all have offered', () => viewOf(alice)?.governing.stewards.offers.length === 4);
  await value(alice.peer.intents.propose({ type: 'stewards', members: people.map(memberOf) }, ''));
  const lies: Record<Lie, number> = { vote: 0, round: 0, report: 0, promise: 0, key: 0 };
  for (const person of people)
    await eventually(
      `${person.name} is in the second book`,
      () => viewOf(person)?.governing.book.number === 1 && viewOf(person)?.governing.stewards.quorum === 3,
    );
  bendWitness(mallory.peer.circle()?.replica, lies, friends);
  return { people, lies };
}
/** Says yes once asked; who did already does no harm. */
async function agrees(person: Person, motion: string): Promise<void> {
  await eventually(`${person.name} is asked`, () =>
    viewOf(person)?.governing.motions.some(({ id }) => id === motion),
  );
  const open = viewOf(person)?.governing.motions.find(({ id }) => id === motion && id);
  if (open?.state === 'open') await value(person.peer.intents.answer(open.id, true));
}

test('[C2] [L1] [I2] [I11] a limit is cut though one steward is away and one lies in her votes, rounds and reports', async () => {
  const { people, lies } = await council();
  const [alice, bob, carol, mallory] = people;
  await pays(bob, alice, 1_200);
  await eventually('final', () => isFinal(alice, 1_200) && isFinal(bob, 1_200));
  await carol.peer.stop();
  const id = await value(
    alice.peer.intents.propose(
      { type: 'limits', member: memberOf(bob), lowestBalance: -4_000, highestBalance: 30_000 },
      '',
    ),
  );
  await agrees(mallory, id);
  for (const person of [alice, bob])
    await eventually(
      `decided with ${person.name}`,
      () => viewOf(person)?.decisions.at(-1)?.act.type === 'limits',
    );
  expect(lies.report).toBeGreaterThan(0);
  expect([shown(alice), shown(bob)]).toEqual([1_200, -1_200]);
  await pays(bob, alice, 300);
  await eventually('and Bob pays on', () => isFinal(alice, 300));
  // What she did after her promise stands beside the promise, and is called what it is.
  const broken = await eventually('the broken promise shows', () =>
    viewOf(bob)?.faults.find(({ kind }) => kind === 'vote-after-promise'),
  );
  expect(broken).toMatchObject({ memberName: 'Mallory' });
  expect(broken.left.summary).not.toBe(broken.right.summary);
});

test.each([
  ['nobody', []],
  ['Alice alone', [0]],
])(
  '[B1] [L1] [S1] a lying steward closes the book under a key that she gives to %s: all of them go on',
  async (_, friends) => {
    const { people, lies } = await council(friends);
    const [alice, bob, carol, mallory] = people;
    // One decision more, and the next one is Mallory's to propose.
    const id = await value(
      alice.peer.intents.propose(
        { type: 'limits', member: memberOf(bob), lowestBalance: -40_000, highestBalance: 40_000 },
        '',
      ),
    );
    await agrees(carol, id);
    for (const person of people)
      await eventually(
        `decided with ${person.name}`,
        () => viewOf(person)?.decisions.at(-1)?.act.type === 'limits',
      );
    await pays(bob, alice, 1_200);
    const closing = await value(alice.peer.intents.propose({ type: 'close-book' }, ''));
    for (const person of [bob, carol, mallory]) await agrees(person, closing);
    for (const person of [alice, bob, carol])
      await eventually(
        `${person.name} is in the third book`,
        () => viewOf(person)?.governing.book.number === 2,
      );
    expect(lies.key).toBeGreaterThan(0);
    expect([shown(alice), shown(bob)]).toEqual([1_200, -1_200]);
    await pays(bob, alice, 300);
    await eventually('and Bob pays on', () => isFinal(alice, 300));
  },
);
