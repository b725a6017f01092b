/** [K1] The only keeper's phone is gone for good: the circle goes on from what the others hold. */
import { afterEach, expect, test } from 'vitest';
import { eventually } from '@corridor/testing/peers';
import type { NewCircleView } from '@corridor/peer';
import { sumOf } from '@corridor/ledger';
import {
  circleOf,
  inside,
  joins,
  pays,
  refusal,
  shown,
  value,
  viewOf,
  village,
  type Person,
} from './stories.ts';

const DAY = 24 * 3600;
const place = village();
afterEach(async () => {
  await place.close();
  place.later = 0;
});

type Left = readonly [Person, Person, Person];
/** On day three Alice's phone, which alone kept the book, is destroyed. What is left has Bob at −180, Carol at +250. */
async function dayThree(): Promise<Left> {
  const [alice, bob, carol, dora] = (await circleOf(place, 'Alice', 'Bob', 'Carol', 'Dora')) as [
    Person,
    ...Left,
  ];
  await pays(bob, carol, 300, { memo: 'bread' });
  await pays(dora, bob, 120);
  await final([bob, carol, dora], 300, 120);
  place.later += 2 * DAY;
  await pays(carol, alice, 50);
  await final([carol], 50);
  await eventually('Bob and Dora have it, too', () =>
    [bob, dora].every((person) => balanceSeen(person, carol) === balanceSeen(carol, carol)),
  );
  await alice.peer.stop();
  return [bob, carol, dora];
}
const balanceSeen = (by: Person, of: Person): number | undefined => {
  const device = viewOf(of)?.me.device;
  return device && by.peer.circle()?.replica.ledger.accounts.get(device)?.balance;
};
const finalHere = (person: Person, amount: number) =>
  viewOf(person)?.lines.some((line) => line.amount === amount && line.state === 'final');
/** Of these amounts each of the two whose line it is. */
async function final(people: readonly Person[], ...amounts: readonly number[]): Promise<void> {
  for (const amount of amounts)
    await eventually(`${amount} is final`, () => people.some((person) => finalHere(person, amount)));
}
/** From now on this phone's disk takes so many writes; then the power goes. */
function losePowerAfter({ disk }: Person, writes: number): void {
  let left = writes;
  disk.refusal = () => {
    if (left-- > 0) return undefined;
    disk.crash();
    return 'power cut';
  };
}
const circleIdOf = (person: Person): string | undefined => viewOf(person)?.circle;
const offerOf = (person: Person, founder: string): Promise<NewCircleView> =>
  eventually(`${person.name} sees that ${founder} goes on`, () =>
    viewOf(person)?.anew.offers.find((offer) => offer.founder === founder && offer.check === 'fits'),
  );
async function goesAlong(person: Person, founder: string): Promise<void> {
  const { circle } = await offerOf(person, founder);
  await value(person.peer.intents.goAlong(circle));
  await eventually(`${person.name} is in ${founder}'s circle`, () => circleIdOf(person) === circle);
}
const faultsOf = (...people: readonly Person[]) => people.flatMap(({ peer }) => peer.links()?.faults ?? []);
/** All that accounts and commons hold, by what this phone has. */
function sumAt(person: Person): number {
  const { ledger, start } = person.peer.circle()?.replica ?? expect.unreachable();
  expect(start === null ? 0 : sumOf(start.opening)).toBe(0);
  const accounts = [...ledger.accounts.values()];
  const held = accounts.reduce((sum, { balance, unclaimed }) => {
    return sum + balance + [...unclaimed.values()].reduce((all, credit) => all + credit, 0);
  }, 0);
  return held + [...ledger.commons.values()].reduce((all, commons) => all + commons, 0);
}

test("[K1] [I4] on day three the only keeper's disk is destroyed: the others trade on with everybody's balances", async () => {
  const [bob, carol, dora] = await dayThree();
  // Nothing becomes final any more; what is signed now is signed again there.
  await pays(carol, dora, 70, { memo: 'a lamp' });
  expect(viewOf(bob)?.anew).toMatchObject({ canFound: true, offers: [] });
  const before = circleIdOf(bob);
  await value(bob.peer.intents.foundAnew());
  expect(circleIdOf(bob)).not.toBe(before);
  expect(viewOf(bob)?.people.find((p) => p.isMe)).toMatchObject({ keepsBook: true });
  expect(await offerOf(carol, 'Bob')).toMatchObject({
    members: 4,
    company: ['Bob'],
    balance: 250,
    waiting: 70,
  });
  await goesAlong(carol, 'Bob');
  await eventually('her payment is signed again and final', () => finalHere(carol, 70));
  expect(viewOf(carol)?.lines.find((line) => line.amount === 70)).toMatchObject({ memo: 'a lamp' });
  // Dora's phone was off meanwhile.
  const rested = await dora.reload();
  await eventually('the newest she sees', () => viewOf(rested)?.anew.offers[0]?.company.length === 2);
  await goesAlong(rested, 'Bob');
  await eventually('the lamp is paid', () => finalHere(rested, 70));
  expect([bob, carol, rested].map(shown)).toEqual([-180, 180, -50]);
  await eventually('only Alice is missing', () => viewOf(bob)?.anew.away.join() === 'Alice');

  await pays(rested, bob, 33);
  await final([rested], 33);
  // The old lines stay readable, as of a closed book.
  await eventually('the bread is still there', () =>
    viewOf(carol)?.lines.some((line) => line.amount === 300 && line.state === 'closed'),
  );
  const erin = await place.open('Erin');
  await joins(erin, bob);
  await pays(erin, carol, 5);
  await final([erin], 5);
  for (const person of [bob, carol, rested, erin]) expect(sumAt(person)).toBe(0);
  const reloaded = [await bob.reload(), await carol.reload()] as const;
  await eventually('all as before', () => shown(reloaded[0]) === -147 && shown(reloaded[1]) === 185);
  expect(faultsOf(...reloaded, rested, erin)).toEqual([]);
  // The file that each of them can take away is one that any phone reads [S4].
  const stranger = await place.open('Somebody');
  const file = await value(reloaded[1].peer.intents.exportLog());
  expect(await value(stranger.peer.intents.readSavedBook(file))).toMatchObject({
    leftOut: 0,
    sumsToZero: true,
  });
  expect(await value(reloaded[0].peer.intents.readSavedBook(file))).toMatchObject({ leftOut: 0 });
});

