import { afterEach, expect, test } from 'vitest';
import { eventually } from '@corridor/testing/peers';
import {
  becomeStewards,
  circleOf,
  pays,
  payment,
  shown,
  value,
  viewOf,
  village,
  type Person,
} from './stories.ts';

const place = village();
afterEach(() => place.close());

type Four = [Person, Person, Person, Person];
const memberOf = (person: Person) => viewOf(person)?.me.member ?? expect.unreachable();
const isFinal = (person: Person, amount: number): boolean =>
  viewOf(person)?.lines.some((l) => l.amount === amount && l.state === 'final') === true;

/** Four neighbours take the book out of the founder's hand: all four keep the second one. */
async function fourStewards(): Promise<Four> {
  const people = (await circleOf(place, 'Alice', 'Bob', 'Carol', 'Dora')) as Four;
  const [alice] = people;
  expect(viewOf(alice)?.governing.stewards).toMatchObject({ suggested: 4, quorum: 1, iAm: true });
  await becomeStewards(people);
  return people;
}

test('[B1] [P7] at the fourth member the book goes from one hand to four, with everybody’s balance', async () => {
  const people = await fourStewards();
  const [alice, bob] = people;
  expect(viewOf(alice)?.governing.stewards).toMatchObject({ mayLie: 1, mayBeAway: 1, suggested: null });
  await pays(bob, alice, 1_200);
  for (const person of people)
    await eventually(
      `final with ${person.name}`,
      () => isFinal(person, 1_200) || person.name === 'Carol' || person.name === 'Dora',
    );
  expect([shown(alice), shown(bob)]).toEqual([1_200, -1_200]);
});

test('[L1] [L3] [P7] four stewards agree though one is away: payments become final, limits change', async () => {
  const [alice, bob, carol, dora] = await fourStewards();
  await dora.peer.stop();
  await pays(bob, alice, 700);
  await eventually('final', () => isFinal(alice, 700) && isFinal(bob, 700));
  const id = await value(
    carol.peer.intents.propose(
      { type: 'limits', member: memberOf(bob), lowestBalance: -20_000, highestBalance: 30_000 },
      'he bakes',
    ),
  );
  await eventually('Alice is asked', () =>
    viewOf(alice)?.governing.motions.some((m) => m.id === id && m.need === 2),
  );
  await value(alice.peer.intents.answer(id, true));
  for (const person of [alice, bob, carol])
    await eventually(
      `decided with ${person.name}`,
      () => viewOf(person)?.decisions.at(-1)?.act.type === 'limits',
    );
  // Dora comes back: she learns it all, and her phone counts again.
  const back = await place.open('Dora', {}, dora.disk);
  await eventually('Dora has caught up', () => viewOf(back)?.decisions.some((d) => d.act.type === 'limits'));
  await alice.peer.stop();
  await value(bob.peer.intents.pay(payment(back, 60)));
  await eventually('final without Alice', () => isFinal(back, 60));
});

test('[S1] [L3] [B2] a newcomer starts from the second book; expelled by two thirds, they read nothing more', async () => {
  const [alice, bob, carol] = await fourStewards();
  const newcomer = await place.open('Emil');
  const { link } = await value(bob.peer.intents.createInvite('member'));
  await value(newcomer.peer.intents.join(link, 'Emil'));
  await eventually('Emil is in', () => viewOf(newcomer)?.people.length === 5);
  await pays(newcomer, carol, 300);
  await eventually('and pays', () => isFinal(carol, 300));
  expect(shown(carol)).toBe(300);

  const out = await value(
    alice.peer.intents.propose({ type: 'standing', member: memberOf(newcomer), standing: 'expelled' }, 'no'),
  );
  for (const person of [bob, carol]) {
    await eventually(`${person.name} is asked`, () =>
      viewOf(person)?.governing.motions.some((m) => m.id === out),
    );
    if (viewOf(person)?.governing.motions.some((m) => m.id === out && m.state === 'open'))
      await value(person.peer.intents.answer(out, true)).catch(() => undefined);
  }
  for (const person of [alice, bob, carol])
    await eventually(`expelled with ${person.name}`, () =>
      viewOf(person)?.governing.standings.some((s) => s.standing === 'expelled'),
    );
  await pays(bob, alice, 50);
  await eventually('under the new key', () => isFinal(alice, 50));
});
