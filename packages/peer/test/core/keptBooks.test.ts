import type { MemoryDisk } from '@corridor/peer';
import { afterEach, describe, expect, test } from 'vitest';
import { toBase64url } from '@corridor/ledger';
import { eventually } from '@corridor/testing/peers';
import {
  circleOf,
  copyOf,
  inside,
  pays,
  refusal,
  shown,
  value,
  viewOf,
  village,
  type Person,
} from './stories.ts';

let place = village();
afterEach(async () => {
  await place.close();
  place = village();
});

const DAY = 86_400;
const circleIn = ({ peer }: Person) => peer.circle() ?? expect.unreachable();
const kept = (person: Person): readonly number[] => circleIn(person).closed.kept();
/** Three months go by; in each Bob pays Alice, for something that he names. */
async function threeMonths(atSecond?: (alice: Person) => void): Promise<readonly [Person, Person]> {
  let [alice, bob] = (await circleOf(place, 'Alice', 'Bob')) as [Person, Person];
  await value(alice.peer.intents.keepBooks(null));
  for (const [book, what] of ['rye bread', 'quince jelly', 'thread'].entries()) {
    await pays(bob, alice, 100 * (book + 1), { memo: what });
    await eventually('Alice reads what for', () =>
      viewOf(alice)?.lines.some(({ memo, state }) => memo === what && state === 'final'),
    );
    place.passes(31 * DAY);
    await pays(bob, alice, 1);
    for (const person of [alice, bob])
      await eventually('the month ends', () => circleIn(person).replica.ledger.book === book + 1);
    await eventually(
      'it is carried over',
      () => circleIn(alice).replica.ledger.entries.size > 1 && shown(alice) === shownAfter(book),
    );
    [alice, bob] = [await alice.reload(), await bob.reload()];
    for (const person of [alice, bob]) await inside(person);
    if (book === 0) atSecond?.(alice);
  }
  return [alice, bob];
}
const shownAfter = (book: number): number => [101, 302, 603][book] ?? expect.unreachable();
const memosIn = async (person: Person): Promise<readonly string[]> =>
  (await value(person.peer.intents.lines(0, 50))).map(({ memo }) => memo ?? '');

describe('how many older books a phone keeps', () => {
  test('[B4] is its own choice: more are kept, fewer are let go of, at once and for good', async () => {
    const [alice, bob] = await threeMonths();
    expect(kept(alice)).toEqual([0, 1, 2]);
    expect(viewOf(alice)?.governing.book).toMatchObject({ number: 3, olderKept: 3, keeps: null });
    await eventually('Bob keeps two, as every phone does', () => kept(bob).join() === '1,2');
    expect(await memosIn(alice)).toContain('rye bread');
    expect(await refusal(bob.peer.intents.keepBooks(0))).toBe('amount-out-of-range');
    await value(bob.peer.intents.keepBooks(1));
    expect(kept(bob)).toEqual([2]);
    const again = await bob.reload();
    expect((await inside(again)).governing.book).toMatchObject({ olderKept: 1, keeps: 1 });
    expect(shown(again)).toBe(-603);
  });
});

