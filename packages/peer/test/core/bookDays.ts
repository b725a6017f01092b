/** More days on a disk that refuses: a book is closed and left behind, and people look after their circle. */
import type { Answer } from '@corridor/peer';
import { eventually } from '@corridor/testing/peers';
import { everybodyIn, FOUND, isFinal, startDay, type Day } from './days.ts';
import type { Gate } from './refusingDisk.ts';
import { invite, payment, value, viewOf, type Person } from './stories.ts';

const bookOf = ({ peer }: Person): number | undefined => peer.circle()?.replica.ledger.book;
const linesOf = (person: Person, memo: string): readonly string[] =>
  viewOf(person)?.lines.flatMap((line) => (line.memo === memo ? [line.state] : [])) ?? [];
const closeBook = ({ peer }: Person): Promise<Answer<unknown>> =>
  peer.intents.propose({ type: 'close-book' }, 'the month is over');

async function twoIn(day: Day): Promise<readonly [Person, Person]> {
  const alice = await day.opens('alice');
  await day.mayRefuse(alice, 'founding', () => alice.peer.intents.found({ ...FOUND, memberName: 'alice' }));
  const bob = await day.opens('bob');
  await everybodyIn(day, alice, [bob]);
  return [alice, bob];
}

/** Bob was away while the month ended; what he signed meanwhile is signed again, and old books go. */
export async function latecomersDay(gate: Gate): Promise<void> {
  const day = startDay('bob', gate);
  const [alice, bob] = await twoIn(day);
  await eventually('live', () => viewOf(bob)?.freshness.state === 'live');
  day.place.network.cut('alice', 'bob');
  await eventually('they are apart', () => viewOf(alice)?.freshness.state !== 'live');
  await day.does('paying far away', () => bob.peer.intents.pay(payment(alice, 30, { memo: 'bread' })));
  // It stands in the book he pays it in again; two books later that one is let go.
  day.claims('what he paid, once', (phone) => {
    const { length } = linesOf(phone, 'bread');
    return length === 1 || (length === 0 && (bookOf(phone) ?? 0) > 2);
  });
  await value(closeBook(alice));
  await eventually('alice is in the next', () => bookOf(alice) === 1);
  day.place.network.heal();
  await day.sees('he goes on to the next book', () => bookOf(bob) === 1);
  await day.sees('and pays again what he had paid', () => linesOf(bob, 'bread').includes('final'));
  for (let book = 2; book <= 3; book++) {
    await value(closeBook(alice));
    await day.sees(`he is in book ${book}`, () => bookOf(bob) === book);
  }
  day.claims('he owes what he paid', (phone) => viewOf(phone)?.balance.shown === -30);
  await eventually('an old book has gone, or may not', () => gate.seen.has('docs.remove'));
  await day.ends();
}

/** Alice keeps the book and ends it. */
export async function closersDay(gate: Gate): Promise<void> {
  const day = startDay('alice', gate);
  const [alice, bob] = await twoIn(day);
  const paid = await value(bob.peer.intents.pay(payment(alice, 500, { memo: 'jam' })));
  await day.sees('it is final', () => isFinal([alice, bob], paid.line.id));
  await day.does('closing the book', () => closeBook(alice));
  await day.sees('both are in the next', () => bookOf(alice) === 1 && bookOf(bob) === 1);
  day.claims('the next book', (phone) => bookOf(phone) === 1);
  let has = 500;
  day.claims('what she has', (phone) => viewOf(phone)?.balance.shown === has);
  const next = await value(bob.peer.intents.pay(payment(alice, 20)));
  await day.sees('she votes there', () => isFinal([day.victim(), bob], next.line.id));
  has += 20;
  await day.ends();
}

/** Alice looks after her circle: a way back for herself, and for Bob, whose phone is lost. */
export async function neighboursDay(gate: Gate): Promise<void> {
  const day = startDay('alice', gate);
  const [alice, bob] = await twoIn(day);
  const { intents } = alice.peer;
  const { words } = await day.does('the words', () => intents.makeRecoveryWords());
  day.claims('there are words', (phone) => viewOf(phone)?.governing.recovery.wordsAt != null);
  await day.does('a practice run', () => intents.practiseRecovery(words.join(' ')));
  day.claims('she has practised', (phone) => viewOf(phone)?.governing.recovery.practisedAt != null);
  await day.does('offering', () => intents.offerSteward(true));
  day.claims('her offer', (phone) => viewOf(phone)?.governing.stewards.offers.length === 1);
  const member = viewOf(bob)?.me.member;
  if (member === undefined) throw new Error('he is in');
  const { link } = await day.does('helping Bob', () => intents.helpBack(member));
  await bob.peer.stop();
  const again = await day.opens('bob again');
  await value(again.peer.intents.join(link, 'bob'));
  const isAsked = (phone: Person): boolean =>
    viewOf(phone)?.governing.motions.some((motion) => motion.yes.includes('alice')) === true;
  await day.sees('she speaks for him', () => isAsked(alice));
  day.claims('her yes', isAsked);
  await invite(alice);
  await day.ends();
}
