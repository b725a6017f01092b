/**
 * The closed books that this device keeps [B4]: what stands in their records on disk, their lines for the screen, and
 * letting go of them. The newest of them is open, older ones are read when somebody asks for their lines.
 */
import {
  KIND,
  LANE,
  type DeviceKey,
  type Id,
  type Ledger,
  type MemberId,
  type Stored,
  type TextHash,
} from '@corridor/ledger';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { Store } from '../ports.ts';
import type { LineView } from '../view.ts';
import { bookName, chainName } from './bookStore.ts';
import type { Library } from './library.ts';
import { lineOf, type LineContext } from './lines.ts';
import { collectMine } from './mine.ts';
import { orRefused } from './refusals.ts';
import type { Replica } from './replica.ts';
import type { SealedRecords } from './sealedRecords.ts';
import type { Texts } from './texts.ts';

/** Names of the notes. */
export const CLOSED_PREFIX = 'closed/';
interface Note {
  /**
   * 'coming': out of a file, and not wholly here; left so by a power cut it is dropped as well. 'fetching': from others, and
   * goes on coming. 'dropped': it was here, and can be fetched again.
   */
  readonly state: 'kept' | 'coming' | 'fetching' | 'dropping' | 'dropped';
  /** Lines of this member in it, as it was left. */
  readonly lines: number;
  /** Of this device's account in it. */
  readonly incarnations: number;
}
/** Notes a book as closed and kept; part of going on to the next [B1]. False: the disk refused. */
export const noteClosed = (records: SealedRecords, ledger: Ledger, device: DeviceKey): Promise<boolean> => {
  const record = ledger.log.devices.get(device);
  const member = record?.member ?? (device as string as MemberId);
  return put(records, ledger.book, noteOf(ledger, member, record?.incarnation ?? 0));
};
const noteOf = (ledger: Ledger, member: MemberId, incarnations: number): Note => {
  const { ids } = collectMine(ledger, () => member);
  const lines = ids.filter((id) => ledger.entries.get(id)?.settled === true).length;
  return { state: 'kept', lines, incarnations };
};
const put = (records: SealedRecords, book: number, note: Note): Promise<boolean> =>
  records.put(`${CLOSED_PREFIX}${book}`, utf8ToBytes(JSON.stringify(note)));
const read = (bytes: Uint8Array | undefined): Note | undefined => {
  if (bytes === undefined) return undefined;
  const note = JSON.parse(new TextDecoder().decode(bytes)) as Partial<Note>;
  return {
    state: note.state ?? 'kept',
    lines: note.lines ?? 0,
    incarnations: note.incarnations ?? 0,
  };
};

/** What a payment names as its note. */
export const noteIn = (stored: Stored | undefined): TextHash | undefined =>
  stored?.entry.body.kind === KIND.pay ? (stored.entry.body.memo ?? undefined) : undefined;

