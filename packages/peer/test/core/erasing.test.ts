/** A payment's note is erased on one phone: what it shows, what lies on its disk, and what it tells who asks [E6]. */
import { afterEach, expect, test } from 'vitest';
import { eventually } from '@corridor/testing/peers';
import { circleOf, inside, joins, pays, value, viewOf, village, type Person } from './stories.ts';

let place = village();
afterEach(async () => {
  await place.close();
  place = village();
});
const NOTE = 'for the baker';
const line = (person: Person) => viewOf(person)?.lines.find(({ amount }) => amount === 700);

async function noted(): Promise<readonly [Person, Person]> {
  const [alice, bob] = (await circleOf(place, 'Alice', 'Bob')) as [Person, Person];
  await pays(bob, alice, 700, { memo: NOTE });
  for (const person of [alice, bob])
    await eventually(
      `${person.name} reads it`,
      () => line(person)?.memo === NOTE && line(person)?.state === 'final',
    );
  return [alice, bob];
}

test('[E6] Bob erases a note: it is gone from his phone for good, the payment stays, and Alice keeps hers', async () => {
  const [alice, bob] = await noted();
  const id = line(bob)?.id ?? expect.unreachable();
  const replica = bob.peer.circle()?.replica ?? expect.unreachable();
  const { body } = replica.ledger.entries.get(id)?.entry ?? expect.unreachable();
  const hash = 'memo' in body && body.memo !== null ? body.memo : expect.unreachable();
  const sealed = Buffer.from(replica.book.text(hash) ?? expect.unreachable());
  const isOnDisk = (): boolean =>
    [...bob.disk.docs.values()].some((doc) =>
      JSON.stringify(doc, bytesAsHex).includes(sealed.toString('hex')),
    );
  await replica.flush();
  expect(isOnDisk()).toBe(true);

  await value(bob.peer.intents.eraseNote(id));
  expect(line(bob)).toMatchObject({ memo: '', amount: 700, state: 'final' });
  expect(isOnDisk()).toBe(false);
  expect(replica.shelf.text(hash)).toEqual({ state: 'gone' });
  expect(line(alice)?.memo).toBe(NOTE);

  // Neither a start nor Alice, who has it, brings it back.
  const again = await bob.crash();
  await inside(again);
  await pays(alice, again, 300);
  await eventually('Bob hears Alice', () => viewOf(again)?.lines.some(({ amount }) => amount === 300));
  expect(line(again)).toMatchObject({ memo: '', state: 'final' });
});

test('[E6] [B4] the same in a book that is closed', async () => {
  const [alice, bob] = await noted();
  await value(alice.peer.intents.propose({ type: 'close-book' }, ''));
  for (const person of [alice, bob])
    await eventually('the next book', () => viewOf(person)?.governing.book.number === 1);
  expect(line(bob)?.memo).toBe(NOTE);
  const id = line(bob)?.id ?? expect.unreachable();
  await value(bob.peer.intents.eraseNote(id));
  expect(line(bob)?.memo).toBe('');
  const again = await bob.reload();
  await inside(again);
  await value(again.peer.intents.lines(0, 10));
  expect(await value(again.peer.intents.line(id))).toMatchObject({ memo: '' });
});

test('[E6] a newcomer who hears from Bob that a note is gone still gets it from Alice', async () => {
  const [alice, bob] = await noted();
  await value(bob.peer.intents.eraseNote(line(bob)?.id ?? expect.unreachable()));
  const carol = await place.open('Carol');
  await joins(carol, alice);
  const { entry } =
    alice.peer.circle()?.replica.ledger.entries.get(line(alice)?.id ?? expect.unreachable()) ??
    expect.unreachable();
  const memo = 'memo' in entry.body && entry.body.memo !== null ? entry.body.memo : expect.unreachable();
  await eventually('Carol has it', () => carol.peer.circle()?.texts.read(memo) === NOTE);
});

function bytesAsHex(_: string, held: unknown): unknown {
  return held instanceof Uint8Array ? Buffer.from(held).toString('hex') : held;
}
