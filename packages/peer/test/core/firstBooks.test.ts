/** Newcomers begin with the newest book, and find out whether it is the circle's [B2]. */
import { afterEach, describe, expect, test } from 'vitest';
import { eventually } from '@corridor/testing/peers';
import {
  circleOf,
  inside,
  invite,
  joins,
  pays,
  shown,
  value,
  viewOf,
  village,
  type Person,
} from './stories.ts';

const place = village();
afterEach(() => place.close());

const bookOf = ({ peer }: Person): number | undefined => peer.circle()?.replica.ledger.book;
async function closes(steward: Person, ...others: readonly Person[]): Promise<void> {
  const next = (bookOf(steward) ?? 0) + 1;
  await value(steward.peer.intents.propose({ type: 'close-book' }, ''));
  for (const person of [steward, ...others])
    await eventually(`${person.name} is in book ${next}`, () => bookOf(person) === next);
}
const balances = (person: Person) =>
  Object.fromEntries((viewOf(person)?.people ?? []).map(({ name, balance }) => [name, balance]));
/** A circle in its second book, where Bob owes Alice 700. */
async function later(): Promise<readonly [Person, Person]> {
  const [alice, bob] = (await circleOf(place, 'Alice', 'Bob')) as [Person, Person];
  await pays(bob, alice, 700);
  await eventually('it is final', () => shown(alice) === 700);
  await closes(alice, bob);
  return [alice, bob];
}
async function trades(newcomer: Person, other: Person): Promise<void> {
  await pays(newcomer, other, 30);
  await eventually('it is final with both', () =>
    [newcomer, other].every(
      (p) => viewOf(p)?.lines[0]?.amount === 30 && viewOf(p)?.lines[0]?.state === 'final',
    ),
  );
}

describe('in the second book', () => {
  test('[B2] Carol joins, holds that book alone, sees what everybody has, and pays', async () => {
    const [alice, bob] = await later();
    const carol = await place.open('Carol');
    await joins(carol, alice);
    await eventually('she sees all', () => Object.keys(balances(carol)).length === 3);
    expect(balances(carol)).toEqual({ Alice: 700, Bob: -700, Carol: 0 });
    expect(carol.peer.circle()?.library.shelf.shelf.books()).toEqual([1]);
    await trades(carol, bob);
    const back = await carol.reload();
    await inside(back);
    await eventually('she sees all again', () => balances(back)['Bob'] === -670);
    expect([...back.disk.records.keys()].filter((name) => name === 'begun')).toEqual([]);
    // Who is in with the next closing as well goes on like everybody.
    await closes(alice, bob, back);
    await trades(back, alice);
    for (const { peer } of [alice, bob, back]) expect(peer.links()?.faults).toEqual([]);
  });

  test('[B2] an invite from the book before is as good: Carol begins there and goes through', async () => {
    const [alice, bob] = (await circleOf(place, 'Alice', 'Bob')) as [Person, Person];
    await pays(bob, alice, 700);
    await eventually('it is final', () => shown(alice) === 700);
    const link = await invite(bob);
    await closes(alice, bob);
    const carol = await place.open('Carol');
    await value(carol.peer.intents.join(link, 'Carol'));
    await inside(carol);
    await eventually('she is in the new book', () => bookOf(carol) === 1);
    expect(carol.peer.circle()?.library.shelf.shelf.books()).toEqual([0, 1]);
    await eventually('she sees all', () => balances(carol)['Bob'] === -700);
    await trades(carol, bob);
  });

  test('[B2] so it is with an invite of the second book in the third', async () => {
    const [alice, bob] = await later();
    const link = await invite(bob);
    await closes(alice, bob);
    const carol = await place.open('Carol');
    await value(carol.peer.intents.join(link, 'Carol'));
    await inside(carol);
    await eventually('she is in the newest book', () => bookOf(carol) === 2);
    expect(carol.peer.circle()?.library.shelf.shelf.books()).toEqual([1, 2]);
    await trades(carol, bob);
  });

  test('[B2] [P6] a power cut while she begins costs her nothing but time', async () => {
    const [alice] = await later();
    for (let write = 0; ; write++) {
      const carol = await place.open(`Carol${write}`);
      await value(carol.peer.intents.join(await invite(alice), `Carol${write}`));
      let left = write;
      let isCut = false;
      const { refusal } = carol.disk;
      carol.disk.refusal = () => {
        if (left-- > 0) return refusal();
        if (!isCut) carol.disk.crash();
        isCut = true;
        return 'power cut';
      };
      await eventually('she is in or cut off', () => isCut || viewOf(carol) !== undefined);
      for (let turn = 0; turn < 20; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
      carol.disk.refusal = refusal;
      const back = isCut ? await carol.crash() : carol;
      await inside(back);
      await trades(back, alice);
      await back.peer.stop();
      if (!isCut) break;
    }
  }, 120_000);
});
