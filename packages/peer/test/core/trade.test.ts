import { expect, test } from 'vitest';
import type { CircleView, Peer } from '@corridor/peer';
import { eventually, peerVillage } from '@corridor/testing/peers';

const FOUND = { circleName: 'Valldor', unitName: 'dor', decimals: 2, memberName: 'Alice' };
const viewOf = (peer: Peer): CircleView | undefined => {
  const view = peer.view();
  return view.stage === 'circle' ? view.view : undefined;
};
const inside = (peer: Peer): Promise<CircleView> => eventually('inside the circle', () => viewOf(peer));
async function value<T>(
  answer: Promise<{ ok: true; value: T } | { ok: false; refusal: { code: string } }>,
): Promise<T> {
  const given = await answer;
  if (!given.ok) throw new Error(JSON.stringify(given.refusal));
  return given.value;
}

test('[S2] [P4] [P7] Alice founds, Bob joins by her link and pays her; both see it final, and after a reload too', async () => {
  const village = peerVillage();
  const alice = await village.open('alice');
  let bob = await village.open('bob');
  await value(alice.peer.intents.found(FOUND));
  const { link } = await value(alice.peer.intents.createInvite('member'));
  await value(bob.peer.intents.join(link, 'Bob'));
  await inside(bob.peer);
  const me = (await inside(alice.peer)).me;
  await eventually('Alice knows Bob by name', () => viewOf(alice.peer)?.people.some((p) => p.name === 'Bob'));
  await eventually('Bob knows Alice by name', () => viewOf(bob.peer)?.people.some((p) => p.name === 'Alice'));
  const bread = {
    to: me.device,
    amount: 480,
    memo: '2 loaves',
    need: { category: 1, quantity: 4_800_000 },
    requestCode: null,
    intent: 'i1',
    handOver: false,
  };
  await value(bob.peer.intents.pay(bread));
  const again = await value(bob.peer.intents.pay(bread));
  expect(again.line.amount).toBe(480);
  await eventually(
    'final with Alice',
    () =>
      viewOf(alice.peer)?.lines[0]?.state === 'final' && viewOf(alice.peer)?.lines[0]?.memo === '2 loaves',
  );
  await eventually('final with Bob', () => viewOf(bob.peer)?.lines[0]?.state === 'final');
  expect(viewOf(alice.peer)?.balance.shown).toBe(480);
  expect(viewOf(bob.peer)?.balance.shown).toBe(-480);
  expect(viewOf(bob.peer)?.lineCount).toBe(1);
  bob = await bob.reload();
  expect((await inside(bob.peer)).balance.shown).toBe(-480);
  expect(viewOf(bob.peer)?.lines[0]).toMatchObject({ memo: '2 loaves', state: 'final', otherName: 'Alice' });
  await bob.peer.stop();
  await alice.peer.stop();
});

test('[P3] with no network at all Bob pays Alice in two scans, and it is final when they meet again', async () => {
  const village = peerVillage();
  const alice = await village.open('alice');
  const bob = await village.open('bob');
  await value(alice.peer.intents.found(FOUND));
  const { link } = await value(alice.peer.intents.createInvite('member'));
  await value(bob.peer.intents.join(link, 'Bob'));
  await inside(bob.peer);
  await eventually('Alice sees Bob', () => viewOf(alice.peer)?.people.length === 2);
  village.network.cut('alice-0', 'bob-2');
  const asked = await value(alice.peer.intents.request(1200, 'Jam', null, 10));
  const read = await value(bob.peer.intents.readCode(asked.code));
  if (read.type !== 'request') throw new Error(read.type);
  const paid = await value(
    bob.peer.intents.pay({
      to: read.request.payeeDevice,
      amount: 1200,
      memo: '',
      need: null,
      requestCode: read.code,
      intent: 'i2',
      handOver: true,
    }),
  );
  expect(paid.handOverCode?.length).toBeLessThan(450);
  const got = await value(alice.peer.intents.readCode(paid.handOverCode ?? ''));
  expect(got).toMatchObject({
    type: 'payment',
    news: true,
    line: { amount: 1200, direction: 'in', memo: 'Jam' },
  });
  const same = await value(alice.peer.intents.readCode(paid.handOverCode ?? ''));
  expect(same).toMatchObject({ type: 'payment', news: false });
  village.network.heal();
  await eventually('final with Bob', () => viewOf(bob.peer)?.lines[0]?.state === 'final');
  await eventually('final with Alice', () => viewOf(alice.peer)?.lines[0]?.state === 'final');
  await bob.peer.stop();
  await alice.peer.stop();
});
