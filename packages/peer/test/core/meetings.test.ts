/** What a circle writes together about its meetings: a text of its own beside the charter, which crosses into the next book. */
import { afterEach, expect, test } from 'vitest';
import { eventually } from '@corridor/testing/peers';
import { circleOf, value, viewOf, village, type Person } from './stories.ts';

let place = village();
afterEach(async () => {
  await place.close();
  place = village();
});
const CALLED = '# 2026-12-06 The mill\nBread prices\n##\n';
const HELD = `${CALLED}Ten dors an hour.\n`;
const meetingsOf = (person: Person): string | undefined => viewOf(person)?.governing.meetings;
const reads = async (people: readonly Person[], text: string): Promise<void> => {
  for (const person of people) await eventually(`${person.name} reads it`, () => meetingsOf(person) === text);
};

test('[B1] Alice calls a meeting, Bob writes its minutes; the charter is another text, and both cross into the next book', async () => {
  const [alice, bob] = (await circleOf(place, 'Alice', 'Bob')) as [Person, Person];
  await value(alice.peer.intents.writeCharter('', 'We bake on Sundays.\n'));
  await value(alice.peer.intents.writeMeetings('', CALLED));
  await reads([bob], CALLED);
  await value(bob.peer.intents.writeMeetings(CALLED, HELD));
  await reads([alice, bob], HELD);
  expect(viewOf(alice)?.governing.charter).toBe('We bake on Sundays.\n');
  // Every word is in an entry that its author signed.
  const { ledger } = alice.peer.circle()?.replica ?? expect.unreachable();
  const authors = [...ledger.entries.values()].flatMap(({ entry }) =>
    'update' in entry.body && entry.body.text === 1 ? [entry.device] : [],
  );
  expect(new Set(authors).size).toBe(2);

  await value(alice.peer.intents.propose({ type: 'close-book' }, ''));
  for (const person of [alice, bob])
    await eventually('the next book', () => viewOf(person)?.governing.book.number === 1);
  await reads([alice, bob], HELD);
  expect(viewOf(bob)?.governing.charter).toBe('We bake on Sundays.\n');
  await value(bob.peer.intents.writeMeetings(HELD, `${HELD}\n# 2027-01-03\n##\n`));
  await reads([alice, bob], `${HELD}\n# 2027-01-03\n##\n`);
});
