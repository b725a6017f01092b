/** The end of a book in stories: witnesses write their series, one act closes it, and the next one opens. */
import { sha256 } from '@noble/hashes/sha2.js';
import {
  closeBookWish,
  currentTerm,
  draftBookStops,
  keepingStatement,
  ok,
  openBook,
  planRun,
  publicKeyOfSeed,
  referenceVerify,
  signerOf,
  signWithSeed,
  toHex,
  utf8Bytes,
  verifyRun,
  type Act,
  type DeviceKey,
  type EntryDraft,
  type FoundBody,
  type Ledger,
  type NextKey,
  type PublicKey,
  type Result,
  type Steward,
  type VerifiedEntry,
  type VerifyFault,
} from '@corridor/ledger';
import { agree, approvalOf } from './acts.ts';
import { add, sign, type Person } from './village.ts';

/** The next book's key in stories: its id. */
export const NEXT_KEY = 'ab'.repeat(8);

/** The same person with the witness key of another book. */
export function inBook(who: Person, book: number): Person {
  const witnessSeed = sha256(utf8Bytes(`witness of ${who.name} in book ${book}`));
  return { ...who, witnessSeed, witness: publicKeyOfSeed(witnessSeed) };
}
/** What a device says to keep the book after this one under a fresh key. */
export function nextKey(ledger: Ledger, who: Person): NextKey {
  const { witness } = inBook(who, ledger.book + 1);
  const statement = keepingStatement(ledger.circle, ledger.book + 1, who.device, witness);
  return { witness, consent: signWithSeed(who.seed, statement) };
}
export const asSteward = (ledger: Ledger, who: Person): Steward => ({
  device: who.device,
  ...nextKey(ledger, who),
});
/** A witness ends its part in the book: the entries of its series. */
export function stopAll(
  ledger: Ledger,
  witness: Person,
  next: NextKey | null = null,
): readonly VerifiedEntry[] {
  const entries: VerifiedEntry[] = [];
  for (
    let draft = draftBookStops(ledger, witness.device, next);
    draft !== undefined;
    draft = draftBookStops(ledger, witness.device, next)
  )
    entries.push(add(ledger, draft).entry);
  return entries;
}
/** One proposes, and where there are several a quorum precommits [L1]; `consenting` sign the motion. */
export const decideAct = (
  ledger: Ledger,
  witnesses: readonly Person[],
  act: Act,
  consenting: readonly Person[] = [],
): readonly VerifiedEntry[] =>
  agree(
    ledger,
    witnesses,
    act,
    consenting.map((person) => approvalOf(ledger, person, act)),
  );
/** The act that closes the book now. */
export function closingAct(ledger: Ledger, key = NEXT_KEY): Extract<Act, { type: 'close-book' }> {
  const act = closeBookWish(ledger, key);
  if (act === undefined) throw new Error('no quorum of series that closes the book');
  return act;
}
/** Every witness stops, and the book is closed: the entries that did it. */
export function closeTheBook(ledger: Ledger, witnesses: readonly Person[]): readonly VerifiedEntry[] {
  const keeping = witnesses.filter(({ device }) => currentTerm(ledger.log, device) !== undefined);
  const stops = keeping.flatMap((witness) => stopAll(ledger, witness, nextKey(ledger, witness)));
  return [...stops, ...decideAct(ledger, keeping, closingAct(ledger))];
}
/** The book after a closed one, as this replica opens it. */
export function nextBook(ledger: Ledger): Ledger {
  const { opening, log } = ledger;
  if (opening === null || log.closed === null) throw new Error('the book is not closed');
  return openBook(ledger.founding.entry as VerifiedEntry<FoundBody>, opening, log.closed.id, ledger);
}
/** The second gate with real signatures: what becomes of a draft that `author` signs with the keys of that book. */
export function verifyReally(
  ledger: Ledger,
  author: Person,
  draft: EntryDraft,
): Result<VerifiedEntry, VerifyFault> {
  const { entry, signature } = sign(author, draft);
  const signer = signerOf(ledger.log, entry.device, entry.lane, entry.seq);
  if (!signer.ok) return signer;
  const plan = planRun({ entries: [entry], signatures: new Map([[entry.id, signature]]) }, signer.value);
  if (!plan.ok) return plan;
  const verified = verifyRun(
    plan.value,
    plan.value.checks.map((check) =>
      referenceVerify(check.key, check.message, check.signature) ? 'valid' : 'invalid',
    ),
  );
  const [one] = verified.ok ? verified.value : [];
  if (!verified.ok) return verified;
  if (one === undefined) throw new Error('nothing verified');
  return ok(one);
}
/**
 * As many people as a story needs where nobody checks a signature: their keys are hashes, because making thousands of
 * real ones would take longer than the story.
 */
export function crowd(count: number): readonly Person[] {
  const seed = sha256(utf8Bytes('nobody signs'));
  return Array.from({ length: count }, (_, index) => {
    const of = (what: string): string => toHex(sha256(utf8Bytes(`${what} of member ${index}`)));
    return {
      name: `member ${index}`,
      seed,
      device: of('device') as DeviceKey,
      witnessSeed: seed,
      witness: of('witness') as PublicKey,
    };
  });
}
