import { afterEach, expect, test } from 'vitest';
import type { NewPasskey } from '@corridor/peer';
import { lockRecord } from '../../src/passphrase.ts';
import { circleOf, inside, refusal, value, village, type Person } from './stories.ts';

let place = village();
afterEach(async () => {
  await place.close();
  place = village();
});
const CREDENTIAL = Uint8Array.of(7, 7, 7);
/** What the authenticator would compute: the same each time, another for each passkey. */
const prfOf = (passkey: number): Uint8Array => new Uint8Array(32).fill(passkey);
const passkeyOf = (passkey: number): NewPasskey => ({
  credential: CREDENTIAL,
  salt: new Uint8Array(32).fill(9),
  prf: prfOf(passkey),
});
const LOCKED = 'circle.locked';

const alone = async (): Promise<Person> => {
  const [alice] = await circleOf(place, 'alice');
  if (alice === undefined) throw new Error('Alice');
  return alice;
};
const lockOf = ({ peer }: Person) => {
  const view = peer.view();
  return view.stage === 'circle' || view.stage === 'locked' ? view.lock : undefined;
};
const withBoth = async (): Promise<Person> => {
  const alice = await alone();
  await value(alice.peer.intents.setLock('one', null));
  await value(alice.peer.intents.setPasskey(passkeyOf(1), 'one'));
  return alice;
};

test('[S4] a passkey opens what the passphrase opens; let go, the passphrase is left', async () => {
  const alice = await withBoth();
  let back = await alice.reload();
  expect(lockOf(back)).toEqual({
    isSet: true,
    passkey: { credential: CREDENTIAL, salt: passkeyOf(1).salt },
  });
  await value(back.peer.intents.unlockByPasskey(prfOf(1)));
  await inside(back);
  await value(back.peer.intents.lock());
  await value(back.peer.intents.unlock('one'));
  await inside(back);

  await value(back.peer.intents.setPasskey(null, null));
  expect(lockOf(back)).toEqual({ isSet: true, passkey: null });
  back = await back.reload();
  expect(lockOf(back)).toEqual({ isSet: true, passkey: null });
  expect(await refusal(back.peer.intents.unlockByPasskey(prfOf(1)))).toBe('wrong-passkey');
  await value(back.peer.intents.unlock('one'));
  await inside(back);
});

test('[S4] another passkey, or half an answer, opens nothing and costs nothing', async () => {
  const alice = await (await withBoth()).reload();
  for (const prf of [prfOf(2), new Uint8Array(0), new Uint8Array(31).fill(1), new Uint8Array(64).fill(1)])
    expect(await refusal(alice.peer.intents.unlockByPasskey(prf))).toBe('wrong-passkey');
  await value(alice.peer.intents.unlockByPasskey(prfOf(1)));
  await inside(alice);
});

test('[S4] adding a passkey takes the passphrase and a lock; it stays when the passphrase changes, and goes with the lock', async () => {
  const alice = await alone();
  const { intents } = alice.peer;
  expect(await refusal(intents.setPasskey(passkeyOf(1), ''))).toBe('not-ready');
  await value(intents.setLock('one', null));
  expect(await refusal(intents.setPasskey(passkeyOf(1), 'two'))).toBe('wrong-passphrase');
  expect(await refusal(intents.setPasskey({ ...passkeyOf(1), prf: prfOf(1).slice(1) }, 'one'))).toBe(
    'wrong-passkey',
  );
  expect(lockOf(alice)?.passkey).toBe(null);
  await value(intents.setPasskey(passkeyOf(1), 'one'));
  await value(intents.setLock('two', 'one'));
  const back = await alice.reload();
  expect(await refusal(back.peer.intents.unlock('one'))).toBe('wrong-passphrase');
  await value(back.peer.intents.unlockByPasskey(prfOf(1)));
  await value(back.peer.intents.setLock(null, 'two'));
  expect(lockOf(back)).toEqual({ isSet: false, passkey: null });
  await value(back.peer.intents.setLock('three', null));
  expect(lockOf(back)).toEqual({ isSet: true, passkey: null });
});

