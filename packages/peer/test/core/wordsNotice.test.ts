/** Words of one phone in the place of several: announced, so that a stolen phone does not replace the others unseen. */
import { afterEach, expect, test } from 'vitest';
import { eventually } from '@corridor/testing/peers';
import { circleOf, inside, joins, pays, shown, value, viewOf, village, type Person } from './stories.ts';

let place = village();
afterEach(async () => {
  await place.close();
  place = village();
});
const NOTICE_SECONDS = 48 * 3600 + 60;
const motionsOf = (person: Person) => viewOf(person)?.governing.motions ?? [];
const hasReplaced = (person: Person): boolean =>
  viewOf(person)?.decisions.some(({ act }) => act.type === 'replace') === true;

/** Bob has a phone and a laptop; somebody who holds the phone has made words on it and comes with them. */
async function wordsOfAStolenPhone() {
  const [alice, bob] = (await circleOf(place, 'Alice', 'Bob')) as [Person, Person];
  const laptop = await place.open('Laptop');
  await joins(laptop, bob, 'device');
  await pays(bob, alice, 4_000);
  await eventually('settled', () => shown(alice) === 4_000);
  const { words, sheetLink } = await value(bob.peer.intents.makeRecoveryWords());
  const comer = await place.open('Newcomer');
  await value(comer.peer.intents.recover(sheetLink, words.join(' '), 'Bob'));
  const motion = await eventually('the laptop is told', () => motionsOf(laptop)[0]);
  expect(motion).toMatchObject({ act: { type: 'replace', isNew: true }, mayAnswer: true });
  return { alice, bob, laptop, comer, motion: motion.id };
}

test('[C4] who makes words on a stolen phone comes two days too late: the laptop says no, and goes on', async () => {
  const { alice, laptop, comer, motion } = await wordsOfAStolenPhone();
  await value(laptop.peer.intents.answer(motion, false));
  await eventually('his no is heard', () => motionsOf(alice)[0]?.no.length === 1);
  place.later += NOTICE_SECONDS;
  const later = await alice.reload();
  await inside(later);
  await pays(later, laptop, 300);
  await eventually('the laptop trades', () =>
    viewOf(laptop)?.lines.some((line) => line.amount === 300 && line.state === 'final'),
  );
  expect([later, laptop].map(hasReplaced)).toEqual([false, false]);
  expect(viewOf(comer)).toBeUndefined();
});

test('[C4] the laptop says yes: its owner waits for nothing', async () => {
  const { alice, laptop, comer, motion } = await wordsOfAStolenPhone();
  expect(hasReplaced(alice)).toBe(false);
  await value(laptop.peer.intents.answer(motion, true));
  await eventually('decided', () => hasReplaced(alice));
  await inside(comer);
  await eventually('the balance is there', () => shown(comer) === -4_000);
});

test('[C4] both are lost: nobody says anything, and after the notice the words bring their owner back', async () => {
  const { alice, bob, laptop, comer } = await wordsOfAStolenPhone();
  await bob.peer.stop();
  await laptop.peer.stop();
  expect(hasReplaced(alice)).toBe(false);
  place.later += NOTICE_SECONDS;
  const later = await alice.reload();
  const again = await comer.reload();
  await eventually('decided', () => hasReplaced(later));
  await eventually('the balance is there', () => shown(again) === -4_000);
});
