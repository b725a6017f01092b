/**
 * Decisions out of witness lanes [L0] [L1]. With one witness its proposal decides at once; with several a quorum of
 * precommits in one round does, and what is agreed above the next height waits for its turn.
 */
import { decisionId } from './entryCodec.ts';
import { KIND, type ProposeBody, type RoundBody } from './entry.ts';
import type { Stored } from './feed.ts';
import type { Id } from './ids.ts';
import { judgeDecision } from './decisionRules.ts';
import { enact } from './enact.ts';
import type { Ledger } from './ledger.ts';
import { decidedAt, quorum, termAt } from './log.ts';
import { countBits, type Change } from './settle.ts';
import { invalid, VALID, type Verdict } from './verdict.ts';

/** The verdict on a proposal: of one witness, unlawful if it breaks a rule as the log's next decision [L3]. */
export function propose(ledger: Ledger, stored: Stored, body: ProposeBody, changes: Change[]): Verdict {
  const id = decisionId(ledger.circle, body.decision, ledger.sha256);
  if (ledger.proposals.get(id) === undefined) ledger.proposals.set(id, stored);
  if (ledger.n > 1) {
    decideAgreed(ledger, id, changes);
    return VALID;
  }
  // What a former keeper adds to a branch of its old term decides nothing after that term.
  const term = termAt(ledger.log, stored.entry.device, stored.entry.seq);
  const { height } = body.decision;
  if (term === undefined || height <= term.fromHeight) return VALID;
  if (term.toHeight !== null && height > term.toHeight) return VALID;
  return decide(ledger, id, stored, changes);
}
export function countRound(ledger: Ledger, stored: Stored, body: RoundBody, changes: Change[]): void {
  const witness = termAt(ledger.log, stored.entry.device, stored.entry.seq)?.index;
  if (witness === undefined || body.kind !== KIND.precommit || body.decision === null) return;
  const name = `${body.height}/${body.round}/${body.decision}`;
  const bits = (ledger.precommits.get(name) ?? 0) | (1 << witness);
  ledger.precommits.set(name, bits);
  if (countBits(bits) < quorum(ledger.n)) return;
  ledger.agreed.add(`${body.height}/${body.decision}`);
  decideAgreed(ledger, body.decision, changes);
}
function decideAgreed(ledger: Ledger, first: Id, changes: Change[]): void {
  const work = [first];
  for (let id = work.pop(); id !== undefined; id = work.pop()) {
    const carrier = ledger.proposals.get(id);
    if (carrier?.entry.body.kind !== KIND.propose) continue;
    const { height } = carrier.entry.body.decision;
    if (!ledger.agreed.has(`${height}/${id}`)) continue;
    if (height > ledger.log.height + 1) {
      const ahead = ledger.agreedAhead.get(height) ?? [];
      if (!ahead.includes(id)) ledger.agreedAhead.set(height, [...ahead, id]);
      continue;
    }
    decide(ledger, id, carrier, changes);
    const next = ledger.agreedAhead.get(ledger.log.height + 1);
    if (next === undefined) continue;
    ledger.agreedAhead.delete(ledger.log.height + 1);
    work.push(...next);
  }
}

function decide(ledger: Ledger, id: Id, carrier: Stored, changes: Change[]): Verdict {
  if (carrier.entry.body.kind !== KIND.propose) throw new Error('a decision without a proposal');
  const { decision } = carrier.entry.body;
  const standing = decidedAt(ledger.log, decision.height);
  if (standing !== undefined) {
    if (standing.id !== id) halt(ledger, 'two-decisions', carrier.entry.id, changes);
    return VALID;
  }
  // Nothing follows a closed book: what its keys still sign decides nothing [I15].
  if (ledger.halt !== null || ledger.log.closed !== null) return VALID;
  const { device, seq } = carrier.entry;
  const from = { device, seq, entry: carrier.entry.id };
  const verdict = judgeDecision(ledger, decision);
  switch (verdict.type) {
    case 'unlawful':
      halt(ledger, 'unlawful-decision', carrier.entry.id, changes);
      return invalid({ rule: 'L3', code: 'decision', fault: verdict.fault });
    case 'waiting':
      // What it cites is on its way: looked at again with every entry that comes.
      ledger.awaiting = { id, carrier };
      return VALID;
    case 'lawful':
      ledger.awaiting = null;
      enact(ledger, decision, id, from, verdict.closed, changes);
      return VALID;
  }
}
/** A decision that waited for what it cites, tried again. */
export function decideAwaited(ledger: Ledger, changes: Change[]): void {
  const { awaiting } = ledger;
  if (awaiting === null) return;
  decide(ledger, awaiting.id, awaiting.carrier, changes);
}
function halt(
  ledger: Ledger,
  reason: 'two-decisions' | 'unlawful-decision',
  entry: Id,
  changes: Change[],
): void {
  if (ledger.halt !== null) return;
  ledger.halt = { reason, entry };
  changes.push({ type: 'halted' });
}
