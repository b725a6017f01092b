/** What a closing left out of a chain is signed again, by itself and once [C2] [B1]. */
import { LANE } from '@corridor/ledger';
import { afterEach, describe, expect, test } from 'vitest';
import { eventually } from '@corridor/testing/peers';
import { circleOf, inside, pays, shown, value, viewOf, village, type Person } from './stories.ts';

const place = village();
afterEach(() => place.close());

type Two = readonly [Person, Person];
/** Alice, who keeps the book, and Bob, who pays her `first` that is final; then they do not reach each other. */
async function apart(first = 100): Promise<Two> {
  const [alice, bob] = (await circleOf(place, 'Alice', 'Bob')) as [Person, Person];
  if (first > 0) {
    await pays(bob, alice, first);
    await eventually('it is final', () => viewOf(bob)?.lines[0]?.state === 'final');
  }
  place.network.cut('Alice', 'Bob');
  await eventually('they are apart', () => viewOf(alice)?.freshness.state !== 'live');
  return [alice, bob];
}
const closes = async (alice: Person): Promise<void> => {
  const book = bookOf(alice);
  await value(alice.peer.intents.propose({ type: 'close-book' }, ''));
  await inBook(book + 1, alice);
};
/** Bob may owe no more than this. */
const lowers = async (alice: Person, lowestBalance: number): Promise<void> => {
  const member = viewOf(alice)?.people.find(({ name }) => name === 'Bob')?.member as never;
  await value(
    alice.peer.intents.propose({ type: 'limits', member, lowestBalance, highestBalance: 15_000 }, ''),
  );
  await eventually('it is decided', () => viewOf(alice)?.decisions.at(-1)?.act.type === 'limits');
};
const bookOf = ({ peer }: Person): number => peer.circle()?.replica.ledger.book ?? -1;
const inBook = async (book: number, ...people: readonly Person[]): Promise<void> => {
  for (const person of people)
    await eventually(`${person.name} is in book ${book}`, () => bookOf(person) === book);
};
/** What somebody's list says, newest first. */
const listOf = (person: Person) =>
  viewOf(person)?.lines.map(({ amount, memo, state }) => ({ amount, memo, state }));
const lists = (people: readonly Person[], expected: readonly unknown[]) =>
  Promise.all(
    people.map((person) =>
      eventually(`${person.name} sees ${JSON.stringify(expected)}`, () => {
        expect(person.peer.links()?.faults ?? []).toEqual([]);
        return JSON.stringify(listOf(person)) === JSON.stringify(expected);
      }).catch(() => expect(listOf(person)).toEqual(expected)),
    ),
  );
/** Entries of Bob's account lane in the book in use. */
const chainOf = ({ peer }: Person, bob: Person) => {
  const device = bob.peer.circle()?.record.device as never;
  return peer.circle()?.replica.ledger.feeds.get(device)?.[LANE.account].main.length;
};