describe('a book that was let go of', () => {
  test('[B4] is fetched again from who keeps it, with its notes, newest first and over a restart', async () => {
    const [alice, bob] = await threeMonths();
    await value(bob.peer.intents.keepBooks(1));
    place.network.cut('Bob', 'Alice');
    await value(bob.peer.intents.keepBooks(null));
    await eventually('Bob’s phone looks for it', () => viewOf(bob)?.governing.book.fetching === 1);
    expect(kept(bob)).toEqual([2]);
    const again = await bob.reload();
    await inside(again);
    place.network.heal();
    const back = await again.reload();
    await eventually('the second book is here', () => kept(back).join() === '1,2');
    place.passes(700);
    await eventually('and the first', () => kept(back).join() === '0,1,2');
    expect(shown(back)).toBe(-603);
    expect(await eventuallyMemos(back)).toEqual(['thread', 'quince jelly', 'rye bread']);
    expect(shown(alice)).toBe(603);
    expect([back, alice].flatMap(({ peer }) => peer.links()?.faults ?? [])).toEqual([]);
    await value(back.peer.intents.keepBooks(2));
    expect(kept(back)).toEqual([1, 2]);
  });
});
async function eventuallyMemos(person: Person): Promise<readonly string[]> {
  for (let turn = 0; turn < 400; turn++) {
    const memos = (await memosIn(person)).filter((memo) => memo !== '');
    if (memos.length === 3) return memos;
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  return memosIn(person);
}

/** What a saved book says of some of its books. */
async function onlyBooks(owner: Person, file: Uint8Array, books: readonly number[]): Promise<Uint8Array> {
  const theirs = await circleIn(owner).library.readAll(books, (replicas) =>
    Promise.resolve(replicas.flatMap(({ ledger }) => [...ledger.entries.values()].map(({ entry }) => entry))),
  );
  const known = new Set(theirs.map(({ bytes }) => toBase64url(bytes)));
  const lines = new TextDecoder().decode(file).split('\n');
  const only = lines.filter((line, at) => at === 0 || known.has(line.split('.')[0] ?? ''));
  return new TextEncoder().encode([...only, `end:${only.length}`, ''].join('\n'));
}

describe('a saved book', () => {
  test('[S4] [B4] holds every book that is kept, and any phone reads and checks all of them', async () => {
    const [alice] = await threeMonths();
    const file = await value(alice.peer.intents.exportLog());
    const stranger = await place.open('Stranger');
    const read = await value(stranger.peer.intents.readSavedBook(file));
    expect(read).toMatchObject({
      members: 2,
      payments: 6,
      leftOut: 0,
      sumsToZero: true,
      belongs: 'no-circle-here',
    });
    const lines = new TextDecoder().decode(file).split('\n');
    const [first, second] = [lines.findIndex((line) => line.includes('.')), Math.floor(lines.length / 2)];
    expect(first).toBeGreaterThan(0);
    const changed = lines.filter((_, at) => at !== second).join('\n');
    expect(await refusal(stranger.peer.intents.readSavedBook(new TextEncoder().encode(changed)))).toBe(
      'saved-book',
    );
  });

  test('[S4] [B4] brings back books that were let go of, as far as this phone is to keep them, with their notes', async () => {
    const [alice, bob] = await threeMonths();
    const file = await value(alice.peer.intents.exportLog());
    place.network.cut('Bob', 'Alice');
    await value(bob.peer.intents.keepBooks(1));
    expect((await value(bob.peer.intents.readSavedBook(file))).news.entries).toBe(0);
    await value(bob.peer.intents.keepBooks(null));
    const { news } = await value(bob.peer.intents.readSavedBook(file));
    expect(news.payments).toBe(4);
    const brought = await value(bob.peer.intents.bringInBook(file));
    expect(brought).toMatchObject({ entries: news.entries, payments: news.payments });
    expect(kept(bob)).toEqual([0, 1, 2]);
    expect(shown(bob)).toBe(-603);
    const again = await bob.reload();
    await inside(again);
    expect(kept(again)).toEqual([0, 1, 2]);
    expect((await memosIn(again)).filter((memo) => memo !== '')).toEqual([
      'thread',
      'quince jelly',
      'rye bread',
    ]);
    expect((await value(again.peer.intents.bringInBook(file))).entries).toBe(0);
    // What came from a file goes into the next one as what was there before.
    const own = await value(again.peer.intents.exportLog());
    const [mine, hers] = [own, file].map((one) => again.peer.intents.readSavedBook(one));
    const { entries, payments, texts } = await value(hers ?? expect.unreachable());
    expect(await value(mine ?? expect.unreachable())).toMatchObject({
      entries,
      payments,
      texts,
      sumsToZero: true,
    });
  });

  test('[B2] [B4] an older book that leads up to none that is here is left out', async () => {
    const [alice, bob] = await threeMonths();
    const file = await value(alice.peer.intents.exportLog());
    place.network.cut('Bob', 'Alice');
    await value(bob.peer.intents.keepBooks(1));
    await value(bob.peer.intents.keepBooks(null));
    const alone = await onlyBooks(alice, file, [0]);
    expect(await value(bob.peer.intents.readSavedBook(alone))).toMatchObject({
      payments: 2,
      news: { entries: 0, payments: 0 },
    });
    expect(await value(bob.peer.intents.bringInBook(alone))).toMatchObject({ entries: 0 });
    expect(kept(bob)).toEqual([2]);
    expect(shown(bob)).toBe(-603);
  });

  test('[B2] [B4] of another history brings in no older book that ends otherwise than the one after it says', async () => {
    let copy: MemoryDisk | undefined;
    const [, bob] = await threeMonths((alice) => (copy = copyOf(alice.disk)));
    place.network.cut('Bob', 'Alice');
    await value(bob.peer.intents.keepBooks(1));
    await value(bob.peer.intents.keepBooks(null));
    // A copy of Alice's phone goes on by itself from the second book.
    const elsewhere = village();
    elsewhere.later = place.later;
    const twin = await elsewhere.open('Alice', {}, copy);
    for (const book of [2, 3]) {
      await value(twin.peer.intents.propose({ type: 'close-book' }, ''));
      await eventually('the copy closes its book', () => circleIn(twin).replica.ledger.book === book);
    }
    await eventually('it looks back', () => kept(twin).length === 3);
    const file = await onlyBooks(twin, await value(twin.peer.intents.exportLog()), [0, 1]);
    await elsewhere.close();
    await value(bob.peer.intents.bringInBook(file));
    // The first book is the same in both.
    expect(kept(bob)).toEqual([0, 2]);
    expect(shown(bob)).toBe(-603);
    expect(kept(await bob.reload())).toEqual([0, 2]);
  });
});
