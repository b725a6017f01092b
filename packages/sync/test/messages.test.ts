import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LANE } from '@corridor/ledger';
import {
  compareFeeds,
  decodeMessage,
  encodeMessage,
  MAX_CREDIT_HELD,
  MAX_MESSAGE_BYTES,
} from '../src/index.ts';
import type { FeedName, FrontierRow, HaveRun, Message, SealedItem, TextAnswer } from '../src/index.ts';
import { accountOf, hashNamed } from './replica.ts';
import { RUNS } from './runs.ts';

const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });
const feed: fc.Arbitrary<FeedName> = fc.record({
  book: fc.oneof(fc.nat({ max: 2 }), fc.nat({ max: 2 ** 20 - 1 })),
  ordinal: fc.oneof(fc.nat({ max: 20 }), fc.nat({ max: 2 ** 20 - 1 })),
  lane: fc.constantFrom(...Object.values(LANE)),
});
const seq = fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 2 ** 31 }));
const item: fc.Arbitrary<SealedItem> = fc.record({
  sealed: fc.uint8Array({ maxLength: 400 }),
  signature: fc.option(fc.uint8Array({ maxLength: 96 })),
});
const run = fc
  .record({ feed, fromSeq: seq, items: fc.array(item, { maxLength: 5 }), ended: fc.boolean() })
  .map(({ ended, ...rest }): HaveRun => ({ ...rest, last: ended || rest.items.length === 0 }));
const ascending = <Row extends { readonly feed: FeedName }>(rows: readonly Row[]): Row[] =>
  [...rows]
    .sort((a, b) => compareFeeds(a.feed, b.feed))
    .filter((row, i, all) => i === 0 || compareFeeds((all[i - 1] ?? row).feed, row.feed) < 0);
const frontierRow = fc
  .record({ feed, seq: fc.oneof(fc.constant(-1), seq), forked: fc.boolean(), mac: bytes(8) })
  .map((row): FrontierRow => ({ ...row, forked: row.forked || row.seq < 0 }));
const hash = fc.nat().map((n) => hashNamed(`${n}`));
const text: fc.Arbitrary<TextAnswer> = fc.oneof(
  fc.record({ hash, state: fc.constant('text' as const), sealed: fc.uint8Array({ maxLength: 100 }) }),
  fc.record({ hash, state: fc.constantFrom('gone' as const, 'unknown' as const) }),
);
const credit = fc.nat({ max: MAX_CREDIT_HELD });
const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record({
    type: fc.constant('hello' as const),
    version: fc.constantFrom(0, 1),
    nonce: bytes(16),
    tags: fc.array(bytes(16), { minLength: 1, maxLength: 4 }),
  }),
  fc.record({ type: fc.constant('member' as const), sealed: bytes(112) }),
  fc.record({
    type: fc.constant('root' as const),
    roots: fc
      .uniqueArray(
        fc.record({ book: fc.oneof(fc.nat({ max: 2 }), fc.nat({ max: 2 ** 20 - 1 })), root: bytes(32) }),
        {
          minLength: 1,
          maxLength: 8,
          selector: ({ book }) => book,
        },
      )
      .map((roots) => roots.sort((a, b) => a.book - b.book)),
    credit,
  }),
  fc.record({
    type: fc.constant('frontier' as const),
    rows: fc.array(frontierRow, { maxLength: 20 }).map(ascending),
    more: fc.boolean(),
  }),
  fc.record({
    type: fc.constant('want' as const),
    credit,
    rows: fc.array(fc.record({ feed, fromSeq: seq }), { minLength: 1, maxLength: 20 }).map(ascending),
  }),
  fc.record({ type: fc.constant('have' as const), runs: fc.array(run, { minLength: 1, maxLength: 6 }) }),
  fc.record({
    type: fc.constant('push' as const),
    runs: fc.array(fc.record({ feed, fromSeq: seq, items: fc.array(item, { minLength: 1, maxLength: 4 }) }), {
      minLength: 1,
      maxLength: 6,
    }),
  }),
  fc.record({ type: fc.constant('credit' as const), credit }),
  fc.record({ type: fc.constant('proofWant' as const), feed, seq }),
  fc
    .record({
      type: fc.constant('proof' as const),
      feed,
      seq,
      branch: fc.constantFrom(0 as const, 1 as const),
      items: fc.array(item, { maxLength: 5 }),
      last: fc.boolean(),
    })
    .map((proof): Message => ({ ...proof, last: proof.last || proof.items.length === 0 })),
  fc.record({
    type: fc.constant('wantText' as const),
    hashes: fc.array(hash, { minLength: 1, maxLength: 64 }),
  }),
  fc.record({ type: fc.constant('text' as const), texts: fc.array(text, { minLength: 1, maxLength: 20 }) }),
);

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
