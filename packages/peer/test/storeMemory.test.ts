import { STORE_CONTRACT } from '../../testing/src/storeContract.ts';
import type { StoreLab } from '../../testing/src/storeLab.ts';
import { fromHex } from '@corridor/ledger';
import { expect, test } from 'vitest';
import { Doc } from 'yjs';
import { nativeSeal } from '../src/hpke.ts';
import { createMemoryDisk } from '../src/memoryDisk.ts';
import { openMemoryStore } from '../src/memoryStore.ts';
import type { RandomBytes } from '../src/ports.ts';

const random: RandomBytes = (length) => crypto.getRandomValues(new Uint8Array(length));

const createLab = (): StoreLab => {
  const disk = createMemoryDisk();
  return {
    open: async () => openMemoryStore(disk, random),
    refuse: async () => disk.refuseWrites('disk full'),
    allow: async () => disk.refuseWrites(undefined),
    async seal(to, secret, info) {
      const sealed = await nativeSeal(fromHex(to) ?? new Uint8Array(0), secret, info);
      if (sealed === undefined) throw new Error(`${to} is no key`);
      return sealed;
    },
  };
};

for (const { title, run } of STORE_CONTRACT) test(`memory: ${title}`, () => run(createLab()));

test('[P6] a crash takes what the document had not flushed, and nothing of journal and records', async () => {
  const disk = createMemoryDisk();
  const store = openMemoryStore(disk, random);
  const device = await store.keys.create('device');
  await store.records.put('settings', Uint8Array.of(1));
  await store.journal.append('c/0', undefined, [
    { chain: 'c/0', seq: 0, id: device as never, bytes: Uint8Array.of(1), signature: 'aa' as never },
  ]);
  const doc = new Doc();
  const attached = await store.docs.attach('book-0', doc, () => undefined);
  doc.getMap('entries').set('flushed', true);
  await attached.flush();
  doc.getMap('entries').set('lost', true);
  await Promise.resolve();

  disk.crash();

  expect(await attached.flush()).toBe(false);
  expect(await store.records.put('late', Uint8Array.of(2))).toBe(false);
  const again = openMemoryStore(disk, random);
  const found = new Doc();
  await again.docs.attach('book-0', found, () => undefined);
  expect(found.getMap('entries').toJSON()).toEqual({ flushed: true });
  expect(await again.records.names('')).toEqual(['settings']);
  expect((await again.journal.head('c/0'))?.id).toBe(device);
  expect(await again.keys.sign(device, Uint8Array.of(3))).toBeDefined();
});

test('the same random numbers give the same keys, so that a seeded run replays', async () => {
  const counting = (): RandomBytes => {
    let next = 0;
    return (length) => Uint8Array.from({ length }, () => next++ & 0xff);
  };
  const [first, second] = await Promise.all(
    [counting(), counting()].map(async (numbers) => {
      const { keys } = openMemoryStore(createMemoryDisk(), numbers);
      return [await keys.create('device'), await keys.createSealing()];
    }),
  );
  expect(first).toEqual(second);
});
