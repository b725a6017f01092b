/**
 * The closed books that this device keeps [B4]: what stands in their records on disk, their lines for the screen, and
 * letting go of them. The newest of them is open, older ones are read when somebody asks for their lines.
 */
import { LANE, type DeviceKey, type Id, type Ledger, type MemberId } from '@corridor/ledger';
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
  readonly state: 'kept' | 'dropping';
  /** Lines of this member in it, as it was left. */
  readonly lines: number;
  /** Of this device's account in it. */
  readonly incarnations: number;
}
/** Notes a book as closed and kept; part of going on to the next [B1]. False: the disk refused. */
export const noteClosed = (records: SealedRecords, ledger: Ledger, device: DeviceKey): Promise<boolean> => {
  const record = ledger.log.devices.get(device);
  const member = record?.member ?? (device as string as MemberId);
  const { ids } = collectMine(ledger, () => member);
  const lines = ids.filter((id) => ledger.entries.get(id)?.settled === true).length;
  return put(records, ledger.book, { state: 'kept', lines, incarnations: record?.incarnation ?? 0 });
};
const put = (records: SealedRecords, book: number, note: Note): Promise<boolean> =>
  records.put(`${CLOSED_PREFIX}${book}`, utf8ToBytes(JSON.stringify(note)));
const read = (bytes: Uint8Array | undefined): Note | undefined => {
  if (bytes === undefined) return undefined;
  const note = JSON.parse(new TextDecoder().decode(bytes)) as Partial<Note>;
  return {
    state: note.state === 'dropping' ? 'dropping' : 'kept',
    lines: note.lines ?? 0,
    incarnations: note.incarnations ?? 0,
  };
};

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
  /** Ledgers of the open ones, newest first. */
  ledgers(): readonly Ledger[];
  lineCount(): number;
  /** Newest first, of what is open or was read. */
  lines(skip: number, count: number): readonly LineView[];
  /** Reads older books until so many lines are there. */
  reach(lines: number): Promise<void>;
  line(id: Id): LineView | undefined;
  /** Whether a line of an open one may still change with what happens in the book in use. */
  isMoving(): boolean;
  /** Something has changed what lines say. */
  touch(): void;
  /** Lets go of the oldest ones beyond so many. */
  keep(count: number): Promise<void>;
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
    await openings.forget(book);
    await records.remove(`${CLOSED_PREFIX}${book}`);
    notes.delete(book);
  };
  for (const [book, { state }] of [...notes]) if (state === 'dropping') await drop(book);

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
    isMoving: () =>
      [...open.keys()].some((book) => linesIn(book).some(({ state }) => state === 'they-have-it')),
    touch() {
      for (const opened of open.values()) opened.shown = undefined;
    },
    async keep(count) {
      for (const book of kept().slice(0, -count)) await drop(book);
    },
  };
}
