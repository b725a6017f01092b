/**
 * Feed names on the wire, each as its difference to the one before: one byte of flags, the ordinal, and the book where
 * it is another. The reader demands the writer's choice, so a name has one form.
 */
import type { Lane } from '@corridor/ledger';
import { MAX_BOOK, MAX_ORDINAL } from './limits.ts';
import type { FeedName } from './shelf.ts';
import type { ByteReader, ByteWriter } from './wire.ts';

const LANE_BITS = 3;
const SAME_BOOK = 4;
const ORDINAL_AHEAD = 8;
/** Never set. */
const UNUSED = 16;
/** The three bits a row may use for itself start here. */
const ROW_SHIFT = 5;

/** The most bytes one name takes. */
export const MAX_FEED_BYTES = 1 + 3 + 3;

interface Place {
  book: number;
  ordinal: number;
}
export interface FeedCoder {
  /** `bits` 0–7 belong to the row. */
  readonly write: (writer: ByteWriter, feed: FeedName, bits: number) => void;
}
export interface FeedDecoder {
  readonly read: (reader: ByteReader) => { readonly feed: FeedName; readonly bits: number };
}

/** Writes the names of one message. */
export const createFeedCoder = (): FeedCoder => {
  const before: Place = { book: 0, ordinal: 0 };
  return {
    write: (writer, feed, bits) => {
      const same = feed.book === before.book;
      const ahead = same && feed.ordinal >= before.ordinal;
      writer.u8(feed.lane | (same ? SAME_BOOK : 0) | (ahead ? ORDINAL_AHEAD : 0) | (bits << ROW_SHIFT));
      if (!same) writer.varint(feed.book);
      writer.varint(ahead ? feed.ordinal - before.ordinal : feed.ordinal);
      before.book = feed.book;
      before.ordinal = feed.ordinal;
    },
  };
};

/** Reads the names of one message. */
export const createFeedDecoder = (): FeedDecoder => {
  const before: Place = { book: 0, ordinal: 0 };
  return {
    read: (reader) => {
      const flags = reader.u8();
      const same = (flags & SAME_BOOK) !== 0;
      const ahead = (flags & ORDINAL_AHEAD) !== 0;
      const book = same ? before.book : reader.varint(MAX_BOOK);
      const number = reader.varint(MAX_ORDINAL);
      const ordinal = ahead ? before.ordinal + number : number;
      const otherForm =
        (!same && (book === before.book || ahead)) ||
        (same && !ahead && ordinal >= before.ordinal) ||
        (flags & UNUSED) !== 0 ||
        ordinal > MAX_ORDINAL;
      if (otherForm) reader.refuse();
      before.book = book;
      before.ordinal = ordinal;
      const lane = (flags & LANE_BITS) as Lane;
      return { feed: { book, ordinal, lane }, bits: flags >> ROW_SHIFT };
    },
  };
};
