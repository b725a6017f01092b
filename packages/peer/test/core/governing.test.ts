import { afterEach, expect, test } from 'vitest';
import { eventually } from '@corridor/testing/peers';
import type { MotionView } from '@corridor/peer';
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

const motionsOf = (person: Person): readonly MotionView[] => viewOf(person)?.governing.motions ?? [];
const decidedTypes = (person: Person): readonly string[] =>
  viewOf(person)?.decisions.map(({ act }) => act.type) ?? [];
async function decided(people: readonly Person[], type: string, count = 1): Promise<void> {
  for (const person of people)
    await eventually(
      `${person.name} sees ${type} decided`,
      () => decidedTypes(person).filter((t) => t === type).length === count,
    );
}
const memberOf = (person: Person) => viewOf(person)?.me.member ?? expect.unreachable();

test('[L2] [L3] [C3] a steward raises a limit and lowers it again, with a reason that everybody reads', async () => {
  const [alice, bob] = (await circleOf(place, 'Alice', 'Bob')) as [Person, Person];
  const member = memberOf(bob);
  await value(
    alice.peer.intents.propose(
      { type: 'limits', member, lowestBalance: -30_000, highestBalance: 40_000 },
      'bakes for all',
    ),
  );
  await decided([alice, bob], 'limits');
  await eventually('Bob reads why', () => viewOf(bob)?.decisions.at(-1)?.reason === 'bakes for all');
  expect(viewOf(bob)?.decisions.at(-1)).toMatchObject({
    act: { who: 'Bob', lowestBalance: -30_000, highestBalance: 40_000 },
    approvedBy: ['Alice'],
  });
  await eventually('Bob has the room', () => viewOf(bob)?.balance.lowestBalance === -30_000);
  await pays(bob, alice, 20_000);
  await eventually('it is final', () => viewOf(bob)?.lines[0]?.state === 'final');
  await value(
    alice.peer.intents.propose(
      { type: 'limits', member, lowestBalance: -10_000, highestBalance: 40_000 },
      '',
    ),
  );
  await decided([alice, bob], 'limits', 2);
  await eventually('Bob is told', () => viewOf(bob)?.balance.lowestBalance === -10_000);
  // What was settled stays; he can climb, and spend nothing.
  expect(shown(bob)).toBe(-20_000);
  expect(viewOf(bob)?.balance.spendable).toBe(0);
});

test('[L3] who is no steward can propose, and only a steward’s yes counts', async () => {
  const [alice, bob, carol] = (await circleOf(place, 'Alice', 'Bob', 'Carol')) as [Person, Person, Person];
  const id = await value(
    bob.peer.intents.propose(
      { type: 'limits', member: memberOf(carol), lowestBalance: -20_000, highestBalance: 15_000 },
      'she mends bikes',
    ),
  );
  await eventually('Alice sees it', () => motionsOf(alice).some((m) => m.id === id && m.reason !== ''));
  expect(motionsOf(alice)[0]).toMatchObject({
    by: 'Bob',
    need: 1,
    yes: [],
    mayAnswer: true,
    state: 'open',
    act: { type: 'limits', who: 'Carol', before: { lowestBalance: -15_000, highestBalance: 15_000 } },
  });
  expect(motionsOf(bob)[0]?.mayAnswer).toBe(false);
  expect(await refusal(bob.peer.intents.answer(id, true))).toBe('nobody-to-ask');
  await eventually('Carol sees it too', () => motionsOf(carol).length === 1);
  await value(carol.peer.intents.comment(id, 'thank you'));
  await eventually('the comment is read', () => motionsOf(alice)[0]?.comments[0]?.text === 'thank you');
  await value(alice.peer.intents.answer(id, false));
  await eventually('her no is seen', () => motionsOf(bob)[0]?.no[0] === 'Alice');
  await value(alice.peer.intents.answer(id, true));
  await decided([alice, bob, carol], 'limits');
  expect(motionsOf(alice)).toEqual([]);
});

