/** A saved book as screens ask for it: looked at by anybody, brought in by who is in its circle. */
import { KIND, type Entry, type Id, type Ledger, type Signature, type TextHash } from '@corridor/ledger';
import type { CheckBudget } from '../ports.ts';
import type { Answer, BookFault, BookNews, PeerIntents, SavedBookView } from '../view.ts';
import { allow, refuse } from './answers.ts';
import type { Circle } from './circle.ts';
import type { PeerSettings } from './circleRecord.ts';
import type { Lifecycle } from './intents.ts';
import { IMPORT_BATCH, SAVED_BOOK_CHECKS } from './limits.ts';
import { chainsOf, type OpenRun } from './opening.ts';
import type { PeerState } from './peerState.ts';
import type { Replica } from './replica.ts';
import { readSavedBook, type SavedBook } from './savedBook.ts';

type Guarded = <T>(work: () => Promise<Answer<T>>) => Promise<Answer<T>>;

export function createImporting(
  state: PeerState,
  life: Lifecycle,
  guarded: Guarded,
): Pick<PeerIntents, 'readSavedBook' | 'bringInBook'> {
  const { options } = state;
  const inside = (): Circle | undefined => (state.circle?.isInside() === true ? state.circle : undefined);
  return {
    readSavedBook: (file) =>
      guarded(async () => {
        if (state.stage === 'locked') return refuse('locked');
        const read = await readSavedBook(file, options);
        const { keptBooks } = state.settings;
        return read.ok ? allow(viewOf(read.value, inside(), keptBooks)) : faulty(read.fault);
      }),
    bringInBook: (file) =>
      guarded(async () => {
        if (state.stage === 'locked') return refuse('locked');
        const circle = inside();
        if (circle === undefined) return refuse('not-ready');
        const read = await readSavedBook(file, options);
        if (!read.ok) return faulty(read.fault);
        const book = read.value;
        if (book.circle !== circle.replica.circle)
          return refuse('book-of-another-circle', { name: book.ledger.log.founding.name });
        const isOpen = (): boolean => state.circle === circle;
        const taken = await takeEntries(circle, book, state.settings.keptBooks, isOpen);
        if (!isOpen()) return refuse('not-ready');
        const texts = await takeBeside(circle, book);
        // What a screen calls brought in is on the disk, like anything else it says [P6].
        if (!(await circle.replica.flush())) return refuse('storage-refused');
        life.show();
        if (taken.fault === null) return allow({ ...taken.news, texts });
        return refuse('saved-book', { ...taken.fault, kept: taken.news.entries });
      }),
  };
}
const faulty = (fault: BookFault): Answer<never> => refuse('saved-book', { ...fault });

function viewOf(
  book: SavedBook,
  circle: Circle | undefined,
  keptBooks: PeerSettings['keptBooks'],
): SavedBookView {
  const { ledger } = book;
  const { founding, members } = ledger.log;
  const payments = entriesOf(book).flatMap(({ body }) => (body.kind === KIND.pay ? [body.at] : []));
  const isOurs = circle?.replica.circle === book.circle;
  return {
    circle: book.circle,
    circleName: founding.name,
    unit: { name: founding.unit, decimals: founding.decimals },
    belongs: circle === undefined ? 'no-circle-here' : isOurs ? 'this-circle' : 'another-circle',
    entries: entriesOf(book).length + 1,
    payments: payments.length + book.handed.length,
    members: members.size,
    texts: book.texts.size,
    newestAt: payments.length === 0 ? null : payments.reduce((newest, one) => Math.max(newest, one)),
    sumsToZero: book.sumsToZero,
    leftOut: book.leftOut,
    news:
      isOurs && circle !== undefined
        ? newsOf(book, circle, keptBooks)
        : { entries: 0, payments: 0, texts: 0 },
  };
}
/** What the circle lacks of it. A text that was erased here is not lacking, one that somebody else erased is [E6]. */
function newsOf(book: SavedBook, circle: Circle, keptBooks: PeerSettings['keptBooks']): BookNews {
  const { library, replica, texts, handed, invoices } = circle;
  const adopted = new Set(adoptable(circle, book, keptBooks).map((saved) => saved.book));
  // A closed book that is here, but not open, is whole: nothing is taken in of it.
  const isNew = ({ id, book: of }: Entry): boolean =>
    (adopted.has(of) || library.shelf.at(of)?.ledger.entries.has(id) === false) && !handed.has(id);
  const fresh = [...entriesOf(book), ...book.handed.map(({ entry }) => entry)].filter(isNew);
  const wanted = new Set(texts.wanted());
  const isUnread = (hash: TextHash): boolean => wanted.has(hash) || texts.read(hash) === undefined;
  const unread = [...book.texts.keys()].filter(
    (hash) => isUnread(hash) && replica.book.text(hash) === undefined,
  );
  const unknown = book.requests.filter(({ id, invoice }) => invoice.text?.text && !invoices.has(id));
  return {
    entries: fresh.length,
    payments: fresh.filter(({ body }) => body.kind === KIND.pay).length,
    texts: unread.length + unknown.length,
  };
}

/** All of its entries but the founding one. */
const entriesOf = ({ ledgers, circle }: SavedBook): readonly Entry[] =>
  ledgers
    .flatMap(({ entries }) => [...entries.values()].map(({ entry }) => entry))
    .filter(({ id }) => id !== circle);

/**
 * Closed books that this phone does not have and would keep [B4], newest first: each must lead up to one that it has, for
 * that one says how it ends.
 */