interface OpenBook {
  readonly replica: Replica;
  readonly texts: Texts;
  /** As they were last shown, newest first; undefined: something has changed since. */
  shown: readonly LineView[] | undefined;
}
export interface ClosedBooks {
  /** Ascending. */
  kept(): readonly number[];
  /** An open book's texts and lines: now and until it is shut. */
  attach(replica: Replica): Promise<Texts>;
  texts(): readonly Texts[];
  /** Of any closed book, as long as its replica is open. */
  textsOf(replica: Replica): Promise<Texts>;
  /** Ledgers of the open ones, newest first. */
  ledgers(): readonly Ledger[];
  lineCount(): number;
  /** Newest first, of what is open or was read. */
  lines(skip: number, count: number): readonly LineView[];
  /** Reads older books until so many lines are there. */
  reach(lines: number): Promise<void>;
  line(id: Id): LineView | undefined;
  /** The note of a payment in any of them [E6]. */
  noteOf(payment: Id): Promise<TextHash | undefined>;
  /** Erases it in all of them. False: a disk refused. */
  eraseNote(note: TextHash, payment: Id): Promise<boolean>;
  /** Whether a line of an open one may still change with what happens in the book in use. */
  isMoving(): boolean;
  /** Something has changed what lines say. */
  touch(): void;
  /**
   * Takes in a book that this device does not have: `begins`: the statement it begins with, null for the first. It is kept
   * if it ends with the decision from which our own next book goes on. False: it does not, or the disk refused.
   */
  adopt(
    saved: Ledger,
    begins: Uint8Array | null,
    fill: (replica: Replica, textsOf: () => Promise<Texts>) => Promise<void>,
  ): Promise<boolean>;
  /** The newest one that is to be kept, is not here, and can be known when it comes; null: none. */
  missing(): Promise<number | null>;
  /** Notes that it comes from others. False: the disk refused. */
  beginFetched(book: number): Promise<boolean>;
  /**
   * Notes that it is here if it is whole. 'not-yet': it is not, or the disk refused. 'parted': it ends otherwise than the
   * next one says, and is let go of.
   */
  keepFetched(replica: Replica): Promise<'kept' | 'not-yet' | 'parted'>;
  /** Lines and texts of one that is to be shut. */
  detach(book: number): void;
  /** Lets go of the oldest ones beyond so many; null: of none. */
  keep(count: number | null): Promise<void>;
}
export async function openClosedBooks(options: {
  readonly library: Library;
  readonly records: SealedRecords;
  readonly store: Store;
  readonly member: () => MemberId;
  readonly openTexts: (replica: Replica) => Promise<Texts>;
  readonly context: (ledger: Ledger, texts: Texts) => LineContext;
}): Promise<ClosedBooks> {
  const { library, records, store, member, openTexts, context } = options;
  const notes = new Map<number, Note>();
  const open = new Map<number, OpenBook>();
  /** Lines of books that were read and shut again, newest first. */
  const readLines = new Map<number, readonly LineView[]>();
  for (const name of await records.names(CLOSED_PREFIX)) {
    const note = read(await records.get(name));
    if (note !== undefined) notes.set(Number(name.slice(CLOSED_PREFIX.length)), note);
  }
  /** As it was last said; nothing is missing before. */
  let wanted: number | null = 0;
  const kept = (): readonly number[] =>
    [...notes].flatMap(([book, { state }]) => (state === 'kept' ? [book] : [])).sort((a, b) => a - b);

  const attach = async (replica: Replica): Promise<OpenBook> => {
    const { book } = replica.ledger;
    const known = open.get(book);
    if (known?.replica === replica) return known;
    const texts = await openTexts(replica);
    const attached: OpenBook = { replica, texts, shown: undefined };
    open.set(book, attached);
    return attached;
  };
  /** A book's lines, newest first, but those that another one stands for or that this device has still to sign again. */
  const linesOf = ({ ledger }: Replica, texts: Texts): readonly LineView[] => {
    const about = context(ledger, texts);
    return [...collectMine(ledger, member).ids].reverse().flatMap((id) => {
      const stored = ledger.entries.get(id);
      const line = stored && lineOf(about, stored);
      return line === undefined || line.state === 'overtaken' || line.state === 'on-this-phone' ? [] : [line];
    });
  };
  const linesIn = (book: number): readonly LineView[] => {
    const opened = open.get(book);
    if (opened === undefined) return readLines.get(book) ?? [];
    return (opened.shown ??= linesOf(opened.replica, opened.texts));
  };
  const isRead = (book: number): boolean => open.has(book) || readLines.has(book);
  const newestFirst = (): readonly number[] => [...kept()].reverse();

  const drop = async (book: number): Promise<void> => {
    const note = notes.get(book);
    // What a power cut leaves half dropped is dropped at the next start.
    if (note === undefined || !(await put(records, book, { ...note, state: 'dropping' }))) return;
    notes.set(book, { ...note, state: 'dropping' });
    open.delete(book);
    readLines.delete(book);
    await library.shut(book);
    const { record, openings } = library.sourceOf(book);
    const { circle } = record;
    const gone = await orRefused(
      store.docs.remove(bookName(circle, book)).then(() => true),
      () => false,
    );
    if (!gone) return;
    for (const lane of [LANE.witness, LANE.account, LANE.voice])
      for (let incarnation = 0; incarnation <= (lane === LANE.account ? note.incarnations : 0); incarnation++)
        await orRefused(
          store.journal.trim(chainName(circle, book, lane, incarnation), Number.MAX_SAFE_INTEGER),
          () => undefined,
        );
    // What the book began with stays: it is small, and by it the book can be fetched again. What a file said does not.
    if (note.state === 'coming') {
      await openings.forget(book);
      await records.remove(`${CLOSED_PREFIX}${book}`);
      notes.delete(book);
    } else if (await put(records, book, { ...note, state: 'dropped' }))
      notes.set(book, { ...note, state: 'dropped' });
  };
  for (const [book, { state }] of [...notes])
    if (state === 'dropping' || state === 'coming') await drop(book);
  /** The decision that ends a book of a circle, as our own next one says. */
  const closingOf = async ({ circle, book }: Pick<Ledger, 'circle' | 'book'>): Promise<Id | undefined> => {
    const [source, next] = [library.sourceOf(book), library.sourceOf(book + 1)];
    if (source.record.circle !== circle || next.record.circle !== circle) return undefined;
    const { ledger } = library.current();
    return book + 1 === ledger.book ? ledger.log.from.id : (await next.openings.of(book + 1))?.closing;
  };

  return {
    kept,
    attach: async (replica) => (await attach(replica)).texts,
    texts: () => [...open.values()].map(({ texts }) => texts),
    ledgers: () => [...open].sort(([a], [b]) => b - a).map(([, { replica }]) => replica.ledger),
    lineCount: () =>
      kept().reduce(
        (sum, book) => sum + (isRead(book) ? linesIn(book).length : (notes.get(book)?.lines ?? 0)),
        0,
      ),
    lines(skip, count) {
      const lines: LineView[] = [];
      let left = skip;
      for (const book of newestFirst()) {
        if (lines.length >= count || !isRead(book)) break;
        const here = linesIn(book);
        lines.push(...here.slice(left, left + count - lines.length));
        left = Math.max(0, left - here.length);
      }
      return lines;
    },
    async reach(wanted) {
      let there = 0;
      for (const book of newestFirst()) {
        if (there >= wanted) return;
        if (!isRead(book)) {
          const lines = await library.read(book, async (replica) =>
            linesOf(replica, await openTexts(replica)),
          );
          if (lines !== undefined) readLines.set(book, lines);
        }
        there += linesIn(book).length;
      }
    },
    line(id) {
      for (const opened of open.values()) {
        const stored = opened.replica.ledger.entries.get(id);
        if (stored !== undefined) return lineOf(context(opened.replica.ledger, opened.texts), stored);
      }
      for (const lines of readLines.values()) {
        const line = lines.find((one) => one.id === id);
        if (line !== undefined) return line;
      }
      return undefined;
    },
    async noteOf(payment) {
      for (const book of newestFirst()) {
        const note = await library.read(book, ({ ledger }) =>
          Promise.resolve(noteIn(ledger.entries.get(payment))),
        );
        if (note !== undefined) return note;
      }
      return undefined;
    },
    async eraseNote(note, payment) {
      let isErased = true;
      for (const book of kept()) {
        const opened = open.get(book);
        const gone = opened
          ? await opened.texts.erase(note)
          : await library.read(book, (replica) => replica.book.eraseText(note));
        isErased &&= gone !== false;
        if (opened !== undefined) opened.shown = undefined;
        const lines = readLines
          .get(book)
          ?.map((line) => (line.id === payment ? { ...line, memo: '' } : line));
        if (lines !== undefined) readLines.set(book, lines);
      }
      return isErased;
    },
    isMoving: () =>
      [...open.keys()].some((book) => linesIn(book).some(({ state }) => state === 'they-have-it')),
    touch() {
      for (const opened of open.values()) opened.shown = undefined;
    },
    textsOf: async (replica) => open.get(replica.ledger.book)?.texts ?? openTexts(replica),
    async adopt(saved, begins, fill) {
      const { book, log } = saved;
      const ends = log.closed?.id;
      if (notes.get(book)?.state === 'kept' || ends === undefined) return false;
      if (ends !== (await closingOf(saved))) return false;
      // What others have sent of it so far comes again out of the file.
      if (notes.get(book)?.state === 'fetching') await drop(book);
      const coming: Note = { state: 'coming', lines: 0, incarnations: 0 };
      if (!(await put(records, book, coming))) return false;
      notes.set(book, coming);
      const isBegun =
        book === 0 || (begins !== null && (await library.sourceOf(book).openings.keep(book, begins)));
      const note = isBegun
        ? await library.read(book, async (replica) => {
            await fill(replica, () => openTexts(replica));
            const isWhole = replica.ledger.log.closed?.id === ends && (await replica.flush());
            return isWhole ? noteOf(replica.ledger, member(), 0) : undefined;
          })
        : undefined;
      if (note === undefined || !(await put(records, book, note))) {
        await drop(book);
        return false;
      }
      notes.set(book, note);
      return true;
    },
    async missing() {
      const { circle, book: current } = library.current().ledger;
      const oldest = wanted === null ? 0 : current - wanted;
      for (let book = current - 1; book >= Math.max(0, oldest); book--) {
        const state = notes.get(book)?.state;
        if (state !== 'dropped' && state !== 'fetching') continue;
        const isKnown = book === 0 || (await library.sourceOf(book).openings.of(book)) !== undefined;
        if (isKnown && (await closingOf({ circle, book })) !== undefined) return book;
      }
      return null;
    },
    async beginFetched(book) {
      const known = notes.get(book);
      if (known?.state === 'fetching') return true;
      const note: Note = { lines: 0, incarnations: known?.incarnations ?? 0, state: 'fetching' };
      const isNoted = await put(records, book, note);
      if (isNoted) notes.set(book, note);
      return isNoted;
    },
    async keepFetched({ ledger, flush }) {
      const ends = ledger.log.closed?.id;
      if (ends === undefined || !(await flush())) return 'not-yet';
      if (ends !== (await closingOf(ledger))) {
        await drop(ledger.book);
        return 'parted';
      }
      const note = noteOf(ledger, member(), 0);
      const isNoted = await put(records, ledger.book, note);
      if (isNoted) notes.set(ledger.book, note);
      return isNoted ? 'kept' : 'not-yet';
    },
    detach: (book) => void open.delete(book),
    async keep(count) {
      wanted = count;
      if (count === null) return;
      for (const [book, { state }] of [...notes])
        if (state === 'fetching' && book < library.current().ledger.book - count) await drop(book);
      for (const book of kept().slice(0, -count)) await drop(book);
    },
  };
}
