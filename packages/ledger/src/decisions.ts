/**
 * Decisions out of witness lanes [L0] [L1]. With one witness its proposal decides at once; with several a quorum of
 * precommits in one round does, and what is agreed above the next height waits for its turn.
 */
import { decisionId } from './entryCodec.ts';
import { KIND, type ProposeBody, type RoundBody } from './entry.ts';
import type { Stored } from './feed.ts';
import type { Id } from './ids.ts';
import { judgeDecision } from './judgeDecision.ts';
import { enact } from './enact.ts';
import type { Ledger, LogHalt } from './ledger.ts';
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
  // It follows one that is not decided yet: its turn comes after.
  if (ledger.awaiting !== null && ledger.awaiting.id !== id) {
    ledger.heldBack.push(stored);
    return VALID;
  }
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
    work.push(...takeAhead(ledger));
  }
}
/** What was agreed on before its turn, and whose turn it is now. */
function takeAhead(ledger: Ledger): readonly Id[] {
  const next = ledger.log.height + 1;
  const ids = ledger.agreedAhead.get(next) ?? [];
  ledger.agreedAhead.delete(next);
  return ids;
}

function decide(ledger: Ledger, id: Id, carrier: Stored, changes: Change[]): Verdict {
  if (carrier.entry.body.kind !== KIND.propose) throw new Error('a decision without a proposal');
  const { decision } = carrier.entry.body;
  const standing = decidedAt(ledger.log, decision.height);
  if (standing !== undefined) {
    if (standing.id !== id) halt(ledger, 'two-decisions', carrier.entry.id, changes);
    return VALID;
  }
  if (ledger.halt !== null) return VALID;
  const { device, seq } = carrier.entry;
  const from = { device, seq, entry: carrier.entry.id };
  const verdict = judgeDecision(ledger, decision);
  switch (verdict.type) {
    case 'unlawful':
      halt(ledger, 'unlawful-decision', carrier.entry.id, changes);
      return invalid({ rule: 'L3', code: 'decision', fault: verdict.fault });
    case 'loses-settled':
      halt(ledger, 'loses-settled', carrier.entry.id, changes);
      return VALID;
    case 'waiting':
      // What it cites is on its way: looked at again with every entry that comes.
      ledger.awaiting = { id, carrier, missing: verdict.ids };
      return VALID;
    case 'lawful':
      enact(ledger, decision, id, from, verdict.closed, changes);
      return VALID;
  }
}
/** A decision that waited for what it cites, tried again; then those that came in the meantime and follow it. */
export function decideAwaited(ledger: Ledger, changes: Change[]): void {
  const { awaiting } = ledger;
  if (awaiting === null) return;
  ledger.awaiting = null;
  const verdict = decide(ledger, awaiting.id, awaiting.carrier, changes);
  if (ledger.awaiting !== null) return;
  if (ledger.n > 1) {
    for (const id of takeAhead(ledger)) decideAgreed(ledger, id, changes);
    return;
  }
  awaiting.carrier.verdict = verdict;
  for (const stored of ledger.heldBack.splice(0)) {
    const { body } = stored.entry;
    if (body.kind === KIND.propose) stored.verdict = propose(ledger, stored, body, changes);
  }
}
function halt(ledger: Ledger, reason: LogHalt['reason'], entry: Id, changes: Change[]): void {
  if (ledger.halt !== null) return;
  ledger.halt = { reason, entry };
  changes.push({ type: 'halted' });
}