test('[K1] [C4] who kept the old book comes back on a new phone as anybody who lost one', async () => {
  const [bob, carol] = await dayThree();
  await value(bob.peer.intents.foundAnew());
  await goesAlong(carol, 'Bob');
  const alices = viewOf(bob)?.people.find((p) => p.name === 'Alice')?.member ?? expect.unreachable();
  const again = await place.open('Alices new phone');
  const { link } = await value(bob.peer.intents.helpBack(alices));
  await value(again.peer.intents.join(link, 'Alice'));
  const motion = await eventually('agreed', () =>
    viewOf(bob)?.governing.motions.find((one) => one.state === 'agreed'),
  );
  expect(motion.act.type).toBe('replace');
  place.later += 2 * DAY + 60;
  // Days later all open the app again: a place to meet is good for a day around.
  await bob.reload();
  await carol.reload();
  const back = await again.reload();
  await eventually('her balance is there', () => shown(back) === 50);
});

test('[K1] [I4] two begin anew without knowing of each other: each one says where to go, and one can still join the other', async () => {
  const [bob, carol, dora] = await dayThree();
  place.network.cut('Bob', 'Carol');
  place.network.cut('Bob', 'Dora');
  await value(bob.peer.intents.foundAnew());
  await pays(bob, dora, 10);
  await final([bob], 10);
  await value(carol.peer.intents.foundAnew());
  await goesAlong(dora, 'Carol');
  await pays(dora, carol, 20);
  await final([dora], 20);
  place.network.heal();
  // Both see both: Bob that two are with Carol, Dora that one is with Bob.
  await eventually('Bob sees them', () => viewOf(bob)?.anew.offers[0]?.company.length === 2);
  expect(await offerOf(dora, 'Bob')).toMatchObject({ company: ['Bob'], isMine: false });
  for (const person of [bob, carol, dora]) expect(sumAt(person)).toBe(0);
  expect([bob, carol, dora].map(shown)).toEqual([-190, 270, -140]);

  await goesAlong(bob, 'Carol');
  // What he paid where nobody else went stays there.
  expect(shown(bob)).toBe(-180);
  await pays(bob, dora, 7);
  await final([bob], 7);
  await eventually('all three are together', () =>
    [bob, carol, dora].every((p) => viewOf(p)?.anew.offers.length === 0),
  );
  for (const person of [bob, carol, dora]) expect(sumAt(person)).toBe(0);
  const reloaded = await bob.reload();
  await eventually('as before', () => shown(reloaded) === -187);
  expect(faultsOf(reloaded, carol, dora)).toEqual([]);
});

test('[K1] [P6] the power goes anywhere while the circle is begun anew: it is begun or not, and nothing is lost', async () => {
  const [bob, carol] = await dayThree();
  await pays(bob, carol, 11);
  const before = circleIdOf(bob);
  let phone = bob;
  let cuts = 0;
  for (let writes = 0; circleIdOf(phone) === before; writes++) {
    expect(writes).toBeLessThan(40);
    losePowerAfter(phone, writes);
    const founded = await phone.peer.intents.foundAnew().catch(() => undefined);
    if (founded?.ok !== true) cuts++;
    phone.disk.refusal = () => undefined;
    phone = await phone.crash();
    await inside(phone);
  }
  expect(cuts).toBeGreaterThan(3);
  await eventually('what he signed is signed again', () => finalHere(phone, 11));
  expect(shown(phone)).toBe(-191);
  await goesAlong(carol, 'Bob');
  await eventually('his payment came along', () => shown(carol) === 261);
  expect(faultsOf(phone, carol)).toEqual([]);
});

test('[K1] while somebody else keeps the book with more than one phone, or oneself does, nobody begins anew', async () => {
  const [alice] = await circleOf(place, 'Alice', 'Bob');
  expect(viewOf(alice as Person)?.anew.canFound).toBe(false);
  expect(await refusal((alice as Person).peer.intents.foundAnew())).toBe('not-ready');
});
