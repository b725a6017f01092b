import { afterEach, describe, expect, test } from 'vitest';
import { eventually } from '@corridor/testing/peers';
import { circleOf, inside, pays, shown, value, viewOf, village, type Person } from './stories.ts';

const place = village();
afterEach(() => place.close());

const bookOf = ({ peer }: Person): number | undefined => peer.circle()?.replica.ledger.book;
const faultsOf = (...people: readonly Person[]) => people.flatMap(({ peer }) => peer.links()?.faults ?? []);
/** A steward has the book closed. */
const closes = (steward: Person): Promise<unknown> =>
  value(steward.peer.intents.propose({ type: 'close-book' }, 'the month is over'));
async function inBook(book: number, ...people: readonly Person[]): Promise<void> {
  for (const person of people)
    await eventually(`${person.name} is in book ${book}`, () => bookOf(person) === book);
}
const finalAmong = (people: readonly Person[], amount: number) =>
  Promise.all(
    people.map((person) =>
      eventually(`${amount} is final with ${person.name}`, () =>
        viewOf(person)?.lines.some((line) => line.amount === amount && line.state === 'final'),
      ),
    ),
  );

describe('a month ends', () => {
  test('[B1] three phones go on to the next book with what everybody had, and trade there', async () => {
    const [alice, bob, carol] = (await circleOf(place, 'Alice', 'Bob', 'Carol')) as [Person, Person, Person];
    await pays(bob, alice, 700);
    await pays(carol, bob, 300);
    await finalAmong([alice, bob], 700);
    await finalAmong([bob, carol], 300);
    await closes(alice);
    await inBook(1, alice, bob, carol);
    expect([alice, bob, carol].map(shown)).toEqual([700, -400, -300]);
    await pays(alice, carol, 900);
    await finalAmong([alice, carol], 900);
    await eventually('Carol has it', () => shown(carol) === 600);
    expect(shown(alice)).toBe(-200);
    for (const person of [alice, bob, carol]) {
      const view = await inside(person);
      expect(view.people.map(({ name }) => name).sort()).toEqual(['Alice', 'Bob', 'Carol']);
    }
    expect(faultsOf(alice, bob, carol)).toEqual([]);
  });
});