describe('a book closes while Bob is away', () => {
  test('[B1] what he signed meanwhile is signed again in the new book: in order, with its words, and once', async () => {
    const [alice, bob] = await apart();
    await pays(bob, alice, 300, { memo: 'bread' });
    const press = { intent: 'the press', memo: 'eggs' };
    const before = await pays(bob, alice, 200, press);
    await closes(alice);
    place.network.heal();
    await inBook(1, bob);
    const expected = [
      { amount: 200, memo: 'eggs', state: 'final' },
      { amount: 300, memo: 'bread', state: 'final' },
      { amount: 100, memo: '', state: 'closed' },
    ];
    await lists([alice, bob], expected);
    expect([shown(alice), shown(bob)]).toEqual([600, -600]);
    // The press of before finds what stands for it now, and the old receipt says so.
    expect((await value(bob.peer.intents.paidBy('the press')))?.state).toBe('final');
    expect(await value(bob.peer.intents.line(before.line.id))).toMatchObject({
      state: 'overtaken',
      amount: 200,
    });
    const back = await bob.reload();
    await lists([back], expected);
    expect(chainOf(back, back)).toBe(2);
    expect(viewOf(back)?.lineCount).toBe(3);
  });

  test('[B1] [P3] a payment handed over by code is shown once, before and after it is signed again', async () => {
    const [alice, bob] = await apart();
    await pays(bob, alice, 40);
    const { handOverCode } = await pays(bob, alice, 60, { handOver: true });
    await value(alice.peer.intents.readCode(handOverCode ?? ''));
    await closes(alice);
    expect(listOf(alice)?.[0]).toMatchObject({ amount: 60, state: 'they-have-it' });
    const again = await alice.reload();
    await inside(again);
    expect(listOf(again)?.[0]).toMatchObject({ amount: 60, state: 'they-have-it' });
    place.network.heal();
    await lists(
      [again, bob],
      [
        { amount: 60, memo: '', state: 'final' },
        { amount: 40, memo: '', state: 'final' },
        { amount: 100, memo: '', state: 'closed' },
      ],
    );
    await eventually('the code’s row is gone', () =>
      [...again.disk.records.keys()].every((name) => !name.startsWith('handed/')),
    );
  });

  const handedRows = ({ disk }: Person): readonly string[] =>
    [...disk.records.keys()].filter((name) => name.startsWith('handed/'));

  describe('and hears of it before his chain has reached Alice', () => {
    /** Bob is with Alice alone: his 40 stays on his phone, and she scans the code of the other one. */
    async function scanned(amount: number): Promise<readonly [Person, Person, Person]> {
      const people = (await circleOf(place, 'Alice', 'Bob', 'Carol')) as [Person, Person, Person];
      const [alice, bob] = people;
      place.network.cut('Alice', 'Bob');
      place.network.cut('Carol', 'Bob');
      await eventually('Bob is alone', () => viewOf(bob)?.freshness.state !== 'live');
      await pays(bob, alice, 40);
      place.later++;
      const { handOverCode } = await pays(bob, alice, amount, { handOver: true });
      await value(alice.peer.intents.readCode(handOverCode ?? ''));
      expect(handedRows(alice)).toHaveLength(1);
      return people;
    }
    /** Carol brings Bob the closing, and a closed book's cut-off entries are handed on by nobody. */
    const hears = async ([alice, bob, carol]: readonly [Person, Person, Person]): Promise<void> => {
      await inBook(1, alice, carol);
      place.network.heal();
      place.network.cut('Alice', 'Carol');
      place.network.cut('Alice', 'Bob');
      await inBook(1, bob);
      await eventually('all is signed again', () => chainOf(carol, bob) !== 0);
      place.network.heal();
    };

    test('[B1] [P3] the code has done its work once its payment is signed again', async () => {
      const people = await scanned(60);
      const [alice, bob] = people;
      await closes(alice);
      await hears(people);
      const expected = [
        { amount: 60, memo: '', state: 'final' },
        { amount: 40, memo: '', state: 'final' },
      ];
      await lists([alice, bob], expected);
      expect(viewOf(alice)?.balance).toMatchObject({ shown: 100, waitingIn: 0 });
      await eventually('the code’s row is gone', () => handedRows(alice).length === 0);
      // A later payment changes nothing about what the earlier ones stand for.
      place.later++;
      await pays(bob, alice, 5);
      const later = [{ amount: 5, memo: '', state: 'final' }, ...expected];
      await lists([alice, bob], later);
      await lists([await alice.reload()], later);
    });

    test('[B1] [P3] a code that its payer leaves behind cannot count, and stays to be shown', async () => {
      const people = await scanned(900);
      const [alice, bob] = people;
      await closes(alice);
      await lowers(alice, -200);
      expect(viewOf(alice)?.balance.waitingIn).toBe(900);
      await hears(people);
      place.later++;
      await pays(bob, alice, 50);
      const expected = [
        { amount: 900, memo: '', state: 'cannot-count' },
        { amount: 50, memo: '', state: 'final' },
        { amount: 40, memo: '', state: 'final' },
      ];
      await lists([alice], expected);
      expect(viewOf(alice)?.balance).toMatchObject({ shown: 90, waitingIn: 0 });
      await lists([await alice.reload()], expected);
    });
  });

  test('[B1] [P6] wherever Bob’s power goes on the way, each payment is signed again once', async () => {
    let crashes = 0;
    for (let write = 0; ; write++) {
      const [alice, bob] = await apart();
      await pays(bob, alice, 300, { memo: 'bread' });
      await pays(bob, alice, 200);
      await closes(alice);
      // From now on his disk takes so many writes.
      let left = write;
      const { refusal } = bob.disk;
      let isCut = false;
      bob.disk.refusal = () => {
        if (left-- > 0) return refusal();
        if (!isCut) bob.disk.crash();
        isCut = true;
        return 'power cut';
      };
      place.network.heal();
      await eventually('he is through or cut off', () => isCut || chainOf(alice, bob) === 2);
      bob.disk.refusal = refusal;
      const back = isCut ? await bob.crash() : bob;
      await lists(
        [alice, back],
        [
          { amount: 200, memo: '', state: 'final' },
          { amount: 300, memo: 'bread', state: 'final' },
          { amount: 100, memo: '', state: 'closed' },
        ],
      );
      expect(chainOf(back, back)).toBe(2);
      await place.close();
      if (!isCut) break;
      crashes++;
    }
    expect(crashes).toBeGreaterThan(10);
  }, 240_000);
});

describe('Bob’s account is closed while he is away', () => {
  test('[C2] what still fits is signed again in the new incarnation', async () => {
    const [alice, bob] = await apart();
    await pays(bob, alice, 300, { memo: 'bread' });
    await lowers(alice, -1000);
    place.network.heal();
    await lists(
      [alice, bob],
      [
        { amount: 300, memo: 'bread', state: 'final' },
        { amount: 100, memo: '', state: 'final' },
      ],
    );
    expect(viewOf(bob)?.lineCount).toBe(2);
  });

  test('[C2] [C3] what the new limits forbid is not signed, and the line says so', async () => {
    const [alice, bob] = await apart();
    await pays(bob, alice, 900);
    // A second later, so that the order is his.
    place.later++;
    await pays(bob, alice, 50);
    await lowers(alice, -200);
    place.network.heal();
    const expected = [
      { amount: 50, memo: '', state: 'final' },
      { amount: 900, memo: '', state: 'cannot-count' },
      { amount: 100, memo: '', state: 'final' },
    ];
    await lists([bob], expected);
    expect(chainOf(bob, bob)).toBe(2);
    expect([shown(alice), shown(bob)]).toEqual([150, -150]);
    const back = await bob.reload();
    await lists([back], expected);
    expect(chainOf(back, back)).toBe(2);
  });
});
