/** What a saved book carries beside its entries: texts, payments taken by code, and requests, each checked by itself. */
import {
  decodeInvoice,
  entryStatement,
  fail,
  invoiceCheck,
  KIND,
  LANE,
  ok,
  prefixOf,
  textRecordHash,
  type Entry,
  type ExportedEntry,
  type ExportedLog,
  type Id,
  type Ledger,
  type Result,
  type Sha256,
  type Signature,
  type SignedInvoice,
  type TextHash,
  type TextRecord,
} from '@corridor/ledger';
import type { CheckBudget, SignatureChecker } from '../ports.ts';
import type { BookFault } from '../view.ts';
import { textsNamedBy } from './namedTexts.ts';
import { MAX_HANDED, MAX_INVOICES } from './limits.ts';

export interface Beside {
  readonly texts: ReadonlyMap<TextHash, TextRecord>;
  readonly handed: readonly SignedEntry[];
  readonly requests: readonly SignedInvoice[];
}
interface SignedEntry {
  readonly entry: Entry;
  readonly signature: Signature;
}
interface Checking {
  readonly sha256: Sha256;
  readonly checker: SignatureChecker;
  readonly budget: CheckBudget;
}
const at = (line: number, reason: BookFault['reason']): Result<never, BookFault> => fail({ line, reason });

/**
 * What is kept beside the entries: each piece belongs to one of them by its hash, or is signed itself. `ledger`: the book
 * that was in use, which knows who everybody is.
 */
export async function readBeside(
  { entries, texts, handed, requests }: ExportedLog,
  books: readonly Ledger[],
  ledger: Ledger,
  ports: Checking,
): Promise<Result<Beside, BookFault>> {
  const all = books.map(namesIn);
  const named = {
    texts: new Set(all.flatMap((names) => [...names.texts])),
    invoices: new Set(all.flatMap((names) => [...names.invoices])),
  };
  // What belongs to an entry that nobody vouches for [F2] is left out with it, and is no fault of the file.
  const loose = addNames(
    { texts: new Set(), invoices: new Set() },
    entries.map(({ entry }) => entry),
  );
  const kept = new Map<TextHash, TextRecord>();
  for (const { line, record } of texts) {
    const hash = textRecordHash(record, ports.sha256);
    if (named.texts.has(hash)) kept.set(hash, record);
    else if (!loose.texts.has(hash)) return at(line, 'belongs-to-nothing');
  }
  const late = await readHanded(handed, ledger, ports);
  if (!late.ok) return late;
  for (const { entry } of late.value)
    if (entry.body.kind === KIND.pay) named.invoices.add(entry.body.invoice);
  const asked = await readRequests(requests, ledger, { named: named.invoices, loose: loose.invoices }, ports);
  return asked.ok ? ok({ texts: kept, handed: late.value, requests: asked.value }) : asked;
}
/** The hashes that this book's entries and decisions name. */
export function namesIn(ledger: Ledger): Names {
  const texts = new Set<TextHash | null>([...ledger.log.devices.values()].map(({ name }) => name));
  const invoices = new Set<Id | null>();
  texts.add(ledger.founding.entry.body.kind === KIND.found ? ledger.founding.entry.body.memberName : null);
  return addNames(
    { texts, invoices },
    [...ledger.entries.values()].map(({ entry }) => entry),
  );
}
interface Names {
  readonly texts: Set<TextHash | null>;
  readonly invoices: Set<Id | null>;
}
function addNames(names: Names, entries: readonly Entry[]): Names {
  for (const { body } of entries) {
    for (const hash of textsNamedBy(body)) names.texts.add(hash);
    if (body.kind === KIND.pay) names.invoices.add(body.invoice);
  }
  return names;
}
async function readHanded(
  handed: readonly ExportedEntry[],
  ledger: Ledger,
  { checker, budget }: Checking,
): Promise<Result<readonly SignedEntry[], BookFault>> {
  const taken: SignedEntry[] = [];
  for (const { line, entry, signature } of handed) {
    if (entry.lane !== LANE.account || entry.body.kind !== KIND.pay || taken.length >= MAX_HANDED)
      return at(line, 'unreadable');
    if (!ledger.log.devices.has(entry.device)) return at(line, 'unknown-author');
    if (signature === null) return at(line, 'bad-signature');
    const check = { key: entry.device, message: entryStatement(entry.id), signature };
    const [verdict] = await checker.check([check], budget);
    if (verdict !== 'valid') return at(line, verdict === 'invalid' ? 'bad-signature' : 'too-costly');
    taken.push({ entry, signature });
  }
  return ok(taken);
}
async function readRequests(
  requests: ExportedLog['requests'],
  ledger: Ledger,
  { named, loose }: { readonly named: ReadonlySet<Id | null>; readonly loose: ReadonlySet<Id | null> },
  { sha256, checker, budget }: Checking,
): Promise<Result<readonly SignedInvoice[], BookFault>> {
  const resolver = {
    circleOf: (prefix: string) => (prefixOf(ledger.circle) === prefix ? ledger.circle : undefined),
    deviceOf: (_circle: Id, ordinal: number) => ledger.log.ordinals[ordinal],
  };
  const taken: SignedInvoice[] = [];
  for (const { line, code } of requests) {
    const decoded = decodeInvoice(code, resolver, sha256);
    if (!decoded.ok || taken.length >= MAX_INVOICES) return at(line, 'unreadable');
    if (!named.has(decoded.value.id)) {
      if (loose.has(decoded.value.id)) continue;
      return at(line, 'belongs-to-nothing');
    }
    const [verdict] = await checker.check([invoiceCheck(decoded.value)], budget);
    if (verdict !== 'valid') return at(line, verdict === 'invalid' ? 'bad-signature' : 'too-costly');
    taken.push(decoded.value);
  }
  return ok(taken);
}
