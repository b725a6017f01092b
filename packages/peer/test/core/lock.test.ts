import { afterEach, expect, test } from 'vitest';
import { entryStatement, foundingCheck, LANE, parseLog, referenceVerify, termAt } from '@corridor/ledger';
import type { MemoryDisk, Peer } from '@corridor/peer';
import { createSha256 } from '@corridor/peer/node';
import { eventually } from '@corridor/testing/peers';
import { allFinal, circleOf, inside, pays, refusal, shown, value, village, viewOf } from './stories.ts';

let place = village();
afterEach(async () => {
  await place.close();
  place = village();
});
const LOCKED = { stage: 'locked', lock: { isSet: true, passkey: null } };
const utf8 = new TextEncoder();
/** Everything on the disk as one run of bytes, in latin letters. */
const dump = (disk: MemoryDisk): string =>
  [
    ...[...disk.records].flatMap(([name, value]) => [utf8.encode(name), value]),
    ...[...disk.docs.values()].flatMap((doc) => doc.written),
    ...[...disk.chains.values()].flatMap((chain) => chain.rows.map((row) => row.bytes)),
  ]
    .map((bytes) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    .join('\n');
const bookKeyOf = (peer: Peer): string => peer.circle()?.record.bookKeys[0]?.key ?? 'none';
const rawOf = (hex: string): string =>
  String.fromCharCode(...(hex.match(/../g) ?? []).map((b) => parseInt(b, 16)));

test('[S4] [S1] under the lock the disk holds no name, no text and no book key in clear', async () => {
  const [alice, bob] = await circleOf(place, 'Alice Sommerfeld', 'Bobby Winterbottom');
  if (alice === undefined || bob === undefined) throw new Error('two people');
  await value(alice.peer.intents.request(300, 'Quince jelly', null, 10));
  await pays(bob, alice, 480, { memo: 'Two rye loaves' });
  await allFinal([alice, bob], 1);
  const { handOverCode } = await pays(bob, alice, 20, { handOver: true });
  await value(alice.peer.intents.readCode(handOverCode ?? ''));
  const key = bookKeyOf(alice.peer);
  // Also without a lock: only the device's own key opens the book's.
  expect(dump(alice.disk)).not.toContain(key);
  expect(dump(alice.disk)).not.toContain(rawOf(key));
  expect(dump(alice.disk)).toContain('Sommerfeld');
  await value(alice.peer.intents.setLock('correct horse', null));
  await value(alice.peer.intents.lock());
  expect(alice.peer.view()).toEqual(LOCKED);
  for (const secret of ['Sommerfeld', 'Winterbottom', 'Valldor', 'rye loaves', 'Quince', key, rawOf(key)])
    expect(dump(alice.disk), secret).not.toContain(secret);
  for (const answer of [
    alice.peer.intents.request(1, '', null, 10),
    alice.peer.intents.exportLog(),
    alice.peer.intents.createInvite('member'),
    alice.peer.intents.setLock('other', null),
  ])
    expect(await refusal(answer)).toBe('locked');
  expect(await refusal(alice.peer.intents.unlock('wrong horse'))).toBe('wrong-passphrase');
  expect(await refusal(alice.peer.intents.unlock(''))).toBe('wrong-passphrase');
  await value(alice.peer.intents.unlock('correct horse'));
  expect(shown(alice)).toBe(500);
});

test('[S4] the lock holds over a reload, is changed and taken off only with the passphrase', async () => {
  const [alice] = await circleOf(place, 'alice');
  if (alice === undefined) throw new Error('Alice');
  expect(await refusal(alice.peer.intents.lock())).toBe('not-ready');
  await value(alice.peer.intents.setLock('one', null));
  expect(await refusal(alice.peer.intents.setLock('two', 'wrong'))).toBe('wrong-passphrase');
  await value(alice.peer.intents.setLock('two', 'one'));
  const back = await alice.reload();
  expect(back.peer.view()).toEqual(LOCKED);
  expect(
    await refusal(back.peer.intents.found({ circleName: 'x', unitName: 'y', decimals: 0, memberName: 'z' })),
  ).toBe('locked');
  expect(await refusal(back.peer.intents.unlock('one'))).toBe('wrong-passphrase');
  await value(back.peer.intents.unlock('two'));
  await inside(back);
  await value(back.peer.intents.setLock(null, 'two'));
  await inside(await back.reload());
});

test('[S4] a wipe leaves nothing, also of a locked phone, and what runs on says so', async () => {
  const [alice] = await circleOf(place, 'alice');
  if (alice === undefined) throw new Error('Alice');
  await value(alice.peer.intents.setLock('one', null));
  await value(alice.peer.intents.lock());
  await value(alice.peer.intents.wipe());
  const { keys, chains, records, docs } = alice.disk;
  expect([keys.size, chains.size, records.size, docs.size]).toEqual([0, 0, 0, 0]);
  expect(alice.peer.view()).toEqual({ stage: 'broken', reason: 'wiped' });
  expect(
    await refusal(alice.peer.intents.found({ circleName: 'x', unitName: 'y', decimals: 0, memberName: 'z' })),
  ).toBe('not-ready');
  const fresh = await alice.reload();
  expect(fresh.peer.view()).toEqual({ stage: 'none' });
  await value(fresh.peer.intents.found({ circleName: 'x', unitName: 'y', decimals: 0, memberName: 'z' }));
  await inside(fresh);
});

test('[E5] [F2] the exported log reads back, every signature in it holds, and every chain ends with one', async () => {
  const [alice, bob] = await circleOf(place, 'alice', 'bob');
  if (alice === undefined || bob === undefined) throw new Error('two people');
  for (let i = 0; i < 70; i++) await pays(bob, alice, 1);
  await allFinal([alice, bob], 70);
  const sha256 = await createSha256();
  for (const person of [alice, bob]) {
    const text = new TextDecoder().decode(await value(person.peer.intents.exportLog()));
    const read = parseLog(text, sha256);
    if (!read.ok) throw new Error(JSON.stringify(read.fault));
    const { ledger } = person.peer.circle()?.replica ?? {};
    if (ledger === undefined) throw new Error('no ledger');
    expect(read.value.entries).toHaveLength(ledger.entries.size);
    const unsigned = new Map<string, number>();
    for (const { entry, signature } of read.value.entries) {
      const chain = `${entry.device}/${entry.lane}`;
      unsigned.set(chain, signature === null ? (unsigned.get(chain) ?? 0) + 1 : 0);
      expect(unsigned.get(chain)).toBeLessThanOrEqual(64);
      if (signature === null) continue;
      const key =
        entry.lane === LANE.witness ? termAt(ledger.log, entry.device, entry.seq)?.key : entry.device;
      const check = entry.lane === LANE.founding ? foundingCheck(entry, signature) : undefined;
      expect(referenceVerify(check?.key ?? key ?? entry.device, entryStatement(entry.id), signature)).toBe(
        true,
      );
    }
    expect([...unsigned.values()].every((count) => count === 0)).toBe(true);
  }
  await eventually('the same entries', () => viewOf(alice)?.entryCount === viewOf(bob)?.entryCount);
});
