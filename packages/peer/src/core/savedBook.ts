/**
 * A saved book from a file, hostile until checked: read line by line, then verified and applied into a ledger of its
 * own, as if it had come from a peer. What every honest replica refuses refuses the file, and names the line.
 */
import {
  checkStatement,
  concatBytes,
  createLedger,
  entryStatement,
  findViolations,
  foundingCheck,
  fromHex,
  isOrdinaryKey,
  KIND,
  LANE,
  fail,
  ok,
  openBook,
  parseLog,
  signerOf,
  statementOf,
  verifyFounding,
  type Entry,
  type ExportedLog,
  type ExportFault,
  type FoundBody,
  type Id,
  type Ledger,
  type OpeningBody,
  type Result,
  type Sha256,
  type Signature,
  type VerifiedEntry,
} from '@corridor/ledger';
import type { CheckBudget, SignatureCheck, SignatureChecker } from '../ports.ts';
import type { BookFault } from '../view.ts';
import { readBeside, type Beside } from './besideBook.ts';
import { foldBook } from './bookFolding.ts';
import { passGate, type GateOutcome } from './gate.ts';
import { MAX_SAVED_BOOK_BYTES, SAVED_BOOK_CHECKS } from './limits.ts';
import { chainsOf, type OpenRun } from './opening.ts';
import type { RuleOptions } from './replica.ts';

export interface SavedBook extends Beside {
  readonly circle: Id;
  /** What those of its books begin with that are not the first. */
  readonly begins: ReadonlyMap<Ledger, Uint8Array>;
  /** Its books by themselves, oldest first, whatever this phone holds; the last is the one that was in use. */
  readonly ledgers: readonly [Ledger, ...Ledger[]];
  readonly ledger: Ledger;
  readonly lineOf: ReadonlyMap<Id, number>;
  readonly signatures: ReadonlyMap<Id, Signature>;
  /** Entries after the last signature of their chain: nobody vouches for them, and they are left where they are [F2]. */
  readonly leftOut: number;
  readonly sumsToZero: boolean;
}
export interface SavedBookPorts {
  readonly sha256: Sha256;
  readonly checker: SignatureChecker;
  readonly rules?: RuleOptions;
}
type Chain = readonly Entry[];
/** Signatures looked at before one that does not hold ends it. */
const CHECKED_AT_ONCE = 256;

