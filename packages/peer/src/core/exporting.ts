/** The whole book that is here as a file to take away: all that others may know, and nothing that signs. */
import {
  exportLines,
  KIND,
  LANE,
  textRecordHash,
  type Id,
  type Sha256,
  type Signature,
  type TextHash,
  type TextRecord,
} from '@corridor/ledger';
import type { Journal } from '../ports.ts';
import { namesIn } from './besideBook.ts';
import { chainName } from './bookStore.ts';
import type { Circle } from './circle.ts';
import type { Replica } from './replica.ts';
import type { Texts } from './texts.ts';

const OWN_LANES = [LANE.witness, LANE.account, LANE.voice] as const;

/** With the closed books that this device keeps [B4]. */
export async function exportBook(circle: Circle, journal: Journal, sha256: Sha256): Promise<Uint8Array> {
  const { library, closed, replica } = circle;
  // What the circle was founded from is another circle's, and a file of its own [K1].
  const own = closed.kept().filter((book) => library.sourceOf(book).record.circle === replica.circle);
  return library.readAll(own, (older) => written(circle, older, journal, sha256));
}
async function written(
  circle: Circle,
  older: readonly Replica[],
  journal: Journal,
  sha256: Sha256,
): Promise<Uint8Array> {
  const { replica, handed, invoices } = circle;
  const { ledger } = replica;
  const signatures = new Map<Id, Signature>();
  for (const one of [...older, replica]) await gatherSignatures(one, circle, journal, signatures);
  const waiting = handed.waiting();
  const books = [...older.map((one) => one.ledger), ledger];
  const named = books.map(namesIn);
  const requests = new Set(named.flatMap((names) => [...names.invoices]));
  for (const { entry } of waiting) if (entry.body.kind === KIND.pay) requests.add(entry.body.invoice);
  const unique = new Map<TextHash, TextRecord>();
  const gatherTexts = async (texts: Texts): Promise<void> => {
    for (const record of await texts.records()) unique.set(textRecordHash(record, sha256), record);
  };
  await gatherTexts(circle.texts);
  for (const one of older) await gatherTexts(await circle.closed.textsOf(one));
  const lines = exportLines(
    ledger,
    (id) => signatures.get(id),
    {
      handed: waiting,
      requests: [...requests].flatMap((id) => (id === null ? [] : (invoices.codeOf(id) ?? []))),
      // A text whose payment was never signed belongs to nothing.
      texts: [...unique].flatMap(([hash, record]) =>
        named.some((names) => names.texts.has(hash)) ? [record] : [],
      ),
    },
    older.map((one) => one.ledger),
  );
  return new TextEncoder().encode([...lines].join(''));
}
/** Of our own entries the journal still knows what the book keeps of each feed's newest alone. */
async function gatherSignatures(
  { ledger, book, signatureOf }: Replica,
  { record }: Circle,
  journal: Journal,
  signatures: Map<Id, Signature>,
): Promise<void> {
  const incarnations = ledger.log.devices.get(record.device)?.incarnation ?? 0;
  for (const lane of OWN_LANES)
    for (let of = 0; of <= (lane === LANE.account ? incarnations : 0); of++)
      for (const { id, signature } of await journal.rows(chainName(ledger.circle, ledger.book, lane, of), 0))
        if (signature !== null) signatures.set(id, signature);
  for (const id of ledger.entries.keys()) {
    const signature = book.signature(id) === undefined ? undefined : await signatureOf(id);
    if (signature !== undefined) signatures.set(id, signature);
  }
}
