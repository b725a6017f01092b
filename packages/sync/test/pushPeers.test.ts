import fc from 'fast-check';
import { expect, test } from 'vitest';
import { choosePushPeers, MAX_PUSH_PEERS } from '../src/index.ts';
import type { PushCandidate } from '../src/index.ts';
import { RUNS } from './runs.ts';

const peer = (session: string, more: Partial<PushCandidate> = {}): PushCandidate => ({
  session,
  witness: false,
  concerned: false,
  path: 'direct',
  ...more,
});

test('[§5] news goes to witnesses, then the payee, then direct paths, to eight at most', () => {
  const crowd = Array.from({ length: 20 }, (_, i) =>
    peer(`member ${i}`, { path: i % 2 === 0 ? 'direct' : 'relayed' }),
  );
  const chosen = choosePushPeers(
    [
      ...crowd,
      peer('payee', { concerned: true, path: 'relayed' }),
      peer('keeper', { witness: true, path: 'relayed' }),
    ],
    Uint8Array.of(1),
  );
  expect(chosen.slice(0, 2)).toEqual(['keeper', 'payee']);
  expect(chosen.length).toBe(MAX_PUSH_PEERS);
  expect(chosen.slice(2).every((name) => Number(name.split(' ')[1]) % 2 === 0)).toBe(true);
});

test('[§5] over many entries every peer gets its share, and one entry always goes to the same ones', () => {
  const crowd = Array.from({ length: 24 }, (_, i) => peer(`member ${i}`));
  const times = new Map<string, number>();
  for (let i = 0; i < 600; i++) {
    const salt = Uint8Array.of(i % 256, Math.floor(i / 256));
    const chosen = choosePushPeers(crowd, salt);
    expect(choosePushPeers([...crowd].reverse(), salt)).toEqual(chosen);
    for (const name of chosen) times.set(name, (times.get(name) ?? 0) + 1);
  }
  expect(Math.min(...crowd.map(({ session }) => times.get(session) ?? 0))).toBeGreaterThan(100);
});

test('[I18] never more than eight, whatever is asked for', () => {
  fc.assert(
    fc.property(fc.nat({ max: 40 }), fc.integer({ min: -5, max: 100 }), (count, limit) => {
      const chosen = choosePushPeers(
        Array.from({ length: count }, (_, i) => peer(`${i}`)),
        Uint8Array.of(3),
        limit,
      );
      expect(chosen.length).toBe(Math.min(count, Math.max(0, limit), MAX_PUSH_PEERS));
      expect(new Set(chosen).size).toBe(chosen.length);
    }),
    { numRuns: Math.min(RUNS, 1000) },
  );
});
