import { PRESSES_KEPT } from '../../src/core/limits.ts';
import { afterEach, expect, test } from 'vitest';
import { StorageRefused } from '../../src/storageRefused.ts';
import type { MemoryDisk } from '@corridor/peer';
import { eventually } from '@corridor/testing/peers';
import {
  allFinal,
  circleOf,
  inside,
  payment,
  pays,
  refusal,
  shown,
  value,
  village,
  viewOf,
  type Person,
} from './stories.ts';

let place = village();
afterEach(async () => {
  await place.close();
  place = village();
});
async function two(): Promise<readonly [Person, Person]> {
  const [alice, bob] = await circleOf(place, 'alice', 'bob');
  if (alice === undefined || bob === undefined) throw new Error('two people');
  return [alice, bob];
}

test('[P1] one press signs once: pressed twice at once, again, after a reload and after a crash', async () => {
  const [alice, bob] = await two();
  const press = payment(alice, 480, { memo: 'bread' });
  const answers = await Promise.all([1, 2, 3].map(() => value(bob.peer.intents.pay(press))));
  const again = await value(bob.peer.intents.pay(press));
  let back = await bob.reload();
  const reloaded = await value(back.peer.intents.pay(press));
  back = await back.crash();
  const crashed = await value(back.peer.intents.pay(press));
  expect(new Set([...answers, again, reloaded, crashed].map((a) => a.line.id)).size).toBe(1);
  // A screen that was loaded again asks before anybody presses.
  expect((await value(back.peer.intents.paidBy(press.intent)))?.id).toBe(crashed.line.id);
  expect(await value(back.peer.intents.paidBy('never pressed'))).toBeNull();
  await allFinal([alice, back], 1);
  expect(shown(back)).toBe(-480);
});

test('[P1] [P6] a crash between the note of a press and the journal: pressed again, it is paid once', async () => {
  const [alice, bob] = await two();
  const press = payment(alice, 480);
  // The note is written, the journal never is.
  const bobs = bob.disk.chains.get.bind(bob.disk.chains);
  bob.disk.chains.get = (name) => {
    if (bob.disk.records.has(`intent/${press.intent}`)) bob.disk.refuseWrites('power cut');
    return bobs(name);
  };
  expect(await refusal(bob.peer.intents.pay(press))).toBe('storage-refused');
  bob.disk.chains.get = bobs;
  bob.disk.refuseWrites(undefined);
  expect(bob.disk.records.has(`intent/${press.intent}`)).toBe(true);
  const back = await bob.crash();
  await inside(back);
  await value(back.peer.intents.pay(press));
  await allFinal([alice, back], 1);
  expect(shown(back)).toBe(-480);
});

