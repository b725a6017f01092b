/** The whole book that is here as a file to take away: all that others may know, and nothing that signs. */
import {
  exportLines,
  KIND,
  LANE,
  textRecordHash,
  type Id,
  type Sha256,
  type Signature,
} from '@corridor/ledger';
import type { Journal } from '../ports.ts';
import { namesIn } from './besideBook.ts';
import { chainName } from './bookStore.ts';
import type { Circle } from './circle.ts';

const OWN_LANES = [LANE.witness, LANE.account, LANE.voice] as const;

export async function exportBook(circle: Circle, journal: Journal, sha256: Sha256): Promise<Uint8Array> {
  const { replica, handed, invoices, texts } = circle;
  const { ledger, book } = replica;
  const signatures = new Map<Id, Signature>();
  // Of our own entries the journal still knows what the book keeps of each feed's newest alone.
  const incarnations = ledger.log.devices.get(circle.record.device)?.incarnation ?? 0;
  for (const lane of OWN_LANES)
    for (let of = 0; of <= (lane === LANE.account ? incarnations : 0); of++)
      for (const { id, signature } of await journal.rows(chainName(ledger.circle, ledger.book, lane, of), 0))
        if (signature !== null) signatures.set(id, signature);
  for (const id of ledger.entries.keys()) {
    const signature = book.signature(id) === undefined ? undefined : await replica.signatureOf(id);
    if (signature !== undefined) signatures.set(id, signature);
  }
  const waiting = handed.waiting();
  const named = namesIn(ledger);
  for (const { entry } of waiting) if (entry.body.kind === KIND.pay) named.invoices.add(entry.body.invoice);
  const lines = exportLines(ledger, (id) => signatures.get(id), {
    handed: waiting,
    requests: [...named.invoices].flatMap((id) => (id === null ? [] : (invoices.codeOf(id) ?? []))),
    // A text whose payment was never signed belongs to nothing.
    texts: (await texts.records()).filter((record) => named.texts.has(textRecordHash(record, sha256))),
  });
  return new TextEncoder().encode([...lines].join(''));
}
