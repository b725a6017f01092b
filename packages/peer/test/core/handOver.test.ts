import { afterEach, expect, test } from 'vitest';
import { eventually } from '@corridor/testing/peers';
import {
  allFinal,
  circleOf,
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
async function three(): Promise<readonly [Person, Person, Person]> {
  const [alice, bob, carol] = await circleOf(place, 'alice', 'bob', 'carol');
  if (alice === undefined || bob === undefined || carol === undefined) throw new Error('three people');
  await eventually('Bob and Carol know each other', () =>
    [bob, carol].every((p) => viewOf(p)?.people.filter((other) => other.name !== '').length === 3),
  );
  return [alice, bob, carol];
}
/** Nobody hears `person` any more. */
const alone = (person: Person, others: readonly Person[]): void => {
  for (const other of others) place.network.cut(person.name, other.name);
};

test('[P3] a code that comes before its chain is kept, counts as waiting, and is final once the chain has come', async () => {
  const [alice, bob, carol] = await three();
  alone(bob, [alice, carol]);
  alone(carol, [alice]);
  await pays(bob, alice, 500);
  const second = await pays(bob, carol, 700, { handOver: true });
  const read = await value(carol.peer.intents.readCode(second.handOverCode ?? ''));
  expect(read).toMatchObject({ type: 'payment', news: true, line: { amount: 700, state: 'they-have-it' } });
  expect(viewOf(carol)?.balance).toMatchObject({ shown: 0, waitingIn: 700 });
  const again = await value(carol.peer.intents.readCode(second.handOverCode ?? ''));
  expect(again).toMatchObject({ type: 'payment', news: false });
  const back = await carol.crash();
  expect(viewOf(back)?.lines).toMatchObject([{ amount: 700, direction: 'in', otherName: 'bob' }]);
  place.network.heal();
  await allFinal([back], 1);
  await allFinal([bob], 2);
  expect([shown(alice), shown(bob), shown(back)]).toEqual([500, -1200, 700]);
  const later = await back.reload();
  expect([...later.disk.records.keys()].filter((name) => name.startsWith('handed/'))).toEqual([]);
  expect(viewOf(later)?.lines).toMatchObject([{ amount: 700, state: 'final' }]);
});

test('[P3] a code that pays somebody else is kept for them and never counts as one’s own', async () => {
  const [alice, bob, carol] = await three();
  alone(bob, [alice, carol]);
  await pays(bob, alice, 100);
  const paid = await pays(bob, alice, 400, { handOver: true });
  const read = await value(carol.peer.intents.readCode(paid.handOverCode ?? ''));
  expect(read).toMatchObject({ type: 'payment', line: { direction: 'between-others' } });
  expect(viewOf(carol)?.balance.waitingIn).toBe(0);
});

test('[P3] a request is paid once: the second time names what paid it', async () => {
  const [alice, bob] = await three();
  const asked = await value(alice.peer.intents.request(250, 'Eggs', { category: 1, quantity: 900 }, 10));
  await pays(bob, alice, 250, { requestCode: asked.code });
  expect(await refusal(bob.peer.intents.pay(payment(alice, 250, { requestCode: asked.code })))).toBe(
    'already-paid',
  );
  const read = await value(bob.peer.intents.readCode(asked.link));
  expect(read.type === 'request' && read.request.alreadyPaid).toBeTruthy();
});

test('[P3] a request past its time, for another amount, to another payee or forged is not paid', async () => {
  const [alice, bob, carol] = await three();
  const asked = await value(alice.peer.intents.request(250, 'Eggs', null, 10));
  const pay = (more: Parameters<typeof payment>[2], to = alice, amount = 250) =>
    refusal(bob.peer.intents.pay(payment(to, amount, { requestCode: asked.code, ...more })));
  expect(await pay({}, alice, 240)).toBe('amount-out-of-range');
  expect(await pay({}, carol)).toBe('unreadable-code');
  expect(await pay({ requestCode: 'CORRIDOR:0' })).toBe('unreadable-code');
  const forged = asked.code.slice(0, -1) + (asked.code.endsWith('0') ? '1' : '0');
  expect(['bad-signature', 'unreadable-code']).toContain(await pay({ requestCode: forged }));
  place.later = 11 * 60;
  expect(await pay({})).toBe('request-expired');
  expect(viewOf(bob)?.lineCount).toBe(0);
});

test('[P2] [P4] over the limit, out of range, to oneself and to a stranger: each a refusal that costs nothing', async () => {
  const [alice, bob] = await three();
  const entries = bob.peer.circle()?.replica.ledger.entries.size;
  const records = bob.disk.records.size;
  const pay = (more: Parameters<typeof payment>[2], amount = 100, to = alice) =>
    refusal(bob.peer.intents.pay(payment(to, amount, { memo: 'too much', ...more })));
  expect(await pay({}, 15_001)).toBe('over-lowest-balance');
  expect(await pay({}, -1)).toBe('amount-out-of-range');
  expect(await pay({}, 0.5)).toBe('amount-out-of-range');
  expect(await pay({}, Number.NaN)).toBe('amount-out-of-range');
  expect(await pay({ need: { category: 999, quantity: 1 } })).toBe('amount-out-of-range');
  expect(await pay({ need: { category: 1, quantity: -1 } })).toBe('amount-out-of-range');
  expect(await pay({ memo: 'x'.repeat(1025) })).toBe('text-too-long');
  expect(await pay({}, 100, bob)).toBe('not-yourself');
  expect(await pay({ to: 'ab'.repeat(32) as ReturnType<typeof payment>['to'] })).toBe('not-a-member');
  expect(bob.peer.circle()?.replica.ledger.entries.size).toBe(entries);
  expect(bob.disk.records.size).toBe(records);
  expect(await refusal(alice.peer.intents.request(100, '', null, Number.NaN))).toBe('amount-out-of-range');
});

test('[P3] a phone that heard nobody for a day pays small amounts only; whose phone keeps the book hears itself', async () => {
  const [alice, bob, carol] = await three();
  alone(bob, [alice, carol]);
  alone(alice, [carol]);
  await eventually('alone', () => viewOf(bob)?.sharing.connections.length === 0);
  place.later = 23 * 3600;
  await pays(bob, alice, 3_100);
  place.later = 25 * 3600;
  expect(await refusal(bob.peer.intents.pay(payment(alice, 3_001)))).toBe('offline-amount');
  await pays(bob, alice, 3_000);
  await pays(alice, bob, 4_000);
  const back = await bob.reload();
  expect(await refusal(back.peer.intents.pay(payment(alice, 3_001)))).toBe('offline-amount');
});

test('[P3] a phone that was in touch for days is not stale the moment it loses touch', async () => {
  const [alice, bob, carol] = await three();
  place.later = 5 * 24 * 3600;
  alone(bob, [alice, carol]);
  await eventually('alone', () => viewOf(bob)?.sharing.connections.length === 0);
  await pays(bob, alice, 3_100);
  place.later += 23 * 3600;
  const back = await bob.reload();
  await pays(back, alice, 3_100);
});

test('[P3] what was scanned and is none of ours is said as what it is', async () => {
  const [alice] = await three();
  const other = village();
  const [eve] = await circleOf(other, 'eve');
  if (eve === undefined) throw new Error('Eve');
  const theirs = await value(eve.peer.intents.request(100, '', null, 10));
  const read = async (text: string) => (await value(alice.peer.intents.readCode(text))).type;
  expect(await read(theirs.code)).toBe('other-circle');
  expect(await read('4006381333931')).toBe('shop-barcode');
  expect(await read('hello')).toBe('unreadable');
  expect(await read('CORRIDOR:')).toBe('unreadable');
  expect(await read('x'.repeat(100_000))).toBe('unreadable');
  // A phone that is in no circle yet is told what it can do with it.
  const nobody = await other.open('nobody');
  const outside = async (text: string) => (await value(nobody.peer.intents.readCode(text))).type;
  expect(await outside(theirs.code)).toBe('needs-a-circle');
  expect(await outside('4006381333931')).toBe('shop-barcode');
  expect(await outside('no code')).toBe('unreadable');
  expect(await outside((await value(eve.peer.intents.createInvite('member'))).link)).toBe('invite');
  await other.close();
});
