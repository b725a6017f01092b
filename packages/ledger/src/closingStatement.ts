/**
 * The closing statement: a book's last decision and what the next one begins with [B1] [B2]. The decision's id covers the
 * opening's hash, and every later decision's id covers that of the one before; so whoever knows any of them can tell.
 */
import type { Decision } from './act.ts';
import { readDecision, writeDecision } from './decisionCodec.ts';
import { KIND, type Entry, type FoundBody, type OpeningBody } from './entry.ts';
import { decisionId, type Sha256 } from './entryCodec.ts';
import { concatBytes, toHex } from './bytes.ts';
import type { Id } from './ids.ts';
import type { Ledger } from './ledger.ts';
import { MAX_OPENING_PART_BYTES } from './limits.ts';
import { encodeOpening, checkOpening, type OpeningFault } from './openingCodec.ts';
import type { BookOpening } from './opening.ts';
import { createReader, readArray, type DecodeFault } from './reader.ts';
import { fail, ok, type Result } from './result.ts';
import { createWriter, writeArray, written } from './writer.ts';

/** A statement that was checked. */
export interface ClosingStatement {
  /** The closing decision's id. */
  readonly closing: Id;
  readonly opening: BookOpening;
}
export type StatementFault =
  | OpeningFault
  | { readonly rule: 'B2'; readonly code: 'not-a-statement'; readonly fault: DecodeFault }
  | { readonly rule: 'B2'; readonly code: 'another-decision' };

/** The statement of a closed book; undefined while it is open. */
export function statementOf(ledger: Ledger): Uint8Array | undefined {
  const { closed } = ledger.log;
  const body = closed === null ? undefined : ledger.proposals.get(closed.id)?.entry.body;
  if (body?.kind !== KIND.propose || ledger.opening === null) return undefined;
  return statementBytes(body.decision, ledger.opening);
}
export function statementBytes(decision: Decision, opening: BookOpening): Uint8Array {
  const w = createWriter();
  writeArray(w, 2);
  writeDecision(w, decision);
  return concatBytes(written(w), encodeOpening(opening));
}
/** Total. What the decision says of the opening is true, or it is a fault; whether anybody decided it, is not looked at. */
export function checkStatement(
  bytes: Uint8Array,
  founding: Pick<Entry<FoundBody>, 'id' | 'device'>,
  sha256: Sha256,
): Result<ClosingStatement, StatementFault> {
  const r = createReader(bytes);
  readArray(r, 'statement', 2);
  const decision: Decision = readDecision(r);
  if (r.fault !== undefined) return fail({ rule: 'B2', code: 'not-a-statement', fault: r.fault });
  const { act, height, prev } = decision;
  if (act.type !== 'close-book') return fail({ rule: 'B2', code: 'another-decision' });
  const checked = checkOpening(bytes.subarray(r.at), act.opening, founding, sha256);
  if (!checked.ok) return checked;
  const opening = checked.value;
  if (opening.height !== height || opening.before !== prev || opening.key !== act.key)
    return fail({ rule: 'B2', code: 'another-decision' });
  return ok({ closing: decisionId(founding.id, decision, sha256), opening });
}

/** The statement cut into what witness entries can hold. */
export function partsOfStatement(bytes: Uint8Array): readonly OpeningBody[] {
  const parts = Math.ceil(bytes.length / MAX_OPENING_PART_BYTES);
  return Array.from({ length: parts }, (_, part) => ({
    kind: KIND.opening,
    part,
    parts,
    bytes: toHex(bytes.subarray(part * MAX_OPENING_PART_BYTES, (part + 1) * MAX_OPENING_PART_BYTES)),
  }));
}
