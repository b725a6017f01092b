import { afterEach, describe, expect, test } from 'vitest';
import { eventually } from '@corridor/testing/peers';
import {
  becomeStewards,
  circleOf,
  inside,
  joins,
  payment,
  pays,
  shown,
  value,
  viewOf,
  village,
  type Person,
} from './stories.ts';

const place = village();
afterEach(() => place.close());

const DAY = 86_400;
const bookOf = ({ peer }: Person): number | undefined => peer.circle()?.replica.ledger.book;
const inBook = async (book: number, people: readonly Person[]): Promise<void> => {
  for (const person of people)
    await eventually(`${person.name} is in book ${book}`, () => bookOf(person) === book);
};
const finalAmong = async (people: readonly Person[], amount: number): Promise<void> => {
  for (const person of people)
    await eventually(`${amount} is final with ${person.name}`, () =>
      viewOf(person)?.lines.some(
        (line) => line.amount === amount && (line.state === 'final' || line.state === 'closed'),
      ),
    );
};
/** Others' payments are no lines of one's own, but balances tell of them. */
const hears = (person: Person, of: Person, balance: number): Promise<unknown> =>
  eventually(`${person.name} has heard of it`, () =>
    viewOf(person)?.people.some(({ name, balance: shows }) => name === of.name && shows === balance),
  );
