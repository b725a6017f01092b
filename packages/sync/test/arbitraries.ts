/** Messages of every kind, as fast-check makes them: all that the encodings can say, honest or not. */
import fc from 'fast-check';
import { LANE } from '@corridor/ledger';
import { compareFeeds, MAX_CREDIT_HELD, MAX_OPEN_BOOKS } from '../src/index.ts';
import type { FeedName, FrontierRow, HaveRun, Message, SealedItem, TextAnswer } from '../src/index.ts';
import type { RendezvousMessage } from '../src/rendezvous.ts';
import { hashNamed } from './replica.ts';

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
/** Between two members. */
export const message: fc.Arbitrary<Message> = fc.oneof(
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
        { selector: ({ book }) => book, minLength: 1, maxLength: MAX_OPEN_BOOKS },
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

/** The digits of a peer id. */
export const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const letters = (alphabet: string, length: number) =>
  fc
    .array(fc.constantFrom(...alphabet), { minLength: length, maxLength: length })
    .map((chars) => chars.join(''));
const tag = letters('0123456789abcdef', 32);
const peer = letters(BASE58, 44).map((rest) => `12D3KooW${rest}`);
const sorted = (values: fc.Arbitrary<string>, most: number) =>
  fc.uniqueArray(values, { maxLength: most }).map((list) => [...list].sort());
const request = fc.nat(65_535);
/** Between a peer and a relay. */
export const rendezvousMessage: fc.Arbitrary<RendezvousMessage> = fc.oneof(
  fc.record({
    type: fc.constant('greeting' as const),
    day: fc.nat(2 ** 32 - 1),
    stunHost: fc.constantFrom('', 'relay.example.org', '192.0.2.1', '2001:db8::1'),
    stunPort: fc.nat(65_535),
  }),
  fc.record({ type: fc.constant('register' as const), request, tags: sorted(tag, 6), watch: sorted(tag, 6) }),
  fc.record({ type: fc.constant('registered' as const), request, listed: fc.nat(255) }),
  fc.record({ type: fc.constant('lookup' as const), request, tags: sorted(tag, 6) }),
  fc.record({
    type: fc.constant('found' as const),
    request,
    found: fc
      .uniqueArray(fc.record({ tag, peers: sorted(peer, 4) }), { maxLength: 4, selector: (one) => one.tag })
      .map((list) => [...list].sort((a, b) => (a.tag < b.tag ? -1 : 1))),
  }),
  fc.record({ type: fc.constant('notice' as const), tag, peer }),
  fc.record({
    type: fc.constant('refused' as const),
    request,
    reason: fc.constantFrom('too-fast' as const, 'full' as const),
  }),
);
