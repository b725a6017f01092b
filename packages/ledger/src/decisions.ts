/**
 * Decisions out of witness lanes [L0] [L1]. With one witness its proposal decides at once; with several a quorum of
 * precommits in one round does, whatever the round, and what is agreed above the next height waits for its turn.
 *
 * What is counted only ever grows, so the order of arrival does not matter: a statement counts on whatever branch of a
 * forked lane it stands, and two that contradict each other both count and are kept as proof. Each kept entry adds one
 * statement, so the quota of the lanes bounds all of it, however far ahead its height or round [F4]. Statements on
 * decided heights stay: a second certified decision must stop the log whenever it shows.
 */
import { decisionId } from './entryCodec.ts';
import { KIND, type ProposeBody, type RoundBody } from './entry.ts';
import { inOrder, noteDoubleVote } from './doubleVotes.ts';
import type { Stored } from './feed.ts';
import type { DeviceKey, Id } from './ids.ts';
import { judgeDecision } from './judgeDecision.ts';
import { enact } from './enact.ts';
import type { Ledger, LogHalt } from './ledger.ts';
import { decidedAt, quorum, termAt } from './log.ts';
import type { Statement, Step } from './rounds.ts';
import { countBits, type Change } from './settle.ts';
import { invalid, VALID, type Verdict } from './verdict.ts';

/** What witnesses said at one height. */
export interface HeightRecord {
  readonly rounds: Map<number, RoundRecord>;
  /** Decisions that a quorum precommitted in one round. */
  readonly agreed: Set<Id>;
}
/** In one round: by step and decision, who said it (bit i is witness i); and each device's first statement. */
interface RoundRecord extends Readonly<Record<Step, Map<Id | null, number>>> {
  readonly first: Map<`${Step}/${DeviceKey}`, { readonly stored: Stored; readonly id: Id | null }>;
}

/** The verdict on a proposal: of one witness, unlawful if it breaks a rule as the log's next decision [L3]. */
export function propose(ledger: Ledger, stored: Stored, body: ProposeBody, changes: Change[]): Verdict {
  const { height } = body.decision;
  const id = decisionId(ledger.circle, body.decision, ledger.sha256);
  if (!ledger.proposals.has(id)) ledger.proposals.set(id, stored);
  const counts = note(ledger, stored, height, { round: body.round, step: 'propose', id }, changes);
  if (ledger.n > 1) {
    decideAgreed(ledger, height, changes);
    return VALID;
  }
  if (counts === undefined) return VALID;
  // It follows one that is not decided yet: its turn comes after.
  if (ledger.awaiting !== null && height > ledger.log.height + 1) {
    recordAt(ledger, height).agreed.add(id);
    return VALID;
  }
  return decide(ledger, id, stored, changes);
}
/** Counts a prevote or a precommit, and decides what it completes. */
export function countRound(ledger: Ledger, stored: Stored, body: RoundBody, changes: Change[]): void {
  const { height, round, decision: id } = body;
  const step = body.kind === KIND.prevote ? 'prevote' : 'precommit';
  const bits = note(ledger, stored, height, { round, step, id }, changes);
  if (step === 'prevote' || id === null || bits === undefined || countBits(bits) < quorum(ledger.n)) return;
  recordAt(ledger, height).agreed.add(id);
  decideAgreed(ledger, height, changes);
}

/** Enters a statement; whoever has said the same by now, or undefined if the height is not its to speak of. */
function note(
  ledger: Ledger,
  stored: Stored,
  height: number,
  { round, step, id }: Statement,
  changes: Change[],
): number | undefined {
  const { device, seq } = stored.entry;
  // What a former keeper adds to a branch of its old term says nothing of what came after that term.
  const term = termAt(ledger.log, device, seq);
  if (term === undefined || height <= term.fromHeight) return undefined;
  if (term.toHeight !== null && height > term.toHeight) return undefined;
  const votes = roundAt(ledger, height, round);
  const first = votes.first.get(`${step}/${device}`);
  if (first === undefined) votes.first.set(`${step}/${device}`, { stored, id });
  else if (first.id !== id) {
    const [earlier, later] = inOrder(first.stored, stored);
    const pair = { witness: term.index, device, first: earlier, second: later };
    noteDoubleVote(ledger, { ...pair, kind: step, height, round }, changes);
  }
  const bits = (votes[step].get(id) ?? 0) | (1 << term.index);
  votes[step].set(id, bits);
  return bits;
}
function recordAt(ledger: Ledger, height: number): HeightRecord {
  const found = ledger.heights.get(height);
  if (found !== undefined) return found;
  const fresh: HeightRecord = { rounds: new Map(), agreed: new Set() };
  ledger.heights.set(height, fresh);
  return fresh;
}
function roundAt(ledger: Ledger, height: number, round: number): RoundRecord {
  const { rounds } = recordAt(ledger, height);
  const found = rounds.get(round);
  if (found !== undefined) return found;
  const fresh: RoundRecord = {
    propose: new Map(),
    prevote: new Map(),
    precommit: new Map(),
    first: new Map(),
  };
  rounds.set(round, fresh);
  return fresh;
}

/**
 * Decides what is agreed at that height and is here, and then what waited for its turn above. To be called again for
 * the next height when something arrived that an agreed decision waited for.
 */
export function decideAgreed(ledger: Ledger, height: number, changes: Change[]): void {
  if (height > ledger.log.height + 1) return;
  let before: number;
  let at = height;
  do {
    before = ledger.log.height;
    for (const id of ledger.heights.get(at)?.agreed ?? []) {
      const carrier = ledger.proposals.get(id);
      if (carrier === undefined) continue;
      const verdict = decide(ledger, id, carrier, changes);
      if (ledger.n === 1) carrier.verdict = verdict;
    }
    at = ledger.log.height + 1;
  } while (ledger.log.height > before);
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
    case 'loses-settled':
      halt(ledger, 'loses-settled', carrier.entry.id, changes);
      return VALID;
    case 'waiting':
      // What it cites is on its way: looked at again with every entry that comes.
      recordAt(ledger, decision.height).agreed.add(id);
      ledger.awaiting = { id, missing: verdict.ids };
      return VALID;
    case 'lawful':
      enact(ledger, decision, id, from, verdict.closed, changes);
      return VALID;
  }
}
/** Decisions that are agreed on and waited for what they cite, tried again [C1]. */
export function decideAwaited(ledger: Ledger, changes: Change[]): void {
  ledger.awaiting = null;
  decideAgreed(ledger, ledger.log.height + 1, changes);
}
function halt(ledger: Ledger, reason: LogHalt['reason'], entry: Id, changes: Change[]): void {
  if (ledger.halt !== null) return;
  ledger.halt = { reason, entry };
  changes.push({ type: 'halted' });
}
