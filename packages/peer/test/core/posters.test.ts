/** [S2] A poster on a wall: several scan the same code, and who made it answers for them. */
import { afterEach, expect, test } from 'vitest';
import { eventually } from '@corridor/testing/peers';
import { circleOf, inside, pays, value, viewOf, village, type Person } from './stories.ts';

const place = village();
afterEach(async () => {
  await place.close();
  place.later = 0;
});
const posterOf = async ({ peer }: Person): Promise<string> =>
  (await value(peer.intents.createInvite('poster'))).link;
const scans = async (name: string, link: string): Promise<Person> => {
  const person = await place.open(name);
  await value(person.peer.intents.join(link, name));
  return person;
};

test('[S2] four scan one poster of Bob: all are in, named, and share the room of three', async () => {
  const [alice, bob] = (await circleOf(place, 'Alice', 'Bob')) as [Person, Person];
  const link = await posterOf(bob);
  const read = await value(bob.peer.intents.readInvite(link));
  expect(read).toMatchObject({ as: 'poster', inviterName: 'Bob', circleName: 'Valldor' });
  const guests: Person[] = [];
  for (const name of ['Nuria', 'Oriol', 'Pau', 'Quim']) {
    const guest = await scans(name, link);
    await inside(guest);
    guests.push(guest);
  }
  expect(guests.map((guest) => viewOf(guest)?.balance.lowestBalance)).toEqual([-15_000, -15_000, -15_000, 0]);
  await eventually('Alice knows them all, and by whom', () => {
    const known = viewOf(alice)?.people.filter((p) => p.invitedBy === viewOf(bob)?.me.member);
    return known?.length === 4 && known.every(({ name }) => name !== '');
  });
  const [nuria] = guests as [Person];
  await pays(nuria, alice, 700);
  await eventually('it is final', () => viewOf(alice)?.balance.shown === 700);
});
test('[S2] [L3] where the stewards admit, all who scanned it wait side by side, and each is let in by name', async () => {
  const [alice, bob] = (await circleOf(place, 'Alice', 'Bob')) as [Person, Person];
  const { rules } = (await inside(alice)).governing;
  await value(
    alice.peer.intents.propose({ type: 'policy', policy: { ...rules, admission: 'stewards' } }, ''),
  );
  await eventually('Bob knows', () => viewOf(bob)?.governing.rules.admission === 'stewards');
  const link = await posterOf(bob);
  const guests = [await scans('Nuria', link), await scans('Oriol', link)] as const;
  await eventually('both wait', () => viewOf(alice)?.governing.joinWishes.length === 2);
  const wishes = viewOf(alice)?.governing.joinWishes ?? [];
  expect(wishes.map(({ byPoster, inviter }) => [byPoster, inviter])).toEqual([
    [true, 'Bob'],
    [true, 'Bob'],
  ]);
  const oriol = wishes.find(({ name }) => name === 'Oriol') ?? expect.unreachable();
  await value(alice.peer.intents.letIn(oriol.device));
  await inside(guests[1]);
  expect(viewOf(guests[1])?.balance.lowestBalance).toBe(-15_000);
  expect(viewOf(guests[0])).toBeUndefined();
  expect(viewOf(alice)?.governing.joinWishes.map(({ name }) => name)).toEqual(['Nuria']);
});
test('[S2] after two weeks nobody comes by it any more', async () => {
  const [alice, bob] = (await circleOf(place, 'Alice', 'Bob')) as [Person, Person];
  const link = await posterOf(bob);
  place.later = 14 * 24 * 3600 + 60;
  // They open the app again: a place to meet is good for a day around.
  await alice.reload();
  await bob.reload();
  const late = await place.open('Late');
  const answer = await late.peer.intents.join(link, 'Late');
  const refused = (): string | null => {
    const view = late.peer.view();
    return view.stage === 'joining' ? view.refused : null;
  };
  if (answer.ok) await eventually('refused', () => refused() === 'invite-expired');
  else expect(answer.refusal.code).toBe('invite-expired');
});