/** Reads and checks a file. Keeps nothing anywhere. */
export async function readSavedBook(
  file: Uint8Array,
  ports: SavedBookPorts,
): Promise<Result<SavedBook, BookFault>> {
  const { sha256, checker } = ports;
  if (file.length > MAX_SAVED_BOOK_BYTES) return at(0, 'too-big');
  const text = textOf(file);
  const parsed = text === undefined ? undefined : parseLog(text, sha256);
  if (parsed === undefined) return at(1, 'not-a-book');
  if (!parsed.ok) return fail(faultOfLine(parsed.fault));
  const budget: CheckBudget = { left: SAVED_BOOK_CHECKS };
  const founding = await readFirst(parsed.value, ports, budget);
  if (!founding.ok) return founding;
  const lineOf = new Map(parsed.value.entries.map(({ entry, line }) => [entry.id, line]));
  const signatures = new Map(
    parsed.value.entries.flatMap(({ entry, signature }) =>
      signature === null ? [] : [[entry.id, signature] as const],
    ),
  );
  const checking = { lineOf, signatures, checker, budget };
  const read: Ledger[] = [];
  const begins = new Map<Ledger, Uint8Array>();
  let leftOut = 0;
  for (const entries of byBook(parsed.value)) {
    const start = openSaved(founding.value, entries, read.at(-1), ports);
    const opened = start?.ledger;
    if (start?.begins) begins.set(start.ledger, start.begins);
    if (opened === undefined)
      return at(lineOf.get(entries[0]?.id ?? parsed.value.circle) ?? 1, 'hangs-on-nothing');
    const folded = await fold({ ledger: opened, ...checking }, chainsOf(entries));
    if (!folded.ok) return folded;
    const signed = await checkSignatures({ ledger: opened, ...checking });
    if (!signed.ok) return signed;
    read.push(opened);
    leftOut += folded.value;
  }
  const [first = createLedger(founding.value, rulesOf(ports)), ...others] = read;
  const ledger = others.at(-1) ?? first;
  const ledgers = [first, ...others] as const;
  const beside = await readBeside(parsed.value, ledgers, ledger, { sha256, checker, budget });
  if (!beside.ok) return beside;
  return ok({
    circle: parsed.value.circle,
    ledgers,
    begins,
    ledger,
    lineOf,
    signatures,
    ...beside.value,
    leftOut,
    sumsToZero: ledgers.every((one) => !findViolations(one).some(({ invariant }) => invariant === 'I4')),
  });
}
/** The entries of each book, oldest book first; of the founding entry alone nothing. */
function byBook({ entries }: ExportedLog): readonly (readonly Entry[])[] {
  const books = new Map<number, Entry[]>();
  for (const { entry } of entries.slice(1)) {
    const known = books.get(entry.book);
    if (known === undefined) books.set(entry.book, [entry]);
    else known.push(entry);
  }
  return [...books].sort(([a], [b]) => a - b).map(([, some]) => some);
}
/** A book begins where the one before ended, or with what its own witnesses wrote down of that [B2]. */
function openSaved(
  founding: VerifiedEntry<FoundBody>,
  entries: readonly Entry[],
  before: Ledger | undefined,
  ports: SavedBookPorts,
): { readonly ledger: Ledger; readonly begins: Uint8Array | null } | undefined {
  const book = entries[0]?.book ?? 0;
  if (book === 0) return { ledger: createLedger(founding, rulesOf(ports)), begins: null };
  const ended = before?.book === book - 1 ? statementOf(before) : undefined;
  const begins = ended ?? writtenStart(entries);
  const checked = checkStatement(begins, founding, ports.sha256);
  if (!checked.ok || checked.value.opening.book !== book) return undefined;
  const { opening, closing } = checked.value;
  return { ledger: openBook(founding, opening, closing, rulesOf(ports)), begins };
}
/** Of two that claim one place the first counts: whoever mixes them has nothing that can be checked. */
function writtenStart(entries: readonly Entry[]): Uint8Array {
  const parts = new Map<number, OpeningBody>();
  for (const { body } of entries)
    if (body.kind === KIND.opening && !parts.has(body.part)) parts.set(body.part, body);
  const ordered = Array.from({ length: parts.size }, (_, part) => fromHex(parts.get(part)?.bytes ?? ''));
  return concatBytes(...ordered.filter((part) => part !== undefined));
}
const rulesOf = ({ sha256, rules }: SavedBookPorts) => ({ sha256, isOrdinaryKey, ...rules });
const at = (line: number, reason: BookFault['reason']): Result<never, BookFault> => fail({ line, reason });

function textOf(file: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(file);
  } catch {
    return undefined;
  }
}
function faultOfLine({ line, fault }: ExportFault): BookFault {
  switch (fault.code) {
    case 'newer-form':
    case 'newer-version':
      return { line, reason: 'newer' };
    case 'cut-off':
      return { line, reason: 'cut-off' };
    case 'no-final-newline':
      return { line, reason: line === 1 ? 'not-a-book' : 'cut-off' };
    default:
      // What does not even begin as a book is a picture, a letter, another app's file.
      return { line, reason: line === 1 ? 'not-a-book' : 'unreadable' };
  }
}

async function readFirst(
  { entries }: ExportedLog,
  ports: SavedBookPorts,
  budget: CheckBudget,
): Promise<Result<VerifiedEntry<FoundBody>, BookFault>> {
  const [first] = entries;
  if (first === undefined || first.entry.lane !== LANE.founding) return at(first?.line ?? 1, 'not-a-book');
  if (first.signature === null) return at(first.line, 'bad-signature');
  const [verdict] = await ports.checker.check([foundingCheck(first.entry, first.signature)], budget);
  const verified = verifyFounding(first.entry, verdict ?? 'undecided', rulesOf(ports).isOrdinaryKey);
  return verified.ok ? verified : at(first.line, 'bad-signature');
}

