import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findViolations, stateRoot, type Entry, type Id, type Signature } from '@corridor/ledger';
import { openLedger, person, playHistory, settleVillage, type HistoryPlan } from '@corridor/testing';
import { foldBook } from '../../src/core/bookFolding.ts';
import { OWN_SIGNATURES } from '../../src/core/gate.ts';
import { chainsOf } from '../../src/core/opening.ts';
import type { SignatureChecker } from '../../src/ports.ts';
import { RUNS } from '../runs.ts';

const people = ['Alice', 'Bob', 'Carol', 'Dora', 'Emil'].map(person);
const lone = settleVillage(1, people);
const four = settleVillage(4, people);
const scripts = fc.array(fc.nat(2 ** 31 - 1), { maxLength: 90, size: 'max' });
const SIGNED = '00'.repeat(64) as Signature;

const signedAll = (entries: readonly Entry[]): ReadonlyMap<Id, Signature> =>
  new Map(entries.map((entry) => [entry.id, SIGNED]));
const honest: HistoryPlan = { village: lone, replicas: 3, hostile: [], liars: [], handOvers: true };

test.each([
  ['one keeper, and the book handed on from device to device', honest],
  ['four witnesses', { ...honest, village: four, handOvers: false }],
])('[P9] [F2] a book that is opened whole is the book that grew: %s', async (_what, plan) => {
  await fc.assert(
    fc.asyncProperty(scripts, async (script) => {
      const [grown] = playHistory(plan, script).replicas;
      if (grown === undefined) throw new Error('a replica');
      const entries = [...grown.entries.values()].map((s) => s.entry).filter(({ id }) => id !== grown.circle);
      const opened = openLedger(plan.village.founding, plan.village.options);
      await foldBook(opened, chainsOf(entries.toReversed()), signedAll(entries), OWN_SIGNATURES);
      // Nobody forked, so nothing is left for the gate.
      expect(opened.entries.size).toBe(grown.entries.size);
      expect(stateRoot(opened)).toBe(stateRoot(grown));
      expect(opened.settledCount).toBe(grown.settledCount);
      expect(findViolations(opened)).toEqual([]);
    }),
    { numRuns: Math.ceil(RUNS / 5) },
  );
});

test('[F2] [E5] of a chain whose signature does not hold nothing is folded, and the rest stands', async () => {
  const [grown] = playHistory(
    honest,
    Array.from({ length: 60 }, (_, i) => i * 7919),
  ).replicas;
  if (grown === undefined) throw new Error('a replica');
  const entries = [...grown.entries.values()].map((s) => s.entry).filter(({ id }) => id !== grown.circle);
  const victim = entries.find((entry) => entry.lane === 0)?.device;
  expect(victim).toBeDefined();
  const refusing: SignatureChecker = {
    check: (checks) => Promise.resolve(checks.map(({ key }) => (key === victim ? 'invalid' : 'valid'))),
  };
  const opened = openLedger(lone.founding, lone.options);
  await foldBook(opened, chainsOf(entries), signedAll(entries), refusing);
  const kept = [...opened.entries.values()].map((s) => s.entry);
  expect(kept.filter((entry) => entry.device === victim && entry.lane === 0)).toEqual([]);
  expect(kept.length).toBeGreaterThan(1);
  expect(findViolations(opened)).toEqual([]);
});
