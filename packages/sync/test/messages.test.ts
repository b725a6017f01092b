import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LANE } from '@corridor/ledger';
import { decodeMessage, encodeMessage, MAX_MESSAGE_BYTES } from '../src/index.ts';
import type { FeedName, FrontierRow } from '../src/index.ts';
import { message } from './arbitraries.ts';
import { accountOf } from './replica.ts';
import { RUNS } from './runs.ts';

describe('messages', () => {
  test('[I16] decoding what was encoded gives the same message', () => {
    fc.assert(
      fc.property(message, (said) => {
        expect(decodeMessage(encodeMessage(said))).toEqual({ ok: true, value: said });
      }),
      { numRuns: RUNS },
    );
  });

  test('[I16] any bytes give a message or a typed fault, and a message only in its one encoding', () => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc
        .tuple(fc.integer({ min: 1, max: 13 }), fc.uint8Array({ maxLength: 200 }))
        .map(([type, rest]) => Uint8Array.of(type, ...rest)),
      fc.tuple(message, fc.nat(), fc.nat({ max: 255 })).map(([said, at, value]) => {
        const encoded = encodeMessage(said);
        encoded[at % encoded.length] = value;
        return encoded;
      }),
    );
    fc.assert(
      fc.property(anything, (given) => {
        const read = decodeMessage(given);
        if (!read.ok) expect(['malformed', 'unknown-type', 'oversize']).toContain(read.fault.code);
        else if (read.value.type !== 'hello') expect(encodeMessage(read.value)).toEqual(given);
      }),
      { numRuns: RUNS * 2 },
    );
  });

  test('[I16] every truncation and every appended byte is a fault', () => {
    fc.assert(
      fc.property(message, fc.nat(), fc.nat({ max: 255 }), (said, at, extra) => {
        const encoded = encodeMessage(said);
        expect(decodeMessage(encoded.slice(0, at % encoded.length)).ok).toBe(false);
        expect(decodeMessage(Uint8Array.of(...encoded, extra)).ok).toBe(false);
      }),
      { numRuns: RUNS },
    );
  });

  test('[I16] lengths are bounded before anything is made of them', () => {
    const claims = [
      // a HAVE of 2^20 runs, a FRONTIER of 2^20 rows, an item of a megabyte, 65 text hashes
      Uint8Array.of(6, 0xff, 0xff, 0x3f),
      Uint8Array.of(4, 0, 0xff, 0xff, 0x3f),
      Uint8Array.of(6, 1, 0x0c, 0, 0, 1, 0xff, 0xff, 0x7f),
      Uint8Array.of(11, 65, ...new Uint8Array(65 * 32)),
    ];
    for (const claim of claims)
      expect(decodeMessage(claim)).toMatchObject({ ok: false, fault: { code: 'malformed' } });
    expect(decodeMessage(new Uint8Array(MAX_MESSAGE_BYTES + 1))).toEqual({
      ok: false,
      fault: { code: 'oversize', length: MAX_MESSAGE_BYTES + 1 },
    });
  });

  test('[I16] one feed twice, rows out of order and a longer varint are refused', () => {
    const row = (name: FeedName): FrontierRow => ({
      feed: name,
      seq: 3,
      forked: false,
      mac: new Uint8Array(8),
    });
    for (const rows of [
      [row(accountOf(1)), row(accountOf(1))],
      [row(accountOf(2)), row(accountOf(1))],
    ])
      expect(decodeMessage(encodeMessage({ type: 'frontier', rows, more: false })).ok).toBe(false);
    expect(decodeMessage(Uint8Array.of(8, 5)).ok).toBe(true);
    expect(decodeMessage(Uint8Array.of(8, 0x85, 0)).ok).toBe(false);
  });

  test('[§5] a frontier row takes at most 16 bytes with 10,000 devices and 2 million entries each', () => {
    const rows = Array.from({ length: 3000 }, (_, i): FrontierRow => ({
      feed: { book: 11, ordinal: i * 3, lane: LANE.account },
      seq: 2_000_000 - i,
      forked: false,
      mac: new Uint8Array(8),
    }));
    expect(encodeMessage({ type: 'frontier', rows, more: false }).length).toBeLessThanOrEqual(
      rows.length * 16,
    );
  });
});
