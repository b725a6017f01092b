/**
 * Messages as bytes and back. Decoding is total: any bytes give a message or a fault that says where, and a
 * message has one encoding [I16].
 */
import { fail, fromHex, ok, toHex } from '@corridor/ledger';
import type { Result, TextHash } from '@corridor/ledger';
import { createFeedCoder, createFeedDecoder } from './feedCode.ts';
import {
  MAX_BRANCH_ITEMS,
  MAX_CREDIT_HELD,
  MAX_FEEDS,
  MAX_HELLO_TAGS,
  MAX_BOOK,
  MAX_MESSAGE_BYTES,
  MAX_OPEN_BOOKS,
  MAX_RUNS,
  MAX_RUN_ITEMS,
  MAX_SEALED_BYTES,
  MAX_SEALED_SIGNATURE_BYTES,
  MAX_SEALED_TEXT_BYTES,
  MAX_SEQ,
  MAX_TEXTS_PER_MESSAGE,
  PROTOCOL_VERSION,
} from './limits.ts';
import { MESSAGE } from './messages.ts';
import type { BookRoot, FrontierRow, HaveRun, Message, TextAnswer, WantRow } from './messages.ts';
import { compareFeeds } from './shelf.ts';
import type { FeedName, Run, SealedItem } from './shelf.ts';
import { createReader, createWriter, varintLength } from './wire.ts';
import type { ByteReader, ByteWriter } from './wire.ts';

/** Why bytes are no message. `at`: how far they could be read. */
export type DecodeFault =
  | { readonly code: 'oversize'; readonly length: number }
  | { readonly code: 'malformed'; readonly at: number }
  /** A type that this version does not know. */
  | { readonly code: 'unknown-type'; readonly messageType: number };

export const NONCE_BYTES = 16;
export const TAG_BYTES = 16;
export const ROOT_BYTES = 32;
export const MAC_BYTES = 8;
/** Device key and signature masked, and 16 bytes of MAC over them. */
export const MEMBER_BYTES = 32 + 64 + 16;
const HASH_BYTES = 32;
const MAX_VERSION = 65_535;
const FORKED = 1;
const LAST = 1;
const SECOND_BRANCH = 2;

const hashBytes = (hash: TextHash): Uint8Array => {
  const bytes = fromHex(hash);
  if (bytes === undefined || bytes.length !== HASH_BYTES) throw new Error(`not a text hash: ${hash}`);
  return bytes;
};
const readHash = (reader: ByteReader): TextHash => toHex(reader.raw(HASH_BYTES)) as TextHash;

/** Bytes that one item takes in a run. */
export const itemBytes = (item: SealedItem): number =>
  varintLength(item.sealed.length * 2) +
  item.sealed.length +
  (item.signature === null ? 0 : varintLength(item.signature.length) + item.signature.length);

const writeItem = (writer: ByteWriter, item: SealedItem): void => {
  writer.varint(item.sealed.length * 2 + (item.signature === null ? 0 : 1));
  writer.raw(item.sealed);
  if (item.signature !== null) writer.counted(item.signature);
};
const readItem = (reader: ByteReader): SealedItem => {
  const head = reader.varint(MAX_SEALED_BYTES * 2 + 1);
  const sealed = reader.raw(Math.floor(head / 2));
  const signature = head % 2 === 1 ? reader.counted(MAX_SEALED_SIGNATURE_BYTES) : null;
  return { sealed, signature };
};
const writeItems = (writer: ByteWriter, items: readonly SealedItem[]): void => {
  writer.varint(items.length);
  for (const item of items) writeItem(writer, item);
};
const readItems = (reader: ByteReader, max: number): SealedItem[] => {
  const items: SealedItem[] = [];
  for (let left = reader.count(max); left > 0 && !reader.failed(); left--) items.push(readItem(reader));
  return items;
};
const readSeq = (reader: ByteReader): number => reader.varint(MAX_SEQ);

const writeRuns = (writer: ByteWriter, runs: readonly Run[], bits: (run: Run) => number): void => {
  const feeds = createFeedCoder();
  writer.varint(runs.length);
  for (const run of runs) {
    feeds.write(writer, run.feed, bits(run));
    writer.varint(run.fromSeq);
    writeItems(writer, run.items);
  }
};
/** Runs with their bits; a run of nothing must be the `last` of a HAVE. */
const readRuns = (reader: ByteReader, mayBeLast: boolean): HaveRun[] => {
  const feeds = createFeedDecoder();
  const runs: HaveRun[] = [];
  for (let left = reader.count(MAX_RUNS); left > 0 && !reader.failed(); left--) {
    const { feed, bits } = feeds.read(reader);
    const fromSeq = readSeq(reader);
    const items = readItems(reader, MAX_RUN_ITEMS);
    const last = bits === LAST;
    if (bits > (mayBeLast ? LAST : 0) || (items.length === 0 && !last)) reader.refuse();
    if (fromSeq + items.length - 1 > MAX_SEQ) reader.refuse();
    runs.push({ feed, fromSeq, items, last });
  }
  if (runs.length === 0) reader.refuse();
  return runs;
};