function adoptable(
  { library, replica, closed }: Circle,
  { ledgers }: SavedBook,
  keptBooks: PeerSettings['keptBooks'],
): readonly Ledger[] {
  const { book: current } = replica.ledger;
  const here = new Set([...closed.kept(), current]);
  const oldest = keptBooks === null ? 0 : current - keptBooks;
  return [...ledgers].reverse().filter(({ book, log }) => {
    const isOurs = library.sourceOf(book).record.circle === replica.circle;
    const fits = isOurs && !here.has(book) && here.has(book + 1) && book >= oldest && log.closed !== null;
    if (fits) here.add(book);
    return fits;
  });
}

interface Taken {
  readonly news: Omit<BookNews, 'texts'>;
  readonly fault: BookFault | null;
}
/** Every entry passes the gate, as from a peer: nothing is overwritten, and what contradicts ours is kept as proof. */
async function takeEntries(
  circle: Circle,
  book: SavedBook,
  keptBooks: PeerSettings['keptBooks'],
  isOpen: () => boolean,
): Promise<Taken> {
  const { library, handed, closed } = circle;
  const budget: CheckBudget = { left: SAVED_BOOK_CHECKS };
  let entries = 0;
  let payments = 0;
  const taken = (fault: BookFault | null): Taken => ({ news: { entries, payments }, fault });
  /** Fills a book with what it lacks; undefined: no fault. */
  const fill = async (home: Replica, saved: Ledger): Promise<BookFault | undefined> => {
    let rest = stretchesOf(saved, book.signatures, home.ledger);
    for (let before = -1; rest.length > 0 && rest.length !== before;) {
      before = rest.length;
      for (const batch of batchesOf(rest)) {
        if (!isOpen()) return undefined;
        const { kept, fault } = await home.takeOpen(batch, budget);
        entries += kept.length;
        payments += kept.filter(({ entry }) => entry.body.kind === KIND.pay).length;
        const line = fault !== null && 'entry' in fault ? book.lineOf.get(fault.entry) : undefined;
        if (fault !== null) return { line: line ?? 1, reason: 'against-the-rules' };
      }
      rest = rest.filter((run) => isLacking(home.ledger, run));
    }
    return undefined;
  };
  for (const saved of book.ledgers) {
    // One that is still being fetched may come to be of another history: it is taken in as a whole, below, or not.
    const isHere = saved.book === circle.replica.ledger.book || closed.kept().includes(saved.book);
    const home = isHere ? library.shelf.at(saved.book) : undefined;
    const fault = home && (await fill(home, saved));
    if (fault !== undefined) return taken(fault);
    if (!isOpen()) return taken(null);
  }
  for (const saved of adoptable(circle, book, keptBooks)) {
    if (!isOpen()) return taken(null);
    const before = taken(null).news;
    const isKept = await closed.adopt(saved, book.begins.get(saved) ?? null, async (replica, textsOf) => {
      await fill(replica, saved);
      // Only now it is known which texts its entries name.
      const texts = await textsOf();
      const named = texts.wanted().flatMap((hash) => book.texts.get(hash) ?? []);
      for (let from = 0; from < named.length; from += IMPORT_BATCH)
        await texts.keep(named.slice(from, from + IMPORT_BATCH), false);
    });
    if (!isKept) ({ entries, payments } = before);
  }
  for (const { entry, signature } of book.handed) {
    const isHere = library.shelf.at(entry.book)?.ledger.entries.has(entry.id) === true;
    if (isHere || handed.has(entry.id)) continue;
    if ((await handed.take(entry.bytes, signature)) !== 'kept') continue;
    entries++;
    payments++;
  }
  return taken(null);
}
const isLacking = ({ entries }: Ledger, run: OpenRun): boolean =>
  run.entries.some((entry) => !entries.has(entry.id));

/** Stretches of chains, each up to a signature [F2], in the order in which the saved book itself was folded. */
function stretchesOf(
  ledger: Ledger,
  signatures: ReadonlyMap<Id, Signature>,
  held: Ledger,
): readonly OpenRun[] {
  const place = new Map<Id, number>([...ledger.entries.keys()].map((id, at) => [id, at]));
  const entries = [...ledger.entries.values()].map(({ entry }) => entry);
  const stretches: OpenRun[] = [];
  for (const chain of chainsOf(entries.filter(({ id }) => id !== ledger.circle))) {
    let from = 0;
    for (const [at, { id }] of chain.entries()) {
      if (!signatures.has(id)) continue;
      stretches.push({ entries: chain.slice(from, at + 1), signatures, sealed: new Map() });
      from = at + 1;
    }
  }
  const end = (run: OpenRun): number => place.get(run.entries.at(-1)?.id ?? ledger.circle) ?? 0;
  return stretches.filter((run) => isLacking(held, run)).sort((a, b) => end(a) - end(b));
}
function* batchesOf(runs: readonly OpenRun[]): Generator<readonly OpenRun[]> {
  let batch: OpenRun[] = [];
  let size = 0;
  for (const run of runs) {
    batch.push(run);
    size += run.entries.length;
    if (size < IMPORT_BATCH) continue;
    yield batch;
    batch = [];
    size = 0;
  }
  if (batch.length > 0) yield batch;
}
/** Texts that the entries here name and nobody erased; the answer is how many came. */
async function takeBeside({ replica, texts, invoices }: Circle, book: SavedBook): Promise<number> {
  const lacking = texts
    .wanted()
    .filter((hash) => replica.book.text(hash) === undefined)
    .flatMap((hash) => book.texts.get(hash) ?? []);
  for (let from = 0; from < lacking.length; from += IMPORT_BATCH)
    await texts.keep(lacking.slice(from, from + IMPORT_BATCH), false);
  let requests = 0;
  for (const signed of book.requests) if (await invoices.takeIn(signed)) requests++;
  return lacking.length + requests;
}
