/**
 * A saved book from a file, hostile until checked: read line by line, then verified and applied into a ledger of its
 * own, as if it had come from a peer. What every honest replica refuses refuses the file, and names the line.
 */
import {
  createLedger,
  entryStatement,
  findViolations,
  foundingCheck,
  isOrdinaryKey,
  LANE,
  fail,
  ok,
  parseLog,
  signerOf,
  verifyFounding,
  type Entry,
  type ExportedLog,
  type ExportFault,
  type Id,
  type Ledger,
  type Result,
  type Sha256,
  type Signature,
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
  /** The book by itself, whatever this phone holds. */
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
  const opened = await openFounding(parsed.value, ports, budget);
  if (!opened.ok) return opened;
  const ledger = opened.value;
  const lineOf = new Map(parsed.value.entries.map(({ entry, line }) => [entry.id, line]));
  const signatures = new Map(
    parsed.value.entries.flatMap(({ entry, signature }) =>
      signature === null ? [] : [[entry.id, signature] as const],
    ),
  );
  const entries = parsed.value.entries.slice(1).map(({ entry }) => entry);
  const folded = await fold({ ledger, lineOf, signatures, checker, budget }, chainsOf(entries));
  if (!folded.ok) return folded;
  const signed = await checkSignatures({ ledger, lineOf, signatures, checker, budget });
  if (!signed.ok) return signed;
  const beside = await readBeside(parsed.value, ledger, { sha256, checker, budget });
  if (!beside.ok) return beside;
  return ok({
    circle: parsed.value.circle,
    ledger,
    lineOf,
    signatures,
    ...beside.value,
    leftOut: folded.value,
    sumsToZero: !findViolations(ledger).some(({ invariant }) => invariant === 'I4'),
  });
}
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

async function openFounding(
  { entries }: ExportedLog,
  { sha256, checker, rules }: SavedBookPorts,
  budget: CheckBudget,
): Promise<Result<Ledger, BookFault>> {
  const [first] = entries;
  if (first === undefined || first.entry.lane !== LANE.founding) return at(first?.line ?? 1, 'not-a-book');
  if (first.signature === null) return at(first.line, 'bad-signature');
  const [verdict] = await checker.check([foundingCheck(first.entry, first.signature)], budget);
  const options = { sha256, isOrdinaryKey, ...rules };
  const verified = verifyFounding(first.entry, verdict ?? 'undecided', options.isOrdinaryKey);
  return verified.ok ? ok(createLedger(verified.value, options)) : at(first.line, 'bad-signature');
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