test('[S4] what a passkey computed is overwritten once it was used, and is on no disk', async () => {
  const alice = await alone();
  await value(alice.peer.intents.setLock('one', null));
  const added = passkeyOf(1);
  await value(alice.peer.intents.setPasskey(added, 'one'));
  await value(alice.peer.intents.lock());
  const asked = prfOf(1);
  await value(alice.peer.intents.unlockByPasskey(asked));
  for (const prf of [added.prf, asked]) expect([...prf].every((byte) => byte === 0)).toBe(true);
  const stored = Buffer.concat([...alice.disk.records.values()]);
  expect(stored.includes(Buffer.from(prfOf(1)))).toBe(false);
});

test('[S4] [P6] a disk that refuses leaves the ways in as they were', async () => {
  const alice = await alone();
  await value(alice.peer.intents.setLock('one', null));
  alice.disk.refuseWrites('quota');
  expect(await refusal(alice.peer.intents.setPasskey(passkeyOf(1), 'one'))).toBe('storage-refused');
  expect(lockOf(alice)?.passkey).toBe(null);
  alice.disk.refuseWrites(undefined);
  await value(alice.peer.intents.setPasskey(passkeyOf(1), 'one'));
  alice.disk.refuseWrites('quota');
  expect(await refusal(alice.peer.intents.setPasskey(null, null))).toBe('storage-refused');
  alice.disk.refuseWrites(undefined);
  const back = await alice.reload();
  await value(back.peer.intents.unlockByPasskey(prfOf(1)));
});

test('[S4] a lock from before there were passkeys opens, and takes one', async () => {
  const alice = await alone();
  const plain = alice.disk.records.get('circle');
  if (plain === undefined) throw new Error('a record in the open');
  alice.disk.records.set(LOCKED, await lockRecord('one', plain));
  alice.disk.records.delete('circle');
  const back = await alice.reload();
  expect(lockOf(back)).toEqual({ isSet: true, passkey: null });
  expect(await refusal(back.peer.intents.unlock('two'))).toBe('wrong-passphrase');
  await value(back.peer.intents.unlock('one'));
  expect(Buffer.from(alice.disk.records.get(LOCKED)?.subarray(0, 4) ?? []).toString()).toBe('CLK2');
  await value(back.peer.intents.setPasskey(passkeyOf(1), 'one'));
  const again = await back.reload();
  await value(again.peer.intents.unlockByPasskey(prfOf(1)));
  await value(again.peer.intents.lock());
  await value(again.peer.intents.unlock('one'));
  await inside(again);
});

test('[S4] [I16] a locked record that was changed anywhere opens by neither way, and never throws', async () => {
  const alice = await (await withBoth()).reload();
  const whole = alice.disk.records.get(LOCKED);
  if (whole === undefined) throw new Error('a locked record');
  // Every byte but the passphrase's own lock, which has a test of its own: there a change can cost seconds.
  const afterPassphrase = 6 + new DataView(whole.buffer, whole.byteOffset).getUint16(4);
  for (const at of [0, 3, 4, 5, ...Array.from(whole.keys()).slice(afterPassphrase)]) {
    alice.disk.records.set(LOCKED, whole.with(at, (whole[at] ?? 0) ^ 1));
    expect((await alice.peer.intents.unlockByPasskey(prfOf(1))).ok, `byte ${at}`).toBe(false);
  }
  for (const length of whole.keys()) {
    alice.disk.records.set(LOCKED, whole.slice(0, length));
    expect((await alice.peer.intents.unlockByPasskey(prfOf(1))).ok, `${length} bytes`).toBe(false);
  }
  alice.disk.records.set(LOCKED, whole);
  await value(alice.peer.intents.unlockByPasskey(prfOf(1)));
});