test('[P1] [E6] a note of a press and a memo’s own record go once the book has them; a recent press stays', async () => {
  const [alice, bob] = await two();
  await pays(bob, alice, 10, { memo: 'old', intent: 'old' });
  await allFinal([alice, bob], 1);
  const records = (): readonly string[] =>
    [...bob.disk.records.keys()].filter((name) => /^(intent|text)\//.test(name));
  // The press and its memo.
  expect(records()).toHaveLength(2);
  // Counted in payments: a clock that jumps must not forget the press before last.
  for (let i = 0; i <= PRESSES_KEPT; i++) await pays(bob, alice, 0, { intent: `gift ${i}` });
  const back = await bob.reload();
  await eventually('only what is recent', () => !records().includes('intent/old'));
  expect(records()).toContain(`intent/gift ${PRESSES_KEPT}`);
  expect(records().filter((name) => name.startsWith('text/'))).toHaveLength(0);
  const after = await back.crash();
  await inside(after);
  const oldest = await value(after.peer.intents.lines(PRESSES_KEPT, 10));
  expect(oldest.map((line) => line.memo)).toContain('old');
});

test('[P6] a crash loses nothing that was said to be saved: payment, memo, “I have it”, votes and who is in', async () => {
  const [alice, bob] = await two();
  await pays(bob, alice, 480, { memo: '2 loaves' });
  await allFinal([alice, bob], 1);
  place.network.cut('alice', 'bob');
  await pays(bob, alice, 120, { memo: 'alone' });
  const journal = new Map([...alice.disk.chains].map(([name, chain]) => [name, chain.head.seq]));
  const bobBack = await bob.crash();
  // With nobody to ask: all of it comes from the disk.
  expect(viewOf(bobBack)).toMatchObject({ lineCount: 2, balance: { shown: -480, waitingOut: 120 } });
  expect(
    viewOf(bobBack)
      ?.lines.map((line) => line.memo)
      .toSorted(),
  ).toEqual(['2 loaves', 'alone']);
  const aliceBack = await alice.crash();
  expect(viewOf(aliceBack)).toMatchObject({ lineCount: 1, balance: { shown: 480 } });
  expect(viewOf(aliceBack)?.lines[0]).toMatchObject({ state: 'final' });
  for (const [name, seq] of journal) expect(alice.disk.chains.get(name)?.head.seq).toBe(seq);
  place.network.heal();
  await allFinal([aliceBack, bobBack], 2);
  expect(aliceBack.peer.circle()?.replica.ledger.forks).toEqual([]);
});

test('[P6] a book that was lost whole comes back, own unsent payments and all', async () => {
  const [alice, bob] = await two();
  place.network.cut('alice', 'bob');
  const paid = await pays(bob, alice, 480);
  await bob.peer.stop();
  bob.disk.docs.clear();
  const back = await place.open('bob', {}, bob.disk);
  place.network.heal();
  await inside(back);
  await allFinal([alice, back], 1);
  expect(viewOf(back)?.lines[0]?.id).toBe(paid.line.id);
  await pays(back, alice, 20);
  await allFinal([alice, back], 2);
});

/** Every write site, one after another: the disk refuses from the n-th write on. */
const refusing = (disk: MemoryDisk, after: number): (() => void) => {
  let left = after;
  const { refusal: said } = disk;
  Object.assign(disk, { refusal: () => (left-- > 0 ? undefined : 'quota') });
  return () => void Object.assign(disk, { refusal: said });
};

test('[P6] a disk that refuses at any write of a payment: a clear refusal, no loss, and it works once there is room', async () => {
  const [alice, bob] = await two();
  let total = 0;
  for (let after = 0; after < 12; after++) {
    const press = payment(alice, 10, { memo: `try ${after}`, handOver: after % 2 === 1 });
    const mend = refusing(bob.disk, after);
    const answer = await bob.peer.intents.pay(press);
    mend();
    if (!answer.ok) expect(answer.refusal.code).toBe('storage-refused');
    await value(bob.peer.intents.pay(press));
    total += 10;
  }
  const back = await bob.crash();
  await inside(back);
  await allFinal([alice, back], 12);
  expect(shown(back)).toBe(-total);
  expect(viewOf(back)?.storageTrouble).toBeNull();
});

test('[P6] a disk that refuses while one founds, asks, invites, scans or locks: refused, and nothing half done', async () => {
  const [alice, bob] = await two();
  place.network.cut('alice', 'bob');
  const { handOverCode } = await pays(bob, alice, 30, { handOver: true });
  const eve = await place.open('eve');
  for (const { disk } of [alice, eve]) disk.refuseWrites('quota');
  expect(
    await refusal(eve.peer.intents.found({ circleName: 'E', unitName: 'e', decimals: 0, memberName: 'Eve' })),
  ).toBe('storage-refused');
  expect(eve.peer.view()).toEqual({ stage: 'none' });
  expect(await refusal(alice.peer.intents.request(10, 'x', null, 10))).toBe('storage-refused');
  expect(await refusal(alice.peer.intents.readCode(handOverCode ?? ''))).toBe('storage-refused');
  expect(await refusal(alice.peer.intents.setLock('correct horse', null))).toBe('storage-refused');
  expect(await refusal(alice.peer.intents.setRelayOnly(true))).toBe('storage-refused');
  expect(await refusal(alice.peer.intents.handedOver(viewOf(bob)?.lines[0]?.id ?? ('' as never)))).toBe(
    'not-ready',
  );
  alice.disk.refuseWrites(undefined);
  eve.disk.refuseWrites(undefined);
  expect(await value(alice.peer.intents.readCode(handOverCode ?? ''))).toMatchObject({
    type: 'payment',
    news: true,
  });
  await value(eve.peer.intents.found({ circleName: 'E', unitName: 'e', decimals: 0, memberName: 'Eve' }));
  place.network.heal();
  await allFinal([alice, bob], 1);
});

test('[P6] a disk that refuses the keys a door gave: said, and asked again', async () => {
  const [alice] = await circleOf(place, 'alice');
  if (alice === undefined) throw new Error('Alice');
  const link = (await value(alice.peer.intents.createInvite('member'))).link;
  const carol = await place.open('carol');
  await value(carol.peer.intents.join(link, 'Carol'));
  carol.disk.refuseWrites('quota');
  await eventually('said', () => {
    const view = carol.peer.view();
    return view.stage === 'joining' && view.refused === 'storage-refused';
  });
  carol.disk.refuseWrites(undefined);
  await inside(await carol.reload());
});

test('[P6] a store that cannot even be read is told as broken, not thrown', async () => {
  const eve = await place.open('eve');
  await eve.peer.stop();
  const disk = eve.disk;
  disk.records.get = () => {
    throw new StorageRefused('gone');
  };
  const back = await place.open('eve', {}, disk);
  expect(back.peer.view()).toMatchObject({
    stage: 'broken',
    reason: expect.stringContaining('gone') as string,
  });
  expect(
    await refusal(
      back.peer.intents.found({ circleName: 'E', unitName: 'e', decimals: 0, memberName: 'Eve' }),
    ),
  ).toBe('not-ready');
});