test('[C3] [S1] a member is paused and let back, and expelled: then the key changes and they are told nothing more', async () => {
  const [alice, bob, carol] = (await circleOf(place, 'Alice', 'Bob', 'Carol')) as [Person, Person, Person];
  const member = memberOf(carol);
  await value(alice.peer.intents.propose({ type: 'standing', member, standing: 'suspended' }, 'talk first'));
  await decided([alice, bob, carol], 'standing');
  await eventually('Carol knows', () => viewOf(carol)?.governing.myStanding === 'suspended');
  expect(await refusal(carol.peer.intents.pay(payment(bob, 100)))).toBe('account-closed');
  expect(await refusal(bob.peer.intents.pay(payment(carol, 100)))).toBe('account-closed');
  await value(carol.peer.intents.propose({ type: 'standing', member, standing: 'active' }, 'we have talked'));
  await eventually('Alice is asked', () => motionsOf(alice).length === 1);
  await value(alice.peer.intents.answer(motionsOf(alice)[0]?.id ?? expect.unreachable(), true));
  await decided([alice, bob, carol], 'standing', 2);
  await pays(carol, bob, 300);
  await eventually('it is final', () => viewOf(bob)?.lines[0]?.state === 'final');

  await value(alice.peer.intents.propose({ type: 'standing', member, standing: 'expelled' }, 'it went on'));
  await decided([alice, bob], 'standing', 3);
  await eventually('both have the new key', () =>
    [alice, bob].every((p) => p.peer.circle()?.record.bookKeys.length === 2),
  );
  const before = carol.peer.circle()?.replica.ledger.entries.size;
  await pays(bob, alice, 700);
  await eventually('it is final with Alice', () =>
    viewOf(alice)?.lines.some((l) => l.amount === 700 && l.state === 'final'),
  );
  await eventually('and with Bob', () =>
    viewOf(bob)?.lines.some((l) => l.amount === 700 && l.state === 'final'),
  );
  await eventually('Carol is told why', () => viewOf(carol)?.governing.myStanding === 'expelled');
  expect(carol.peer.circle()?.record.bookKeys).toHaveLength(1);
  const after = carol.peer.circle()?.replica.ledger;
  expect([...(after?.entries.values() ?? [])].some(({ entry }) => entry.epoch > 0)).toBe(false);
  expect(before).toBeDefined();
});

test('[S1] [C3] who is paused gets the key that changes with somebody else’s leaving, reads on, and pays when back', async () => {
  const [alice, bob, carol] = (await circleOf(place, 'Alice', 'Bob', 'Carol')) as [Person, Person, Person];
  const standing = async (who: Person, is: 'suspended' | 'active' | 'expelled'): Promise<unknown> =>
    value(alice.peer.intents.propose({ type: 'standing', member: memberOf(who), standing: is }, ''));
  await standing(bob, 'suspended');
  await eventually('Bob knows', () => viewOf(bob)?.governing.myStanding === 'suspended');
  await standing(carol, 'expelled');
  // While the book is opened again under the new key a press waits, and is not refused.
  const presses: Promise<unknown>[] = [];
  await eventually('the new key is in use', () => {
    presses.push(value(alice.peer.intents.lines(0, 1)));
    return alice.peer.circle()?.record.bookKeys.length === 2;
  });
  await Promise.all(presses);
  await eventually('Bob has the new key too', () => bob.peer.circle()?.record.bookKeys.length === 2);
  await standing(bob, 'active');
  await eventually('Bob reads it', () => viewOf(bob)?.governing.myStanding === 'active');
  await eventually('it is open under that', () => bob.peer.circle()?.replica.ledger.log.epoch === 1);
  await pays(bob, alice, 300);
  await eventually('it is final', () => viewOf(bob)?.lines[0]?.state === 'final');
});

