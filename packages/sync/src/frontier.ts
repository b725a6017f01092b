/**
 * Where a replica stands: one head per feed. A book's root is a hash over all of its heads, a frontier lists them with
 * a short MAC each, and comparing a row with the own shelf says what to ask for.
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { fromHex, LANE } from '@corridor/ledger';
import type { Id } from '@corridor/ledger';
import { MAC_BYTES } from './messageCodec.ts';
import type { FrontierMessage, FrontierRow } from './messages.ts';
import { MAX_BATCH_BYTES } from './limits.ts';
import { MAX_FEED_BYTES } from './feedCode.ts';
import { compareFeeds } from './shelf.ts';
import type { FeedHead, Shelf } from './shelf.ts';
import { createWriter } from './wire.ts';

const idBytes = (id: Id): Uint8Array => {
  const bytes = fromHex(id);
  if (bytes === undefined) throw new Error(`not an id: ${id}`);
  return bytes;
};

/** The heads in canonical order. */
const sortedHeads = (heads: readonly FeedHead[]): readonly FeedHead[] =>
  [...heads].sort((a, b) => compareFeeds(a.feed, b.feed));

/** 32 bytes over a book's heads: equal for two replicas if and only if they hold the same of it. */
export const rootOf = (heads: readonly FeedHead[]): Uint8Array => {
  const writer = createWriter(64 + heads.length * 48);
  for (const { feed, seq, head, forked } of sortedHeads(heads)) {
    writer.varint(feed.book);
    writer.varint(feed.ordinal);
    writer.u8(feed.lane);
    writer.varint(seq + 1);
    writer.u8(forked ? 1 : 0);
    writer.raw(idBytes(head));
  }
  return sha256(writer.finish());
};

export interface SessionMacs {
  /** The root as it goes over the wire in this session. */
  readonly root: (root: Uint8Array) => Uint8Array;
  /** 8 bytes that stand for a head. */
  readonly head: (head: Id) => Uint8Array;
}
/** MACs under one session's salt; the keyed state is set up once. */
export const createMacs = (salt: Uint8Array): SessionMacs => {
  const keyed = hmac.create(sha256, salt);
  const mac = (bytes: Uint8Array): Uint8Array => keyed.clone().update(bytes).digest();
  return {
    root: (root) => mac(root),
    head: (head) => mac(idBytes(head)).slice(0, MAC_BYTES),
  };
};

const sameMac = (a: Uint8Array, b: Uint8Array): boolean => a.every((byte, i) => byte === b[i]);

/** A row's bytes at most: name, seq, MAC. */
const MAX_ROW_BYTES = MAX_FEED_BYTES + 5 + MAC_BYTES;
const ROWS_PER_MESSAGE = Math.floor((MAX_BATCH_BYTES - 16) / MAX_ROW_BYTES);

/** FRONTIER messages for these heads: at least one, the last without `more`. */
export const frontierMessages = (
  heads: readonly FeedHead[],
  macs: SessionMacs,
): readonly FrontierMessage[] => {
  const rows = sortedHeads(heads).map(({ feed, seq, head, forked }): FrontierRow => ({
    feed,
    seq,
    forked,
    mac: macs.head(head),
  }));
  const messages: FrontierMessage[] = [];
  for (let at = 0; at < Math.max(rows.length, 1); at += ROWS_PER_MESSAGE)
    messages.push({
      type: 'frontier',
      rows: rows.slice(at, at + ROWS_PER_MESSAGE),
      more: at + ROWS_PER_MESSAGE < rows.length,
    });
  return messages;
};

export interface RowFindings {
  /** They hold the very same: no row of ours is needed. */
  readonly same: boolean;
  /** They are ahead. */
  readonly want: boolean;
  /** At this seq the histories differ, or they hold a proof that we lack, or may lack; undefined otherwise. */
  readonly proofAt: number | undefined;
}

/** What one row of theirs means beside our shelf. */
export const compareRow = (row: FrontierRow, shelf: Shelf, macs: SessionMacs): RowFindings => {
  const mine = shelf.head(row.feed);
  if (mine === undefined)
    return { same: false, want: row.seq >= 0, proofAt: row.forked ? row.seq + 1 : undefined };
  if (row.forked !== mine.forked) {
    // Who holds the proof hands it on; until then nothing of this feed moves towards who has it.
    const want = row.forked && row.seq > mine.seq;
    return { same: false, want, proofAt: row.forked ? row.seq + 1 : undefined };
  }
  if (row.seq > mine.seq) return { same: false, want: true, proofAt: undefined };
  const at = row.seq === mine.seq ? mine.head : shelf.idAt(row.feed, row.seq);
  const agrees = at === undefined || sameMac(macs.head(at), row.mac);
  // Outside the account lane a forked feed's row ends right before its first fork: theirs lies before ours.
  if (agrees && row.forked && row.seq < mine.seq && row.feed.lane !== LANE.account)
    return { same: false, want: false, proofAt: row.seq + 1 };
  const same = agrees && row.seq === mine.seq;
  return { same, want: false, proofAt: agrees ? undefined : Math.max(row.seq, 0) };
};
