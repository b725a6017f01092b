/**
 * A book of any length, written by the ledger's own rules in a moment: for what must work with ten thousand entries.
 * Signed where a replica keeps a signature: each chain's newest, and every 64th.
 */
import {
  draftNext,
  entryStatement,
  exportLines,
  feedOf,
  isAnchor,
  KIND,
  LANE,
  signWithSeed,
  type FoundBody,
  type Id,
  type Ledger,
  type Signature,
  type VerifiedEntry,
} from '@corridor/ledger';
import { add, admit, found, keepBook, pay, person, type Person } from './village.ts';

export interface WrittenBook {
  readonly founding: VerifiedEntry<FoundBody>;
  /** Without the founding one, in the order in which they were made. */
  readonly entries: readonly VerifiedEntry[];
  readonly signatures: ReadonlyMap<Id, Signature>;
  readonly ledger: Ledger;
  /** The first keeps the book; the last has only looked on so far. */
  readonly people: readonly Person[];
}
const TRADERS = ['Ana', 'Ben', 'Carla', 'Dora'];
const ONLOOKER = 'Eva';
/** Payments before the keeper looks again. */
const ROUND = 8;

/** At least so many entries, the founding one counted. */
export function writeBook(atLeast: number): WrittenBook {
  const traders = TRADERS.map(person);
  const people = [...traders, person(ONLOOKER)];
  const [keeper, ...others] = people;
  if (keeper === undefined) throw new RangeError('a book needs somebody');
  const { founding, ledger } = found(keeper);
  const entries: VerifiedEntry[] = others.map((newcomer) => admit(ledger, keeper, keeper, newcomer));
  for (let turn = 0; ledger.entries.size < atLeast; turn++) {
    const received: Id[] = [];
    for (let i = 0; i < ROUND; i++) {
      // Round and round, so that nobody's balance runs away.
      const payer = traders[(turn + i) % traders.length];
      const payee = traders[(turn + i + 1) % traders.length];
      if (payer === undefined || payee === undefined) continue;
      const paid = pay(ledger, payer, payee, 100 + i);
      entries.push(...paid);
      received.push(...paid.filter(({ body }) => body.kind === KIND.pay).map(({ id }) => id));
    }
    entries.push(...keepBook(ledger, keeper));
    const voice = draftNext(ledger, keeper.device, LANE.voice, { kind: KIND.have, ids: received });
    entries.push(add(ledger, voice).entry);
  }
  return { founding, entries, signatures: signaturesOf(founding, entries, ledger, people), ledger, people };
}

/** The book as a file, as who holds it would save it. */
export const savedFile = ({ ledger, signatures }: WrittenBook): string =>
  [...exportLines(ledger, (id) => signatures.get(id))].join('');

function signaturesOf(
  founding: VerifiedEntry<FoundBody>,
  entries: readonly VerifiedEntry[],
  ledger: Ledger,
  people: readonly Person[],
): ReadonlyMap<Id, Signature> {
  const authors = new Map(people.map((author) => [author.device, author]));
  const signed = [founding, ...entries].filter(
    ({ id, device, lane, seq }) =>
      lane === LANE.founding || isAnchor(seq) || feedOf(ledger, device, lane)?.main.at(-1)?.entry.id === id,
  );
  return new Map(
    signed.map(({ id, device, lane }) => {
      const author = authors.get(device);
      if (author === undefined) throw new Error('nobody of this book');
      return [id, signWithSeed(lane === LANE.witness ? author.witnessSeed : author.seed, entryStatement(id))];
    }),
  );
}
