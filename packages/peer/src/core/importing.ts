/** A saved book as screens ask for it: looked at by anybody, brought in by who is in its circle. */
import { KIND, type Entry, type Id, type Ledger, type TextHash } from '@corridor/ledger';
import type { CheckBudget } from '../ports.ts';
import type { Answer, BookFault, BookNews, PeerIntents, SavedBookView } from '../view.ts';
import { allow, refuse } from './answers.ts';
import type { Circle } from './circle.ts';
import type { Lifecycle } from './intents.ts';
import { IMPORT_BATCH, SAVED_BOOK_CHECKS } from './limits.ts';
import { chainsOf, type OpenRun } from './opening.ts';
import type { PeerState } from './peerState.ts';
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
        return read.ok ? allow(viewOf(read.value, inside())) : faulty(read.fault);
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
        const taken = await takeEntries(circle, book, isOpen);
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

function viewOf(book: SavedBook, circle: Circle | undefined): SavedBookView {
  const { ledger } = book;
  const { founding, members } = ledger.log;
  const payments = [...ledger.entries.values()].flatMap(({ entry: { body } }) =>
    body.kind === KIND.pay ? [body.at] : [],
  );
  const isOurs = circle?.replica.circle === book.circle;
  return {
    circle: book.circle,
    circleName: founding.name,
    unit: { name: founding.unit, decimals: founding.decimals },
    belongs: circle === undefined ? 'no-circle-here' : isOurs ? 'this-circle' : 'another-circle',
    entries: ledger.entries.size,
    payments: payments.length + book.handed.length,
    members: members.size,
    texts: book.texts.size,
    newestAt: payments.length === 0 ? null : payments.reduce((newest, one) => Math.max(newest, one)),
    sumsToZero: book.sumsToZero,
    leftOut: book.leftOut,
    news: isOurs && circle !== undefined ? newsOf(book, circle) : { entries: 0, payments: 0, texts: 0 },
  };
}
/** What the circle lacks of it. A text that was erased here is not lacking, one that somebody else erased is [E6]. */
function newsOf(book: SavedBook, { replica, texts, handed, invoices }: Circle): BookNews {
  const { entries } = replica.ledger;
  const isNew = ({ id }: Entry): boolean => !entries.has(id) && !handed.has(id);
  const fresh = [...book.ledger.entries.values(), ...book.handed].map(({ entry }) => entry).filter(isNew);
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

interface Taken {
  readonly news: Omit<BookNews, 'texts'>;
  readonly fault: BookFault | null;
}
/** Every entry passes the gate, as from a peer: nothing is overwritten, and what contradicts ours is kept as proof. */
async function takeEntries(circle: Circle, book: SavedBook, isOpen: () => boolean): Promise<Taken> {
  const { replica, handed } = circle;
  const budget: CheckBudget = { left: SAVED_BOOK_CHECKS };
  let entries = 0;
  let payments = 0;
  const taken = (fault: BookFault | null): Taken => ({ news: { entries, payments }, fault });
  let rest = stretchesOf(book, replica.ledger);
  for (let before = -1; rest.length > 0 && rest.length !== before;) {
    before = rest.length;
    for (const batch of batchesOf(rest)) {
      if (!isOpen()) return taken(null);
      const { kept, fault } = await replica.takeOpen(batch, budget);
      entries += kept.length;
      payments += kept.filter(({ entry }) => entry.body.kind === KIND.pay).length;
      const line = fault !== null && 'entry' in fault ? book.lineOf.get(fault.entry) : undefined;
      if (fault !== null) return taken({ line: line ?? 1, reason: 'against-the-rules' });
    }
    rest = rest.filter((run) => isLacking(replica.ledger, run));
  }
  for (const { entry, signature } of book.handed) {
    if (replica.ledger.entries.has(entry.id) || handed.has(entry.id)) continue;
    if ((await handed.take(entry.bytes, signature)) !== 'kept') continue;
    entries++;
    payments++;
  }
  return taken(null);
}
const isLacking = ({ entries }: Ledger, run: OpenRun): boolean =>
  run.entries.some((entry) => !entries.has(entry.id));

/** Stretches of chains, each up to a signature [F2], in the order in which the saved book itself was folded. */
function stretchesOf({ ledger, signatures }: SavedBook, held: Ledger): readonly OpenRun[] {
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
