import type { Id } from '@corridor/ledger';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { doorTags, memberTags } from '../src/tags.ts';
import { RUNS } from './runs.ts';

const KEY = new Uint8Array(32).fill(3);
const CIRCLE = '03'.repeat(32) as Id;
const day = fc.integer({ min: 1, max: 2 ** 32 - 3 });

test('[S3] Alice and Bob meet when their clocks are up to two days apart', () =>
  fc.assert(
    fc.property(day, fc.integer({ min: 0, max: 2 }), (today, off) => {
      const alices = memberTags(KEY, today);
      const bobs = memberTags(KEY, Math.min(today + off, 2 ** 32 - 2));
      expect(alices.some((tag) => bobs.includes(tag))).toBe(true);
    }),
    { numRuns: RUNS },
  ));

test('[S3] tags of one day, of three days apart, of the door and of another circle have nothing in common', () =>
  fc.assert(
    fc.property(day, (today) => {
      const later = Math.min(today + 3, 2 ** 32 - 2);
      const sets = [
        memberTags(KEY, today),
        doorTags(CIRCLE, today),
        memberTags(new Uint8Array(32).fill(4), today),
        doorTags('04'.repeat(32) as Id, today),
        ...(later === today + 3 ? [memberTags(KEY, later), doorTags(CIRCLE, later)] : []),
      ];
      for (const tags of sets) {
        expect(tags.length).toBe(3);
        for (const tag of tags) expect(tag).toMatch(/^[0-9a-f]{32}$/);
      }
      expect(new Set(sets.flat()).size).toBe(sets.length * 3);
    }),
    { numRuns: RUNS },
  ));

test('[S3] what is no day throws', () => {
  for (const none of [0, -1, 1.5, NaN, 2 ** 32]) expect(() => doorTags(CIRCLE, none)).toThrow(RangeError);
});