const stewardsWhoHaveStopped = ({ peer }: Person): number => {
  const bits = peer.circle()?.replica.ledger.promisedAll ?? 0;
  return bits.toString(2).replaceAll('0', '').length;
};
/** Everything that is on its way has come, and phones have had their turns. */
async function quiet(): Promise<void> {
  for (let turn = 0; turn < 200; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

describe('a month is over', () => {
  test('[B1] the phone that keeps the book closes it by itself, and the next one a month later; what is paid meanwhile is paid', async () => {
    const [alice, bob, carol] = (await circleOf(place, 'Alice', 'Bob', 'Carol')) as [Person, Person, Person];
    expect(viewOf(alice)?.governing.book).toMatchObject({ number: 0, days: 31, olderKept: 0 });
    await pays(bob, alice, 700);
    await finalAmong([alice, bob], 700);
    place.passes(30 * DAY);
    await pays(carol, bob, 300);
    await finalAmong([bob, carol], 300);
    expect(bookOf(alice)).toBe(0);

    // The book turns while Bob pays.
    const press = payment(carol, 150);
    place.passes(DAY);
    let paid = await bob.peer.intents.pay(press);
    for (; !paid.ok; paid = await bob.peer.intents.pay(press)) await quiet();
    await inBook(1, [alice, bob, carol]);
    await finalAmong([bob, carol], 150);
    for (const person of [alice, bob, carol]) {
      const { since, days, olderKept } = (await inside(person)).governing.book;
      expect([days, olderKept]).toEqual([31, 1]);
      expect(Math.abs((since ?? 0) - (Date.now() / 1000 + place.later))).toBeLessThan(120);
    }
    await eventually('nothing is lost', () => shown(bob) === -550);
    expect([shown(alice), shown(carol)]).toEqual([700, -150]);

    place.passes(15 * DAY);
    const later = [await alice.reload(), await bob.reload(), await carol.reload()] as const;
    for (const person of later) await inside(person);
    place.passes(15 * DAY);
    await pays(later[2], later[0], 50);
    await finalAmong([later[0], later[2]], 50);
    expect(bookOf(later[0])).toBe(1);
    place.passes(DAY);
    await inBook(2, later);
    expect(later.map(shown)).toEqual([750, -550, -200]);
    expect(later.map((person) => viewOf(person)?.governing.book.olderKept)).toEqual([2, 2, 2]);
  });

  test('[B1] four stewards’ phones close it though the clock of one is a day late and one has been restarted; nobody’s payment is lost', async () => {
    const people: Person[] = [];
    const [alice, bob, carol] = await circleOf(place, 'Alice', 'Bob', 'Carol');
    if (alice === undefined || bob === undefined || carol === undefined) return expect.unreachable();
    const dora = await place.open('Dora', { clock: place.clock(-DAY) });
    await joins(dora, alice);
    people.push(alice, bob, carol, dora);
    await becomeStewards(people);
    await pays(bob, dora, 400);
    await finalAmong([bob, dora], 400);
    people[2] = await carol.reload();

    place.passes(30 * DAY);
    await quiet();
    expect(people.map(bookOf)).toEqual([1, 1, 1, 1]);
    const press = payment(alice, 250);
    place.passes(DAY);
    let paid = await dora.peer.intents.pay(press);
    for (; !paid.ok; paid = await dora.peer.intents.pay(press)) await quiet();
    await inBook(2, people);
    await finalAmong([dora, alice], 250);
    await eventually('nothing is lost', () => shown(dora) === 150 && shown(alice) === 250);
    expect(shown(bob)).toBe(-400);

    // The next one is due a month after this one began.
    place.passes(30 * DAY);
    await quiet();
    await pays(bob, alice, 1);
    await finalAmong([bob, alice], 1);
    expect(people.map(bookOf)).toEqual([2, 2, 2, 2]);
    place.passes(DAY);
    await inBook(3, people);
    expect(people.flatMap(({ peer }) => peer.links()?.faults ?? [])).toEqual([]);
  });

  test('[B1] a clock that is a day early has one phone stop alone; the others go on, and follow on their day', async () => {
    const [alice, bob, carol] = await circleOf(place, 'Alice', 'Bob', 'Carol');
    if (alice === undefined || bob === undefined || carol === undefined) return expect.unreachable();
    const dora = await place.open('Dora');
    await joins(dora, alice);
    const people = [alice, bob, carol, dora];
    await becomeStewards(people);
    await dora.peer.stop();
    people[3] = await place.open('Dora', { clock: place.clock(DAY) }, dora.disk);
    place.passes(30 * DAY);
    await pays(bob, alice, 80);
    await finalAmong([alice, bob], 80);
    await eventually('Dora’s phone has stopped', () => stewardsWhoHaveStopped(alice) === 1);
    expect(people.map(bookOf)).toEqual([1, 1, 1, 1]);
    place.passes(DAY);
    await inBook(2, people);
  });

  test('[B1] a clock that is a year ahead stops nobody’s phone, and one that fell back for a while closes no book', async () => {
    const [alice, bob, carol] = await circleOf(place, 'Alice', 'Bob', 'Carol');
    if (alice === undefined || bob === undefined || carol === undefined) return expect.unreachable();
    const dora = await place.open('Dora');
    await joins(dora, alice);
    const people = [alice, bob, carol, dora];
    await becomeStewards(people);
    await dora.peer.stop();
    const ahead = await place.open('Dora', { clock: place.clock(365 * DAY) }, dora.disk);
    await pays(bob, alice, 80);
    // So far off it meets nobody, and knows what it knew.
    await inside(ahead);
    await quiet();
    expect([alice, ahead].map(stewardsWhoHaveStopped)).toEqual([0, 0]);
    await ahead.peer.stop();
    const behind = await place.open('Dora', { clock: place.clock(-20_000 * DAY) }, dora.disk);
    await inside(behind);
    await quiet();
    await behind.peer.stop();
    people[3] = await place.open('Dora', {}, dora.disk);
    await pays(bob, alice, 90);
    await hears(people[3], bob, -170);
    await quiet();
    expect(people.map(stewardsWhoHaveStopped)).toEqual([0, 0, 0, 0]);
    place.passes(31 * DAY);
    await pays(bob, alice, 10);
    await inBook(2, people);
  });

  test('[B1] a book that lacks stewards on its day is closed when they are back, without anybody’s asking, over power cuts too', async () => {
    const people = await circleOf(place, 'Alice', 'Bob', 'Carol', 'Dora');
    await becomeStewards(people);
    const [alice, bob, carol, dora] = people as [Person, Person, Person, Person];
    place.passes(30 * DAY);
    await pays(bob, alice, 80);
    await pays(alice, bob, 10);
    for (const person of [carol, dora]) await hears(person, bob, -70);
    await carol.peer.stop();
    await dora.peer.stop();
    place.passes(2 * DAY);
    await eventually('two phones have stopped', () => stewardsWhoHaveStopped(alice) === 2);
    place.passes(3 * DAY);
    const there = [await alice.reload(), await bob.reload()] as const;
    // What is paid meanwhile waits, and is not lost.
    await pays(there[0], there[1], 30);
    await quiet();
    expect(there.map(bookOf)).toEqual([1, 1]);
    expect(there.map(stewardsWhoHaveStopped)).toEqual([2, 2]);
    const back = await carol.reload();
    // Whose turn it is may be away: the others wait for that phone a while.
    for (let minute = 0; minute < 60 && [...there, back].some((person) => bookOf(person) !== 2); minute++) {
      await quiet();
      place.passes(60);
    }
    await inBook(2, [...there, back]);
    await finalAmong([...there], 30);
    const last = await dora.reload();
    await inBook(2, [last]);
    await eventually('all is carried over', () => shown(there[1]) === -40 && shown(there[0]) === 40);
    await quiet();
    expect([...there, back, last].map(bookOf)).toEqual([2, 2, 2, 2]);
  });

  test('[B1] who comes later is shown the day of the book’s first words', async () => {
    const [alice, bob] = (await circleOf(place, 'Alice', 'Bob')) as [Person, Person];
    place.passes(31 * DAY);
    await pays(bob, alice, 10);
    await inBook(1, [alice, bob]);
    await pays(bob, alice, 20);
    const said = Date.now() / 1000 + place.later;
    await finalAmong([alice, bob], 20);
    place.passes(DAY / 2);
    const later = await alice.reload();
    const carol = await place.open('Carol');
    await joins(carol, later);
    await eventually('all of the book is here', () => viewOf(carol)?.people.some((p) => p.balance === 30));
    const back = await carol.reload();
    const { since } = (await inside(back)).governing.book;
    expect(Math.abs((since ?? 0) - said)).toBeLessThan(120);
  });

  test('[B1] a circle whose rules say so closes no book by itself', async () => {
    const [alice, bob] = (await circleOf(place, 'Alice', 'Bob')) as [Person, Person];
    const { rules } = (await inside(alice)).governing;
    await value(
      alice.peer.intents.propose({ type: 'policy', policy: { ...rules, bookDays: 0 } }, 'we ask each other'),
    );
    await eventually('it is decided', () => viewOf(bob)?.governing.book.days === 0);
    place.passes(400 * DAY);
    await quiet();
    await pays(bob, alice, 20);
    await finalAmong([alice, bob], 20);
    expect([alice, bob].map(bookOf)).toEqual([0, 0]);
    await value(
      alice.peer.intents.propose({ type: 'policy', policy: { ...rules, bookDays: 7 } }, 'weekly after all'),
    );
    await inBook(1, [alice, bob]);
  });
});