/** Ascending feeds, so that none stands twice. */
const readRows = <Row extends { readonly feed: FeedName }>(
  reader: ByteReader,
  row: (feed: FeedName, bits: number) => Row,
): Row[] => {
  const feeds = createFeedDecoder();
  const rows: Row[] = [];
  for (let left = reader.count(MAX_FEEDS); left > 0 && !reader.failed(); left--) {
    const { feed, bits } = feeds.read(reader);
    const before = rows.at(-1);
    if (before !== undefined && compareFeeds(before.feed, feed) >= 0) reader.refuse();
    rows.push(row(feed, bits));
  }
  return rows;
};

const writeText = (writer: ByteWriter, text: TextAnswer): void => {
  writer.raw(hashBytes(text.hash));
  writer.u8(text.state === 'text' ? 0 : text.state === 'gone' ? 1 : 2);
  if (text.state === 'text') writer.counted(text.sealed);
};
const readText = (reader: ByteReader): TextAnswer => {
  const hash = readHash(reader);
  const state = reader.u8();
  if (state === 0) return { hash, state: 'text', sealed: reader.counted(MAX_SEALED_TEXT_BYTES) };
  if (state > 2) reader.refuse();
  return { hash, state: state === 1 ? 'gone' : 'unknown' };
};

/** The first book alone is not named. */
const isShort = (roots: readonly BookRoot[]): boolean => roots.length === 1 && roots[0]?.book === 0;
const writeRoots = (writer: ByteWriter, roots: readonly BookRoot[]): void => {
  const short = isShort(roots);
  if (!short) writer.varint(roots.length);
  for (const { book, root } of roots) {
    if (!short) writer.varint(book);
    writer.raw(root);
  }
};
const readRoots = (reader: ByteReader): readonly BookRoot[] => {
  const roots: BookRoot[] = [];
  for (let left = reader.count(MAX_OPEN_BOOKS); left > 0 && !reader.failed(); left--) {
    const book = reader.varint(MAX_BOOK);
    if (book <= (roots.at(-1)?.book ?? -1)) reader.refuse();
    roots.push({ book, root: reader.raw(ROOT_BYTES) });
  }
  if (roots.length === 0 || isShort(roots)) reader.refuse();
  return roots;
};

/** The bytes of a message. Throws only if the caller broke a bound that it must keep. */
export const encodeMessage = (message: Message): Uint8Array => {
  const writer = createWriter(message.type === 'have' || message.type === 'push' ? 8192 : 256);
  writer.u8(message.type === 'root' && !isShort(message.roots) ? MESSAGE.roots : MESSAGE[message.type]);
  writeBody(writer, message);
  const bytes = writer.finish();
  if (bytes.length > MAX_MESSAGE_BYTES) throw new Error(`${message.type} of ${bytes.length} bytes`);
  return bytes;
};

const writeBody = (writer: ByteWriter, message: Message): void => {
  switch (message.type) {
    case 'hello':
      writer.varint(message.version);
      writer.raw(message.nonce);
      writer.varint(message.tags.length);
      for (const tag of message.tags) writer.raw(tag);
      return;
    case 'member':
      writer.raw(message.sealed);
      return;
    case 'root':
      writeRoots(writer, message.roots);
      writer.varint(message.credit);
      return;
    case 'frontier': {
      const feeds = createFeedCoder();
      writer.u8(message.more ? 1 : 0);
      writer.varint(message.rows.length);
      for (const row of message.rows) {
        feeds.write(writer, row.feed, row.forked ? FORKED : 0);
        writer.varint(row.seq + 1);
        writer.raw(row.mac);
      }
      return;
    }
    case 'want': {
      const feeds = createFeedCoder();
      writer.varint(message.credit);
      writer.varint(message.rows.length);
      for (const row of message.rows) {
        feeds.write(writer, row.feed, 0);
        writer.varint(row.fromSeq);
      }
      return;
    }
    case 'have': {
      const last = new Set<Run>(message.runs.filter((run) => run.last));
      writeRuns(writer, message.runs, (run) => (last.has(run) ? LAST : 0));
      return;
    }
    case 'push':
      writeRuns(writer, message.runs, () => 0);
      return;
    case 'credit':
      writer.varint(message.credit);
      return;
    case 'proofWant':
      createFeedCoder().write(writer, message.feed, 0);
      writer.varint(message.seq);
      return;
    case 'proof':
      createFeedCoder().write(
        writer,
        message.feed,
        (message.last ? LAST : 0) + message.branch * SECOND_BRANCH,
      );
      writer.varint(message.seq);
      writeItems(writer, message.items);
      return;
    case 'wantText':
      writer.varint(message.hashes.length);
      for (const hash of message.hashes) writer.raw(hashBytes(hash));
      return;
    case 'text':
      writer.varint(message.texts.length);
      for (const text of message.texts) writeText(writer, text);
      return;
  }
};

