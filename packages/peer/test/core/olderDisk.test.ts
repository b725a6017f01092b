/** A phone that comes back to an older disk than it had: out of a backup, or because the disk forgot what it had promised. */
import type { MemoryDisk } from '@corridor/peer';
import { eventually } from '@corridor/testing/peers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  allFinal,
  circleOf,
  copyOf,
  inside,
  pays,
  payment,
  refusal,
  shown,
  value,
  village,
  viewOf,
  type Person,
  type Village,
} from './stories.ts';

let place: Village;
beforeEach(() => {
  place = village();
});
afterEach(() => place.close());

/** `person` starts on that disk in place of the one it has. */
const fallsBack = async (person: Person, disk: MemoryDisk): Promise<Person> => {
  await person.peer.stop();
  return place.open(person.name, {}, disk);
};
/** A copy of what the disk of `person` has strictly. */
const backupOf = async ({ peer, disk }: Person): Promise<MemoryDisk> => {
  await peer.circle()?.replica.flush();
  return copyOf(disk);
};
const ledgerOf = ({ peer }: Person) => peer.circle()?.replica.ledger;
const faultsOf = (person: Person): number =>
  (ledgerOf(person)?.forks.length ?? 0) + (ledgerOf(person)?.doubleVotes.length ?? 0);

test('[W2] Bob’s phone falls back to an older disk: it hears first what it had signed, and goes on from there', async () => {
  const [alice, bob, carol] = (await circleOf(place, 'alice', 'bob', 'carol')) as [Person, Person, Person];
  await pays(bob, alice, 100);
  await allFinal([alice, bob], 1);
  const older = await backupOf(bob);
  await pays(bob, alice, 20);
  await pays(bob, carol, 5);
  await allFinal([bob], 3);
  const back = await fallsBack(bob, older);
  expect(viewOf(back)?.lineCount).toBe(1);
  // At once, before he has met anybody.
  await pays(back, alice, 7);
  await allFinal([back], 4);
  expect(shown(back)).toBe(-132);
  for (const one of [alice, back, carol]) expect(faultsOf(one)).toBe(0);
  // What he heard is on his disk again, strictly.
  for (const other of ['alice', 'carol']) place.network.cut('bob', other);
  const again = await back.crash();
  expect(viewOf(again)?.lineCount).toBe(4);
  await pays(again, alice, 1);
  place.network.heal();
  await allFinal([again], 5);
  expect(faultsOf(alice)).toBe(0);
});

test('[W2] [B1] Bob’s phone forgets that it signed a payment again in the next book: it does not pay twice', async () => {
  const [alice, bob, carol] = (await circleOf(place, 'alice', 'bob', 'carol')) as [Person, Person, Person];
  for (const other of ['alice', 'carol']) place.network.cut('bob', other);
  await eventually('Bob is alone', () => viewOf(bob)?.freshness.state !== 'live');
  await pays(bob, alice, 300);
  const older = await backupOf(bob);
  await value(alice.peer.intents.propose({ type: 'close-book' }, ''));
  await eventually('the next book', () => [alice, carol].every((one) => ledgerOf(one)?.book === 1));
  place.network.heal();
  await eventually('it is signed again and final', () => shown(alice) === 300 && shown(bob) === -300);
  const back = await fallsBack(bob, older);
  await eventually('Bob is in the next book again', () => ledgerOf(back)?.book === 1);
  await eventually('his payment is there', () => shown(back) === -300);
  // What he pays now stands behind all that he would have signed again.
  await pays(back, carol, 1);
  await eventually('that is final', () => shown(carol) === 1);
  expect([shown(alice), shown(back)]).toEqual([300, -301]);
  expect(viewOf(back)?.lines.map(({ amount, state }) => [amount, state])).toEqual([
    [1, 'final'],
    [300, 'final'],
  ]);
  expect(faultsOf(alice)).toBe(0);
});

test('[W2] [W1] Alice’s phone keeps the book and falls back to an older disk: it votes nowhere twice', async () => {
  const [alice, bob, carol] = (await circleOf(place, 'alice', 'bob', 'carol')) as [Person, Person, Person];
  const older = await backupOf(alice);
  await pays(bob, alice, 100);
  await pays(carol, bob, 30);
  await allFinal([alice, carol], 1);
  await allFinal([bob], 2);
  const back = await fallsBack(alice, older);
  // At once: her own payment is the first thing she would vote for.
  await pays(back, bob, 3);
  await inside(back);
  await pays(bob, carol, 5);
  await allFinal([bob], 4);
  await allFinal([back], 2);
  for (const one of [back, bob, carol]) expect(faultsOf(one)).toBe(0);
});

test('[W2] with nobody to ask Bob pays after a moment; if he had signed there before, that lane is silent from when he learns it', async () => {
  const [alice, bob] = (await circleOf(place, 'alice', 'bob', 'carol')) as [Person, Person, Person];
  const older = await backupOf(bob);
  await pays(bob, alice, 100);
  await allFinal([alice, bob], 1);
  for (const other of ['alice', 'carol']) place.network.cut('bob', other);
  const back = await fallsBack(bob, older);
  await pays(back, alice, 7);
  expect(viewOf(back)?.lineCount).toBe(1);
  place.network.heal();
  await eventually('both histories met', () => faultsOf(back) === 1 && faultsOf(alice) === 1);
  expect(await refusal(back.peer.intents.pay(payment(alice, 1)))).toBe('needs-a-talk');
  // What was final stays, and nobody lost any of it.
  expect(shown(alice)).toBe(100);
});