interface Folding {
  readonly ledger: Ledger;
  readonly lineOf: ReadonlyMap<Id, number>;
  readonly signatures: ReadonlyMap<Id, Signature>;
  readonly checker: SignatureChecker;
  readonly budget: CheckBudget;
}
/** Folds all of it, the quick way first, the rest through the gate. The answer is how many entries nobody vouches for. */
async function fold(folding: Folding, chains: readonly Chain[]): Promise<Result<number, BookFault>> {
  const { ledger, signatures, checker, budget } = folding;
  await foldBook(ledger, chains, signatures, checker, undefined, budget);
  const missing = (chain: Chain): Chain => chain.filter((entry) => !ledger.entries.has(entry.id));
  const stops = new Map<Chain, GateOutcome>();
  let rest = chains.map(missing).filter((chain) => chain.length > 0);
  for (let before = -1; rest.length > 0 && count(rest) !== before;) {
    before = count(rest);
    stops.clear();
    for (const entries of rest) {
      const run: OpenRun = { entries, signatures, sealed: new Map() };
      const outcome = await passGate(ledger, [run], checker, budget);
      const left = missing(entries);
      if (left.length > 0) stops.set(left, outcome);
    }
    rest = [...stops.keys()];
  }
  return worst(folding, stops);
}
const count = (some: readonly Chain[]): number => some.reduce((sum, chain) => sum + chain.length, 0);

/** What is left has a fault, or nobody vouches for it, or the book itself has two histories that no order joins [L1]. */
function worst(
  { ledger, lineOf, signatures, budget }: Folding,
  stops: ReadonlyMap<Chain, GateOutcome>,
): Result<number, BookFault> {
  let leftOut = 0;
  let first: BookFault | undefined;
  for (const [chain, { fault, unlinked, later }] of stops) {
    const culprit = fault !== null && 'entry' in fault ? fault.entry : chain[0]?.id;
    const line = (culprit === undefined ? undefined : lineOf.get(culprit)) ?? 1;
    const isUnsigned = !chain.some((entry) => signatures.has(entry.id));
    const reason = ((): BookFault['reason'] | undefined => {
      if (fault !== null) return reasonOf(fault.code);
      if (budget.left < 1) return 'too-costly';
      if (ledger.halt !== null) return undefined;
      if (later.length > 0) return 'unknown-author';
      return unlinked.length > 0 && !isUnsigned ? 'hangs-on-nothing' : undefined;
    })();
    if (reason === undefined) leftOut += chain.length;
    else if (first === undefined || line < first.line) first = { line, reason };
  }
  return first === undefined ? ok(leftOut) : fail(first);
}

/** The fold needs few of the signatures [F2]; who is told that they hold is told so of all. */
async function checkSignatures({
  ledger,
  lineOf,
  signatures,
  checker,
  budget,
}: Folding): Promise<Result<null, BookFault>> {
  const checks: { readonly id: Id; readonly check: SignatureCheck }[] = [];
  for (const [id, signature] of signatures) {
    const entry = ledger.entries.get(id)?.entry;
    const signer = entry && signerOf(ledger.log, entry.device, entry.lane, entry.seq);
    if (signer?.ok !== true || id === ledger.circle) continue;
    checks.push({ id, check: { key: signer.value, message: entryStatement(id), signature } });
  }
  for (let from = 0; from < checks.length; from += CHECKED_AT_ONCE) {
    const some = checks.slice(from, from + CHECKED_AT_ONCE);
    const verdicts = await checker.check(
      some.map(({ check }) => check),
      budget,
    );
    const wrong = verdicts.findIndex((verdict) => verdict !== 'valid');
    const culprit = some[wrong];
    if (culprit !== undefined)
      return at(lineOf.get(culprit.id) ?? 1, verdicts[wrong] === 'invalid' ? 'bad-signature' : 'too-costly');
  }
  return ok(null);
}
const reasonOf = (code: string): BookFault['reason'] =>
  code === 'bad-signature' || code === 'bad-evidence' || code === 'not-signed'
    ? 'bad-signature'
    : code === 'gap' || code === 'wrong-prev'
      ? 'hangs-on-nothing'
      : 'against-the-rules';