const readHello = (reader: ByteReader): Message => {
  const version = reader.varint(MAX_VERSION);
  const nonce = reader.raw(NONCE_BYTES);
  const tags: Uint8Array[] = [];
  for (let left = reader.count(MAX_HELLO_TAGS); left > 0 && !reader.failed(); left--)
    tags.push(reader.raw(TAG_BYTES));
  if (tags.length === 0) reader.refuse();
  // A later version may say more in its HELLO; what stands here it must keep.
  if (version > PROTOCOL_VERSION) reader.raw(reader.rest());
  return { type: 'hello', version, nonce, tags };
};
const readFrontier = (reader: ByteReader): Message => {
  const more = reader.u8();
  if (more > 1) reader.refuse();
  const rows = readRows<FrontierRow>(reader, (feed, bits) => {
    const seq = reader.varint(MAX_SEQ + 1) - 1;
    if (bits > FORKED || (seq < 0 && bits !== FORKED)) reader.refuse();
    return { feed, seq, forked: bits === FORKED, mac: reader.raw(MAC_BYTES) };
  });
  return { type: 'frontier', rows, more: more === 1 };
};
const readWant = (reader: ByteReader): Message => {
  const credit = reader.varint(MAX_CREDIT_HELD);
  const rows = readRows<WantRow>(reader, (feed, bits) => {
    if (bits > 0) reader.refuse();
    return { feed, fromSeq: readSeq(reader) };
  });
  if (rows.length === 0) reader.refuse();
  return { type: 'want', credit, rows };
};
const readProofWant = (reader: ByteReader): Message => {
  const { feed, bits } = createFeedDecoder().read(reader);
  if (bits > 0) reader.refuse();
  return { type: 'proofWant', feed, seq: readSeq(reader) };
};
const readProof = (reader: ByteReader): Message => {
  const { feed, bits } = createFeedDecoder().read(reader);
  const seq = readSeq(reader);
  const items = readItems(reader, MAX_BRANCH_ITEMS);
  if (bits > LAST + SECOND_BRANCH) reader.refuse();
  const last = (bits & LAST) !== 0;
  if (items.length === 0 && !last) reader.refuse();
  return { type: 'proof', feed, seq, branch: (bits & SECOND_BRANCH) !== 0 ? 1 : 0, items, last };
};
const readWantText = (reader: ByteReader): Message => {
  const hashes: TextHash[] = [];
  for (let left = reader.count(MAX_TEXTS_PER_MESSAGE); left > 0 && !reader.failed(); left--)
    hashes.push(readHash(reader));
  if (hashes.length === 0) reader.refuse();
  return { type: 'wantText', hashes };
};
const readTexts = (reader: ByteReader): Message => {
  const texts: TextAnswer[] = [];
  for (let left = reader.count(MAX_TEXTS_PER_MESSAGE); left > 0 && !reader.failed(); left--)
    texts.push(readText(reader));
  if (texts.length === 0) reader.refuse();
  return { type: 'text', texts };
};

const readBody = (reader: ByteReader, messageType: number): Message | undefined => {
  switch (messageType) {
    case MESSAGE.hello:
      return readHello(reader);
    case MESSAGE.member:
      return { type: 'member', sealed: reader.raw(MEMBER_BYTES) };
    case MESSAGE.root: {
      const roots = [{ book: 0, root: reader.raw(ROOT_BYTES) }];
      return { type: 'root', roots, credit: reader.varint(MAX_CREDIT_HELD) };
    }
    case MESSAGE.roots:
      return { type: 'root', roots: readRoots(reader), credit: reader.varint(MAX_CREDIT_HELD) };
    case MESSAGE.frontier:
      return readFrontier(reader);
    case MESSAGE.want:
      return readWant(reader);
    case MESSAGE.have:
      return { type: 'have', runs: readRuns(reader, true) };
    case MESSAGE.push:
      return {
        type: 'push',
        runs: readRuns(reader, false).map(({ feed, fromSeq, items }) => ({ feed, fromSeq, items })),
      };
    case MESSAGE.credit:
      return { type: 'credit', credit: reader.varint(MAX_CREDIT_HELD) };
    case MESSAGE.proofWant:
      return readProofWant(reader);
    case MESSAGE.proof:
      return readProof(reader);
    case MESSAGE.wantText:
      return readWantText(reader);
    case MESSAGE.text:
      return readTexts(reader);
    default:
      return undefined;
  }
};

/** The message in `bytes`, whose arrays are views of them. */
export const decodeMessage = (bytes: Uint8Array): Result<Message, DecodeFault> => {
  if (bytes.length > MAX_MESSAGE_BYTES) return fail({ code: 'oversize', length: bytes.length });
  const reader = createReader(bytes);
  const messageType = reader.u8();
  if (reader.failed()) return fail({ code: 'malformed', at: 0 });
  const message = readBody(reader, messageType);
  if (message === undefined) return fail({ code: 'unknown-type', messageType });
  return reader.done() ? ok(message) : fail({ code: 'malformed', at: reader.at() });
};
