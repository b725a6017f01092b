import { afterEach, describe, expect, test } from 'vitest';
import { KIND, LANE, ok } from '@corridor/ledger';
import { eventually } from '@corridor/testing/peers';
import {
  becomeStewards,
  circleOf,
  inside,
  joins,
  pays,
  value,
  viewOf,
  village,
  type Person,
} from './stories.ts';
import { createSharedText } from '../../src/core/sharedText.ts';

const place = village();
afterEach(() => place.close());

const DAY = 86_400;
/** Everything that is on its way has come, and phones have had their turns. */
async function quiet(): Promise<void> {
  for (let turn = 0; turn < 200; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}
const bookOf = ({ peer }: Person): number | undefined => peer.circle()?.replica.ledger.book;
const deviceOf = ({ peer }: Person) => peer.circle()?.record.device ?? expect.unreachable();
const charterOf = (person: Person): string | undefined => viewOf(person)?.governing.charter;
async function reads(people: readonly Person[], charter: string): Promise<void> {
  for (const person of people)
    await eventually(`${person.name} reads the charter`, () => charterOf(person) === charter);
}
/** The month is over, they are all in the next book, and start their phones anew on another day. */
async function monthEnds<T extends readonly Person[]>(
  people: T,
  [one, other]: readonly [Person, Person],
): Promise<T> {
  const book = bookOf(one) ?? 0;
  place.passes(31 * DAY);
  await pays(one, other, 1);
  await pays(other, one, 1);
  for (const person of people)
    await eventually(`${person.name} is in the next book`, () => bookOf(person) === book + 1);
  return (await Promise.all(people.map((person) => person.reload()))) as unknown as T;
}
/** Devices that have said anything of the charter in the book in use. */
const writers = (person: Person): number => {
  const { ledger } = person.peer.circle()?.replica ?? expect.unreachable();
  const said = [...ledger.entries.values()].filter(({ entry }) => 'update' in entry.body);
  return new Set(said.map(({ entry }) => entry.device)).size;
};
/** An emoji takes two places: none may be torn where a step ends. */
const LONG = `:${'\u{1F35E}'.repeat(700)}. ${'Who bakes, bakes for all. '.repeat(60)}`;

describe('the charter crosses into the next book', () => {
  test('[B1] word for word, from one hand; who comes later reads it, and it is written on', async () => {
    const [alice, bob] = (await circleOf(place, 'Alice', 'Bob')) as [Person, Person];
    await value(alice.peer.intents.writeCharter('', LONG));
    await reads([bob], LONG);
    const begun = `Charter of Valldor\n${LONG}`;
    await value(bob.peer.intents.writeCharter(LONG, begun));
    await reads([alice], begun);
    const [alice2, bob2] = await monthEnds([alice, bob] as const, [bob, alice]);
    await reads([alice2, bob2], begun);
    const carol = await place.open('Carol');
    await joins(carol, alice2);
    await reads([carol], begun);
    const whole = `${begun}We meet on Sundays.\n`;
    await value(carol.peer.intents.writeCharter(begun, whole));
    await reads([alice2, bob2, carol], whole);
    const [alice3, bob3, carol3] = await monthEnds([alice2, bob2, carol] as const, [bob2, alice2]);
    await reads([alice3, bob3, carol3], whole);
    await value(bob3.peer.intents.writeCharter(whole, `${whole}Bread is 3 dors.\n`));
    await reads([alice3, await carol3.reload()], `${whole}Bread is 3 dors.\n`);
    // Alice's phone, which keeps the book, and Bob's line.
    expect([alice3, bob3].map(writers)).toEqual([2, 2]);
  });

  test('[B1] though the steward whose turn it is is away, and comes back; though another says something else', async () => {
    const people = (await circleOf(place, 'Alice', 'Bob', 'Carol', 'Dora')) as [
      Person,
      Person,
      Person,
      Person,
    ];
    const [, bob] = people;
    await value(bob.peer.intents.writeCharter('', LONG));
    await reads(people, LONG);
    await becomeStewards(people);
    await reads(people, LONG);
    const first = people.find((person) => {
      const { ledger } = person.peer.circle()?.replica ?? expect.unreachable();
      return ledger.log.terms.some(({ index, device }) => index === 0 && device === deviceOf(person));
    });
    // Of two texts that one device each has carried the one of the lower key counts: here that is a liar's.
    const others = people
      .filter((person) => person !== first)
      .sort((a, b) => (deviceOf(a) < deviceOf(b) ? -1 : 1));
    const [liar, one, other] = others as [Person, Person, Person];
    if (first === undefined) return expect.unreachable();
    await first.peer.stop();
    place.passes(31 * DAY);
    await pays(one, other, 1);
    await pays(other, one, 1);
    for (let step = 0; step < 200 && others.some((person) => bookOf(person) !== 2); step++) {
      await quiet();
      // Whoever is there already must not come to its turn before the liar is.
      place.passes(others.some((person) => bookOf(person) === 2) ? 0.1 : 60);
    }
    // One of them says first that it was another text.
    const said = createSharedText(0, deviceOf(liar));
    said.begin('All bread is mine.');
    const bodies = said.carrySteps().map((update) => ({ kind: KIND.sharedText, text: 0, update, at: 0 }));
    const { replica } = liar.peer.circle() ?? expect.unreachable();
    expect(writers(liar)).toBe(0);
    expect((await replica.append(LANE.voice, () => ok(bodies))).ok).toBe(true);
    const { log } = replica.ledger;
    for (let turn = 1; turn < log.terms.length; turn++) {
      await quiet();
      place.passes(60);
    }
    const back = await first.reload();
    const there = [back, await one.reload(), await other.reload()] as const;
    for (const person of there)
      await eventually(`${person.name} is in book 2`, () => bookOf(person) === 2 && writers(person) >= 2);
    const erin = await place.open('Erin');
    await joins(erin, there[1]);
    await reads([...there, erin], LONG);
  });
});

describe('offers to keep the book cross into the next one', () => {
  test('[B1] [P7] who offered offers on, over a restart, until that is taken back', async () => {
    const [alice, bob, carol, dora] = (await circleOf(place, 'Alice', 'Bob', 'Carol', 'Dora')) as [
      Person,
      Person,
      Person,
      Person,
    ];
    for (const person of [alice, bob, carol, dora]) await value(person.peer.intents.offerSteward(true));
    await value(carol.peer.intents.offerSteward(false));
    const offers = (person: Person): readonly string[] =>
      [...(viewOf(person)?.governing.stewards.offers ?? [])].map(({ name }) => name).sort();
    await eventually('three offer', () => offers(alice).join() === 'Alice,Bob,Dora');
    const second = await monthEnds([alice, bob, carol, dora] as const, [bob, alice]);
    for (const person of second) await inside(person);
    await eventually('three still do', () => offers(second[2]).join() === 'Alice,Bob,Dora');
    expect(viewOf(second[1])?.governing.stewards.iOffer).toBe(true);
    const third = await monthEnds(second, [second[1], second[0]]);
    for (const person of third) await inside(person);
    await value(third[2].peer.intents.offerSteward(true));
    await eventually('four do', () => offers(third[0]).length === 4);
    // What they offered two books ago makes them stewards now.
    const members = third.map((person) => viewOf(person)?.me.member ?? expect.unreachable());
    await value(third[0].peer.intents.propose({ type: 'stewards', members }, ''));
    for (const person of third)
      await eventually('four keep the book', () => viewOf(person)?.governing.stewards.stewards.length === 4);
    await eventually('and they offer on', () => offers(third[2]).length === 4);
  });
});

describe('motions end with their book', () => {
  test('[B1] [L3] what nobody decided is shown as ended, and proposed again by whoever wants it; old answers are none', async () => {
    const [alice, bob, carol] = (await circleOf(place, 'Alice', 'Bob', 'Carol')) as [Person, Person, Person];
    const governing = (person: Person) => viewOf(person)?.governing ?? expect.unreachable();
    const member = viewOf(carol)?.me.member ?? expect.unreachable();
    const wish = { type: 'limits', member, lowestBalance: -20_000, highestBalance: 15_000 } as const;
    await value(bob.peer.intents.propose(wish, 'she mends bikes'));
    await value(bob.peer.intents.propose({ type: 'payout', member, amount: 5 }, 'for the tyres'));
    await eventually('Alice sees both', () => governing(alice).motions.length === 2);
    const [first, second, third] = await monthEnds([alice, bob, carol] as const, [bob, alice]);
    const there = [first, second, third];
    for (const person of there)
      await eventually(
        `${person.name} sees that they ended`,
        () => governing(person).endedMotions.length === 2,
      );
    expect(governing(first).motions).toEqual([]);
    const [, ended] = governing(third).endedMotions;
    expect(ended).toMatchObject({
      act: { type: 'limits', who: 'Carol', lowestBalance: -20_000 },
      by: 'Bob',
      reason: 'she mends bikes',
      wish,
    });
    await value(third.peer.intents.propose(wish, ended?.reason ?? ''));
    for (const person of there)
      await eventually(`${person.name} sees it open`, () => governing(person).endedMotions.length === 1);
    const open = await eventually('Alice is asked', () => governing(first).motions[0]);
    expect(open).toMatchObject({ by: 'Carol', yes: [], reason: 'she mends bikes' });
    await value(first.peer.intents.answer(open.id, true));
    await eventually('Carol has the room', () => viewOf(third)?.balance.lowestBalance === -20_000);
    expect(governing(third).endedMotions.map(({ act }) => act.type)).toEqual(['payout']);
  });
});

describe('the keys of a book end with it', () => {
  const witnessKeys = ({ disk }: Person): readonly string[] =>
    [...disk.keys].flatMap(([name, { purpose }]) => (purpose === 'witness' ? [name] : []));
  const termKeys = (person: Person): readonly string[] =>
    (person.peer.circle()?.replica.ledger.log.terms ?? []).map(({ key }) => key);

  test('[I15] [B1] stewards’ phones erase the witness keys of books that are over, and those of offers that went with them', async () => {
    const people = (await circleOf(place, 'Alice', 'Bob', 'Carol', 'Dora')) as [
      Person,
      Person,
      Person,
      Person,
    ];
    const founding = termKeys(people[0]);
    expect(witnessKeys(people[0])).toEqual(founding);
    await becomeStewards(people);
    const second = termKeys(people[0]);
    const third = await monthEnds(people, [people[1], people[0]]);
    for (const person of third) await inside(person);
    const over = [...founding, ...second];
    for (const person of third) {
      // One of the term, one of the offer for the next book; nothing is left of any other.
      await eventually('two keys', () => witnessKeys(person).length === 2);
      const held = witnessKeys(person);
      const inUse = termKeys(person);
      expect(held.filter((key) => inUse.includes(key)).length).toBe(1);
      // Who was not among the quorum that closed the book keeps the same key for one more.
      expect(held.filter((key) => over.includes(key) && !inUse.includes(key))).toEqual([]);
    }
    // They vote on, and can go on.
    const fourth = await monthEnds(third, [third[1], third[0]]);
    await pays(fourth[2], fourth[3], 70);
    await eventually('it is final', () =>
      viewOf(fourth[3])?.lines.some(({ amount, state }) => amount === 70 && state === 'final'),
    );
  });

  test('[I15] what a full disk would not let go of is erased at the next start; a key that is in use is not', async () => {
    const [alice, bob] = (await circleOf(place, 'Alice', 'Bob')) as [Person, Person];
    const [first] = witnessKeys(alice);
    const kept = alice.disk.keys.get(first ?? '') ?? expect.unreachable();
    const [later] = await monthEnds([alice, bob] as const, [bob, alice]);
    await inside(later);
    await eventually('it is erased', () => !witnessKeys(later).includes(first ?? ''));
    // As if the power had gone before.
    later.disk.keys.set(first ?? '', kept);
    const again = await later.reload();
    await inside(again);
    await eventually('it is erased again', () => witnessKeys(again).length === 1);
    expect(witnessKeys(again)).toEqual(termKeys(again));
  });

  test('[I15] [W1] a phone whose book was lost erases nothing until the book is back', async () => {
    const [, bob] = (await circleOf(place, 'Alice', 'Bob')) as [Person, Person];
    await value(bob.peer.intents.offerSteward(true));
    const offered = witnessKeys(bob);
    expect(offered.length).toBe(1);
    // Once it is all in the book, the journal knows no more of it than where it ends.
    const back = await bob.reload();
    await inside(back);
    await back.peer.stop();
    for (const chain of back.disk.chains.values()) chain.rows.length = 0;
    back.disk.docs.clear();
    const bare = await back.reload();
    expect(witnessKeys(bare)).toEqual(offered);
    await eventually('the book is back', () => viewOf(bare)?.governing.stewards.iOffer === true);
    expect(witnessKeys(await bare.reload())).toEqual(offered);
  });
});
