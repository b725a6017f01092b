import { afterEach, describe, expect, test } from 'vitest';
import { eventually } from '@corridor/testing/peers';
import {
  circleOf,
  inside,
  joins,
  payment,
  pays,
  refusal,
  shown,
  value,
  viewOf,
  village,
  type Person,
} from './stories.ts';

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

/** From now on this phone's disk takes so many writes; the next one meets a power cut. */
function cutsAfter({ disk }: Person, writes: number): { isCut(): boolean; mend(): void } {
  let left = writes;
  let isCut = false;
  const { refusal } = disk;
  disk.refusal = () => {
    if (left-- > 0) return refusal();
    if (!isCut) disk.crash();
    isCut = true;
    return 'power cut';
  };
  return {
    isCut: () => isCut,
    mend() {
      disk.refusal = refusal;
    },
  };
}

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

  test('[B1] the screen stays: no other stage is shown, and a press in that moment is paid once, in the new book', async () => {
    const stages: string[] = [];
    const alice = await place.open('Alice', { onView: ({ stage }) => stages.push(stage) });
    await value(
      alice.peer.intents.found({ circleName: 'V', unitName: 'd', decimals: 2, memberName: 'Alice' }),
    );
    const bob = await place.open('Bob');
    await joins(bob, alice);
    stages.length = 0;
    const closing = closes(alice);
    // Pressed again and again while the book turns: whatever is refused has signed nothing.
    const press = payment(bob, 500);
    let paid = await alice.peer.intents.pay(press);
    for (; !paid.ok; paid = await alice.peer.intents.pay(press))
      await new Promise<void>((resolve) => setImmediate(resolve));
    await closing;
    await inBook(1, alice, bob);
    await eventually('Bob has it', () => shown(bob) === 500);
    expect(viewOf(alice)?.lines.filter(({ amount }) => amount === 500)).toHaveLength(1);
    expect(new Set(stages)).toEqual(new Set(['circle']));
  });

  test('[B1] whoever presses when the book is closed and the next one is not open yet is asked to try again', async () => {
    const [alice, bob] = (await circleOf(place, 'Alice', 'Bob')) as [Person, Person];
    const isClosed = (): boolean => alice.peer.circle()?.replica.ledger.log.closed != null;
    // Her phone is full just then: the next book can't be kept, so it does not open.
    const before = alice.disk.refusal;
    alice.disk.refusal = () => (isClosed() ? 'full' : before());
    const closing = closes(alice);
    await eventually('it is closed', isClosed);
    expect(await refusal(alice.peer.intents.pay(payment(bob, 500)))).toBe('not-ready');
    expect(bookOf(alice)).toBe(0);
    alice.disk.refusal = before;
    await closing;
    const again = await alice.reload();
    await inBook(1, again, bob);
    expect(shown(again)).toBe(0);
    await pays(again, bob, 500);
    await finalAmong([again, bob], 500);
  });

  test('[B1] [B4] older payments stay in the list as closed, also after a reload', async () => {
    const [alice, bob] = (await circleOf(place, 'Alice', 'Bob')) as [Person, Person];
    await pays(bob, alice, 700, { memo: 'bread' });
    await finalAmong([alice, bob], 700);
    await eventually('the words are here', () => viewOf(alice)?.lines[0]?.memo === 'bread');
    await closes(alice);
    await inBook(1, alice, bob);
    await pays(bob, alice, 300);
    await finalAmong([alice, bob], 300);
    for (const person of [alice, await bob.reload()]) {
      await eventually(`${person.name} sees both`, () => viewOf(person)?.lines.length === 2);
      expect(viewOf(person)?.lineCount).toBe(2);
      expect(viewOf(person)?.lines.map(({ amount, memo, state }) => [amount, memo, state])).toEqual([
        [300, '', 'final'],
        [700, 'bread', 'closed'],
      ]);
      const older = viewOf(person)?.lines[1]?.id as never;
      expect(await value(person.peer.intents.line(older))).toMatchObject({ amount: 700, state: 'closed' });
    }
  });

  test('[B1] [P6] wherever Alice’s power goes while she closes the book, she ends in the next one with all she had', async () => {
    let crashes = 0;
    for (let write = 0; ; write++) {
      const [alice, bob] = (await circleOf(place, 'Alice', 'Bob')) as [Person, Person];
      await pays(bob, alice, 700);
      await finalAmong([alice, bob], 700);
      const cut = cutsAfter(alice, write);
      await Promise.race([closes(alice).catch(() => undefined), eventually('cut', () => cut.isCut())]);
      await eventually('she is through or cut off', () => cut.isCut() || bookOf(alice) === 1);
      // The last writes may follow after the screen has changed.
      for (let turn = 0; turn < 20; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
      cut.mend();
      const back = cut.isCut() ? await alice.crash() : alice;
      await inside(back);
      // Before the press was on the disk nothing was asked for.
      if (cut.isCut() && bookOf(back) === 0 && viewOf(back)?.governing.motions.length === 0)
        await closes(back);
      await inBook(1, back, bob);
      await pays(bob, back, 50);
      await finalAmong([back, bob], 50);
      expect([shown(back), shown(bob)]).toEqual([750, -750]);
      await place.close();
      if (!cut.isCut()) break;
      crashes++;
    }
    expect(crashes).toBeGreaterThan(10);
  }, 240_000);

  test('[B1] Bob, who was away, gets the rest of the old book and goes on', async () => {
    const [alice, bob, carol] = (await circleOf(place, 'Alice', 'Bob', 'Carol')) as [Person, Person, Person];
    await bob.peer.stop();
    await pays(carol, alice, 200);
    await finalAmong([alice, carol], 200);
    await closes(alice);
    await inBook(1, alice, carol);
    await pays(alice, carol, 50);
    await finalAmong([alice, carol], 50);
    const back = await bob.reload();
    await inBook(1, back);
    await eventually('he sees what is final', () =>
      viewOf(back)?.people.some(({ name, balance }) => name === 'Carol' && balance === -150),
    );
    await pays(back, carol, 25);
    await finalAmong([back, carol], 25);
    expect(faultsOf(alice, back, carol)).toEqual([]);
  });

  test('[B1] Bob, who was away for two books, goes through both', async () => {
    const [alice, bob, carol] = (await circleOf(place, 'Alice', 'Bob', 'Carol')) as [Person, Person, Person];
    await bob.peer.stop();
    for (const month of [1, 2]) {
      await pays(carol, alice, 100);
      await eventually('it is final', () => shown(alice) === 100 * month);
      await closes(alice);
      await inBook(month, alice, carol);
    }
    const back = await bob.reload();
    await inBook(2, back);
    await eventually('he sees what is final', () =>
      viewOf(back)?.people.some(({ name, balance }) => name === 'Carol' && balance === -200),
    );
    expect(faultsOf(alice, back, carol)).toEqual([]);
  });
});
