import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LOCK_COST, lockRecord, unlockRecord } from '../src/passphrase.ts';
import { RUNS } from './runs.ts';

/** The least that Argon2 takes: these tests are about the record, not about its price. */
const CHEAP = { memoryKiB: 8, passes: 1, lanes: 1 };
const SECRET = Uint8Array.from({ length: 32 }, (_, at) => at);

test('[S4] the right passphrase opens the lock at full cost, a wrong one is told', async () => {
  const record = await lockRecord('correct horse', SECRET);
  expect(LOCK_COST).toEqual({ memoryKiB: 65536, passes: 3, lanes: 1 });
  expect(await unlockRecord('correct horse', record)).toEqual({ ok: true, value: SECRET });
  expect(await unlockRecord('Correct horse', record)).toEqual({ ok: false, fault: 'wrong-passphrase' });
});

test('[S4] any secret under any passphrase comes back, however the letters were typed', async () => {
  const property = fc.asyncProperty(
    fc.string({ minLength: 1, unit: 'grapheme' }),
    fc.uint8Array({ maxLength: 100 }),
    async (passphrase, secret) => {
      const record = await lockRecord(passphrase, secret, CHEAP);
      expect(await unlockRecord(passphrase.normalize('NFD'), record)).toEqual({ ok: true, value: secret });
    },
  );
  await fc.assert(property, { numRuns: RUNS });
});

test('[S4] each lock has a salt of its own', async () => {
  const [one, two] = await Promise.all([1, 2].map(() => lockRecord('a', SECRET, CHEAP)));
  expect(one?.slice(10, 26)).not.toEqual(two?.slice(10, 26));
});

test('[S4] a record that was changed anywhere does not open', async () => {
  const record = await lockRecord('a', SECRET, CHEAP);
  const property = fc.asyncProperty(
    fc.nat({ max: record.length - 1 }),
    fc.integer({ min: 0, max: 7 }),
    async (at, bit) => {
      // Bits of the cost that make a test slow are left alone; the bounds have a test of their own.
      if (at >= 4 && at < 8) return;
      const changed = record.with(at, (record[at] ?? 0) ^ (1 << bit));
      expect((await unlockRecord('a', changed)).ok).toBe(false);
    },
  );
  await fc.assert(property, { numRuns: RUNS });
});

test('[S4] a record that asks for too much, or is none, is unreadable', async () => {
  const record = await lockRecord('a', SECRET, CHEAP);
  const unreadable = { ok: false, fault: 'unreadable-record' };
  for (const [at, value] of [
    [4, 0x7f], // memory
    [7, 0x07],
    [8, 0],
    [8, 11],
    [9, 0],
    [9, 5],
    [0, 0],
  ] as const)
    expect(await unlockRecord('a', record.with(at, value))).toEqual(unreadable);
  expect(await unlockRecord('a', new Uint8Array(70_000))).toEqual(unreadable);
  expect(await unlockRecord('', record)).toEqual({ ok: false, fault: 'wrong-passphrase' });
  await expect(lockRecord('', SECRET, CHEAP)).rejects.toThrow(RangeError);
  await expect(lockRecord('a', new Uint8Array(65537), CHEAP)).rejects.toThrow(RangeError);
});

test('[I16] unlocking garbage never throws and never succeeds', async () => {
  const property = fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (garbage) => {
    expect((await unlockRecord('a', garbage)).ok).toBe(false);
  });
  await fc.assert(property, { numRuns: RUNS });
});