test('[C4] a lost phone’s owner is back with the words, with balance, limits and what was on its way', async () => {
  const [alice, bob, carol] = (await circleOf(place, 'Alice', 'Bob', 'Carol')) as [Person, Person, Person];
  await pays(bob, carol, 4_000);
  await pays(carol, bob, 500);
  await eventually('settled', () => shown(bob) === -3_500 && shown(carol) === 3_500);
  const { words, sheetLink } = await value(bob.peer.intents.makeRecoveryWords());
  expect(words).toHaveLength(12);
  expect(viewOf(bob)?.practice).toBe(false);
  expect(await refusal(bob.peer.intents.practiseRecovery('abandon '.repeat(12)))).toBe('wrong-words');
  await value(bob.peer.intents.practiseRecovery(`  ${words.join(', ').toUpperCase()}`));
  const late = payment(bob, 700);
  await bob.peer.stop();
  await value(carol.peer.intents.pay(late));

  const again = await place.open('Bobs new phone');
  expect(await refusal(again.peer.intents.join(sheetLink, 'Bob'))).toBe('wrong-words');
  expect(await refusal(again.peer.intents.recover(sheetLink, 'abandon '.repeat(12), 'Bob'))).toBe(
    'wrong-words',
  );
  // Twelve good words, and not those of this sheet.
  const others = `${'abandon '.repeat(11)}about`;
  expect(await refusal(again.peer.intents.recover(sheetLink, others, 'Bob'))).toBe('wrong-words');
  await value(again.peer.intents.recover(sheetLink, words.join(' '), 'Bob'));
  await inside(again);
  await decided([alice, carol, again], 'replace');
  await eventually('his balance is there', () => shown(again) === -2_800);
  expect(viewOf(again)?.balance.lowestBalance).toBe(-15_000);
  await pays(again, alice, 1_000);
  await eventually('and he trades', () =>
    viewOf(alice)?.lines.some((l) => l.amount === 1_000 && l.state === 'final'),
  );
  expect(viewOf(alice)?.people.filter((p) => p.name.startsWith('Bob'))).toHaveLength(1);
});

test('[C5] [C3] two devices of one member move room between them; one is removed and its balance moves', async () => {
  const [alice, bob] = (await circleOf(place, 'Alice', 'Bob')) as [Person, Person];
  const laptop = await place.open('Laptop');
  await joins(laptop, bob, 'device');
  const laptopDevice = viewOf(laptop)?.me.device ?? expect.unreachable();
  expect(viewOf(laptop)?.balance.spendable).toBe(0);
  await value(bob.peer.intents.moveRoom(laptopDevice, 3_000));
  await eventually('the laptop can spend', () => viewOf(laptop)?.balance.spendable === 3_000);
  expect(shown(bob)).toBe(0);
  await pays(laptop, alice, 2_000);
  await eventually('final', () => shown(alice) === 2_000);
  // More than the laptop has left: the phone is online and gives the rest by itself.
  await pays(laptop, alice, 2_500);
  await eventually('final as well', () => shown(alice) === 4_500);
  await value(laptop.peer.intents.moveRoom(viewOf(bob)?.me.device ?? expect.unreachable(), -500));
  await eventually('asked for plainly, too', () => viewOf(laptop)?.balance.spendable === 500);
  await value(bob.peer.intents.propose({ type: 'remove-device', device: laptopDevice }, 'sold'));
  await decided([alice, bob], 'replace');
  await eventually(
    'its balance moved',
    () => viewOf(bob)?.governing.devices.some((d) => d.isClosed) === true,
  );
  await eventually('the laptop says so itself', () => viewOf(laptop)?.governing.isReplaced === true);
  expect(await refusal(laptop.peer.intents.pay(payment(alice, 100)))).toBe('account-closed');
  // With the book's new key his own phone has opened the circle again [S1].
  await eventually('all is with Bob', () => shown(bob) === -4_500);
  expect(viewOf(bob)?.balance.spendable).toBe(10_500);
});

