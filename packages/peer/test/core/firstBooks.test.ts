/** Newcomers begin with the newest book, and find out whether it is the circle's [B2]. */
import {
  closeBookWish,
  createLedger,
  isOrdinaryKey,
  statementOf,
  toHex,
  type DeviceKey,
  type FirstDevice,
  type Ledger,
  type MemberId,
  type PublicKey,
} from '@corridor/ledger';
import { openMemoryStore } from '@corridor/peer';
import { createNodeCipher, createSha256 } from '@corridor/peer/node';
import { decideAct, stopAll } from '@corridor/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { eventually } from '@corridor/testing/peers';
import { createOpenings } from '../../src/core/openings.ts';
import { createSealedRecords } from '../../src/core/sealedRecords.ts';
import { createVault } from '../../src/core/vault.ts';
import { prepareBookKey } from '../../src/sealingKey.ts';
import {
  circleOf,
  inside,
  invite,
  joins,
  pays,
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

const bookOf = ({ peer }: Person): number | undefined => peer.circle()?.replica.ledger.book;
async function closes(steward: Person, ...others: readonly Person[]): Promise<void> {
  const next = (bookOf(steward) ?? 0) + 1;
  await value(steward.peer.intents.propose({ type: 'close-book' }, ''));
  for (const person of [steward, ...others])
    await eventually(`${person.name} is in book ${next}`, () => bookOf(person) === next);
}
const balances = (person: Person) =>
  Object.fromEntries((viewOf(person)?.people ?? []).map(({ name, balance }) => [name, balance]));
/** A circle in its second book, where Bob owes Alice 700. */
async function later(): Promise<readonly [Person, Person]> {
  const [alice, bob] = (await circleOf(place, 'Alice', 'Bob')) as [Person, Person];
  await pays(bob, alice, 700);
  await eventually('it is final', () => shown(alice) === 700);
  await closes(alice, bob);
  return [alice, bob];
}
async function trades(newcomer: Person, other: Person): Promise<void> {
  await pays(newcomer, other, 30);
  await eventually('it is final with both', () =>
    [newcomer, other].every(
      (p) => viewOf(p)?.lines[0]?.amount === 30 && viewOf(p)?.lines[0]?.state === 'final',
    ),
  );
}

describe('in the second book', () => {
  test('[B2] Carol joins, holds that book alone, sees what everybody has, and pays', async () => {
    const [alice, bob] = await later();
    const carol = await place.open('Carol');
    await joins(carol, alice);
    await eventually('she sees all', () => Object.keys(balances(carol)).length === 3);
    expect(balances(carol)).toEqual({ Alice: 700, Bob: -700, Carol: 0 });
    expect(carol.peer.circle()?.library.shelf.shelf.books()).toEqual([1]);
    await trades(carol, bob);
    const back = await carol.reload();
    await inside(back);
    await eventually('she sees all again', () => balances(back)['Bob'] === -670);
    expect([...back.disk.records.keys()].filter((name) => name === 'begun')).toEqual([]);
    // Who is in with the next closing as well goes on like everybody.
    await closes(alice, bob, back);
    await trades(back, alice);
    for (const { peer } of [alice, bob, back]) expect(peer.links()?.faults).toEqual([]);
  });

  test('[B2] an invite from the book before is as good: Carol begins there and goes through', async () => {
    const [alice, bob] = (await circleOf(place, 'Alice', 'Bob')) as [Person, Person];
    await pays(bob, alice, 700);
    await eventually('it is final', () => shown(alice) === 700);
    const link = await invite(bob);
    await closes(alice, bob);
    const carol = await place.open('Carol');
    await value(carol.peer.intents.join(link, 'Carol'));
    await inside(carol);
    await eventually('she is in the new book', () => bookOf(carol) === 1);
    expect(carol.peer.circle()?.library.shelf.shelf.books()).toEqual([0, 1]);
    await eventually('she sees all', () => balances(carol)['Bob'] === -700);
    await trades(carol, bob);
  });

  test('[B2] so it is with an invite of the second book in the third', async () => {
    const [alice, bob] = await later();
    const link = await invite(bob);
    await closes(alice, bob);
    const carol = await place.open('Carol');
    await value(carol.peer.intents.join(link, 'Carol'));
    await inside(carol);
    await eventually('she is in the newest book', () => bookOf(carol) === 2);
    expect(carol.peer.circle()?.library.shelf.shelf.books()).toEqual([1, 2]);
    await trades(carol, bob);
  });

  test('[B2] [P6] a power cut while she begins costs her nothing but time', async () => {
    const [alice] = await later();
    for (let write = 0; ; write++) {
      const carol = await place.open(`Carol${write}`);
      await value(carol.peer.intents.join(await invite(alice), `Carol${write}`));
      let left = write;
      let isCut = false;
      const { refusal } = carol.disk;
      carol.disk.refusal = () => {
        if (left-- > 0) return refusal();
        if (!isCut) carol.disk.crash();
        isCut = true;
        return 'power cut';
      };
      await eventually('she is in or cut off', () => isCut || viewOf(carol) !== undefined);
      for (let turn = 0; turn < 20; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
      carol.disk.refusal = refusal;
      const back = isCut ? await carol.crash() : carol;
      await inside(back);
      await trades(back, alice);
      await back.peer.stop();
      if (!isCut) break;
    }
  }, 120_000);
});

/**
 * Mallory’s phone comes back in a second book that nobody decided on but she: there she keeps the book, and whoever she
 * likes is in it.
 */
async function forges(mallory: Person, others: readonly FirstDevice[]): Promise<Person> {
  const circle = mallory.peer.circle() ?? expect.unreachable();
  const { replica, record, ring } = circle;
  const { ledger } = replica;
  const sha256 = await createSha256();
  const store = openMemoryStore(mallory.disk, (length) => crypto.getRandomValues(new Uint8Array(length)));
  const witness = await store.keys.create('witness');
  const own = ledger.log.devices.get(record.device) ?? expect.unreachable();
  const { policy } = ledger.log;
  const forged: Ledger = createLedger(ledger.founding.entry as never, {
    sha256,
    isOrdinaryKey,
    witnesses: [{ device: record.device, key: witness }],
    devices: [{ ...own, grant: policy.firstGrant, heir: null }, ...others],
  });
  const secret = mallory.disk.keys.get(witness)?.secret ?? expect.unreachable();
  const person = { name: 'Mallory', seed: secret, device: record.device, witnessSeed: secret, witness };
  stopAll(forged, person);
  const key = crypto.getRandomValues(new Uint8Array(32));
  const { id } = await prepareBookKey(key, createNodeCipher(), sha256);
  decideAct(forged, [person], closeBookWish(forged, id) ?? expect.unreachable());
  const statement = statementOf(forged) ?? expect.unreachable();

  const records = createSealedRecords(store.records, ring.keys, ring.newest(), sha256);
  await createOpenings(records, ledger.founding.entry as never, sha256).keep(1, statement);
  const keys = [...record.bookKeys, { epoch: 1, key: toHex(key) }];
  await createVault(store.records, store.keys).save({ ...record, bookKeys: keys });
  const back = await mallory.reload();
  expect(bookOf(back)).toBe(1);
  return back;
}
/** Hurries: what others do in a minute this clock does in a second. */
const fast = {
  now: () => Date.now(),
  after(ms: number, task: () => void) {
    const timer = setTimeout(task, ms / 60);
    return () => clearTimeout(timer);
  },
};
const asDevice = (person: Person): FirstDevice => {
  const keys = [...person.disk.keys];
  const device = (keys.find(([, { purpose }]) => purpose === 'device')?.[0] ?? '') as string;
  const sealing = (keys.find(([, { purpose }]) => purpose === 'sealing')?.[0] ?? '') as PublicKey;
  const grant = { lowestBalance: -100, highestBalance: 100 };
  return {
    device: device as DeviceKey,
    member: device as MemberId,
    sealing,
    name: '00'.repeat(32) as never,
    grant,
  };
};

describe('Mallory offers a book of her own', () => {
  test.each([
    ['in which Carol is already', true],
    ['whose log knows her invite', false],
  ])('[B2] [I18] %s: Carol does not end there, and is in as soon as she meets Alice', async (_what, isIn) => {
    const [alice] = (await circleOf(place, 'Alice')) as [Person];
    const link = await invite(alice);
    const first = await place.open('Mallory');
    await joins(first, alice);
    for (const name of ['Mallory', 'Carol']) place.network.cut('Alice', name);
    const carol = await place.open('Carol', { clock: fast });
    place.network.cut('Mallory', 'Carol');
    await value(carol.peer.intents.join(link, 'Carol'));
    const mallory = await forges(first, isIn ? [asDevice(carol)] : []);
    place.network.heal();
    place.network.cut('Alice', 'Carol');
    await eventually('Mallory gave her keys', () => carol.peer.circle() !== undefined);
    // For a while there is nobody else.
    const end = Date.now() + 2500;
    await eventually('time goes by', () => Date.now() > end || viewOf(carol));
    expect(viewOf(carol)).toBeUndefined();
    expect(bookOf(carol) ?? 0).toBe(0);

    place.network.heal();
    await inside(carol);
    expect(carol.peer.circle()?.replica.ledger.log.terms[0]?.device).toBe(alice.peer.circle()?.record.device);
    expect(bookOf(carol)).toBe(0);
    await trades(carol, alice);
    expect(bookOf(mallory)).toBe(1);
  });
});