test('[C4] without words, chosen neighbours bring a member back; there is a notice, and the old phone can veto', async () => {
  const [alice, bob, carol, dora] = (await circleOf(place, 'Alice', 'Bob', 'Carol', 'Dora')) as [
    Person,
    Person,
    Person,
    Person,
  ];
  await pays(bob, alice, 4_000);
  await eventually('settled', () => shown(bob) === -4_000);
  const helpers = [memberOf(carol), memberOf(dora)];
  await value(bob.peer.intents.propose({ type: 'helpers', members: helpers, need: 2 }, ''));
  await decided([alice, bob, carol, dora], 'helpers');
  expect(viewOf(bob)?.governing.recovery).toMatchObject({ helpersNeeded: 2 });

  // Somebody pretends to be Bob: his phone is where it always was, and says no.
  const mallory = await place.open('Mallory');
  const { link } = await value(carol.peer.intents.helpBack(memberOf(bob)));
  await value(mallory.peer.intents.join(link, 'Bob'));
  await eventually(
    'Dora is asked',
    () => motionsOf(dora)[0]?.yes.includes('Carol') === true && motionsOf(bob).length === 1,
  );
  expect(motionsOf(dora)[0]).toMatchObject({ who: 'helpers', need: 2, yes: ['Carol'], mayAnswer: true });
  const [motion] = motionsOf(dora);
  await value(dora.peer.intents.answer(motion?.id ?? expect.unreachable(), true));
  await value(bob.peer.intents.answer(motion?.id ?? expect.unreachable(), false));
  await eventually('all agreed but him', () => motionsOf(alice)[0]?.state === 'agreed');
  await eventually('his no is heard', () => motionsOf(alice)[0]?.no.includes('Bob'));
  place.later += 48 * 3600 + 60;
  await pays(bob, carol, 100);
  await eventually('he goes on', () =>
    viewOf(carol)?.lines.some((l) => l.amount === 100 && l.state === 'final'),
  );
  expect(decidedTypes(alice)).not.toContain('replace');
  await mallory.peer.stop();

  const bobsMember = memberOf(bob);
  await bob.peer.stop();
  const again = await place.open('Bobs new phone');
  const second = await value(carol.peer.intents.helpBack(bobsMember));
  await value(again.peer.intents.join(second.link, 'Bob'));
  await eventually(
    'Dora is asked again',
    () => motionsOf(dora).filter((m) => m.no.length === 0).length === 1,
  );
  const request = motionsOf(dora).find((m) => m.no.length === 0);
  await value(dora.peer.intents.answer(request?.id ?? expect.unreachable(), true));
  await eventually('agreed', () => motionsOf(alice).filter((m) => m.state === 'agreed').length === 2);
  expect(decidedTypes(alice)).not.toContain('replace');
  place.later += 48 * 3600 + 60;
  // Days later they open the app again: a place to meet is good for a day around.
  const later = [await alice.reload(), await carol.reload(), await dora.reload()];
  await decided(later, 'replace');
  await inside(again);
  await eventually('his balance is there', () => shown(again) === -4_100);
});

test('the charter is written by several at once, and everybody reads the same', async () => {
  const [alice, bob] = (await circleOf(place, 'Alice', 'Bob')) as [Person, Person];
  await value(alice.peer.intents.writeCharter('', 'We meet on Sundays.\n'));
  await eventually('Bob reads it', () => viewOf(bob)?.governing.charter === 'We meet on Sundays.\n');
  const base = 'We meet on Sundays.\n';
  await Promise.all([
    value(alice.peer.intents.writeCharter(base, `${base}Bread is 3 dors.\n`)),
    value(bob.peer.intents.writeCharter(base, `Charter of Valldor\n${base}`)),
  ]);
  const whole = `Charter of Valldor\n${base}Bread is 3 dors.\n`;
  for (const person of [alice, bob])
    await eventually(`${person.name} reads both`, () => viewOf(person)?.governing.charter === whole);
});
