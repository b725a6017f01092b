/** What witness entries say, counted: votes, receipts and decisions [P5] [P7] [L1]. */
import { decisionId } from './entryCodec.ts';
import { KIND, LANE, type ProposeBody, type Receipt, type RoundBody, type VotesBody } from './entry.ts';
import { isOnMain, type Stored } from './feed.ts';
import type { DeviceKey, Id } from './ids.ts';
import { openDevice, type EarlyTally, type Ledger } from './ledger.ts';
import { applyDecision, quorum, termAt } from './log.ts';
import { pushWaiting, takeWaiting } from './parked.ts';
import { countBits, noteCertified, trySettle, type Change } from './settle.ts';
import { invalid, type Verdict, VALID } from './verdict.ts';

/** The key of a slot's votes: two incarnations of one seq are two slots. */
export const slotName = (device: DeviceKey, incarnation: number, seq: number): string =>
  `${device}/${incarnation}/${seq}`;

function earlyTally(ledger: Ledger, id: Id): EarlyTally {
  const found = ledger.early.get(id);
  if (found !== undefined) return found;
  const fresh: EarlyTally = { votes: 0, receipts: 0, delivered: [] };
  ledger.early.set(id, fresh);
  return fresh;
}

/** Which witness an entry of a witness lane speaks for. */
export function witnessIndex(ledger: Ledger, stored: Stored): number | undefined {
  return termAt(ledger.log, stored.entry.device, stored.entry.seq)?.index;
}

/** Counts the votes of one witness entry, in order, then its receipts. */
export function countVotes(ledger: Ledger, stored: Stored, body: VotesBody, changes: Change[]): void {
  const witness = witnessIndex(ledger, stored);
  if (witness === undefined) return;
  const bit = 1 << witness;
  for (const vote of body.votes) {
    const slot = slotName(vote.device, vote.incarnation, vote.seq);
    const firsts = ledger.slotVotes.get(slot) ?? [];
    const first = firsts[witness];
    if (first === undefined) {
      firsts[witness] = vote.id;
      ledger.slotVotes.set(slot, firsts);
    } else if (first !== vote.id) {
      // In one chain the first vote stands and the second is only proof [I1] [I11].
      noteDoubleVote(ledger, witness, stored, vote.seq, first, vote.id, changes);
      if (isOnMain(stored)) continue;
    }
    if (ledger.n > 1) noteVoteSeq(ledger, vote.id, witness, stored.entry.seq);
    const target = ledger.entries.get(vote.id);
    if (target === undefined) earlyTally(ledger, vote.id).votes |= bit;
    else {
      target.votes |= bit;
      noteCertified(ledger, target, changes);
    }
  }
  countReceipts(ledger, stored, body, bit, changes);
  for (const waiting of takeWaiting(ledger, citedName(witness, stored.entry.seq))) {
    const index = witnessIndex(ledger, waiting);
    if (index !== undefined && waiting.entry.body.kind === KIND.votes)
      countReceipts(ledger, waiting, waiting.entry.body, 1 << index, changes);
  }
}
const citedName = (witness: number, seq: number): string => `w${witness}/${seq}`;
function noteVoteSeq(ledger: Ledger, id: Id, witness: number, seq: number): void {
  const seqs = ledger.voteSeqs.get(id) ?? [];
  seqs[witness] ??= seq;
  ledger.voteSeqs.set(id, seqs);
}

function countReceipts(
  ledger: Ledger,
  stored: Stored,
  body: VotesBody,
  bit: number,
  changes: Change[],
): void {
  for (const receipt of body.receipts) {
    if (!citesQuorum(ledger, stored, receipt, bit)) continue;
    const target = ledger.entries.get(receipt.id);
    if (target === undefined) earlyTally(ledger, receipt.id).receipts |= bit;
    else {
      target.receipts |= bit;
      trySettle(ledger, target, changes);
    }
  }
}
/**
 * A receipt counts if it cites, with the witness's own earlier vote, the votes of q different witnesses [P7].
 * A cited witness entry that has not arrived is waited for.
 */
function citesQuorum(ledger: Ledger, stored: Stored, receipt: Receipt, ownBit: number): boolean {
  let bits = hasVotedBy(ledger, stored, receipt.id) ? ownBit : 0;
  for (const { witness, seq } of receipt.votes) {
    const cited = witnessEntry(ledger, witness, seq);
    if (cited === undefined) {
      if (witness < ledger.n) pushWaiting(ledger, citedName(witness, seq), stored);
      return false;
    }
    const { body } = cited.entry;
    if (body.kind === KIND.votes && body.votes.some((v) => v.id === receipt.id)) bits |= 1 << witness;
  }
  return countBits(bits) >= quorum(ledger.n);
}
function witnessEntry(ledger: Ledger, witness: number, seq: number): Stored | undefined {
  for (const term of ledger.log.terms) {
    if (term.index !== witness || seq < term.fromSeq || (term.toSeq !== null && seq > term.toSeq)) continue;
    const found = ledger.feeds.get(term.device)?.[LANE.witness].main[seq];
    if (found !== undefined) return found;
  }
  return undefined;
}
function hasVotedBy(ledger: Ledger, stored: Stored, id: Id): boolean {
  const witness = witnessIndex(ledger, stored);
  if (witness === undefined) return false;
  const votes = ledger.entries.get(id)?.votes ?? ledger.early.get(id)?.votes ?? 0;
  return (votes & (1 << witness)) !== 0;
}

function noteDoubleVote(
  ledger: Ledger,
  witness: number,
  stored: Stored,
  seq: number,
  first: Id,
  second: Id,
  changes: Change[],
): void {
  const known = ledger.doubleVotes.some(
    (d) => d.witness === witness && d.first === first && d.second === second,
  );
  if (known) return;
  ledger.doubleVotes.push({ witness, device: stored.entry.device, seq, first, second });
  changes.push({ type: 'fault' });
}

/** Carries what early votes and receipts said over to an entry that just arrived. */
export function takeEarlyTally(ledger: Ledger, stored: Stored): void {
  const early = ledger.early.get(stored.entry.id);
  if (early === undefined) return;
  stored.votes = early.votes;
  stored.receipts = early.receipts;
  for (const device of early.delivered) if (isPayee(stored, device)) stored.delivered = true;
  ledger.early.delete(stored.entry.id);
}

/** "I have it", counted only from the one who was paid [P6]. */
export function countHave(ledger: Ledger, ids: readonly Id[], device: DeviceKey, changes: Change[]): void {
  for (const id of ids) {
    const target = ledger.entries.get(id);
    if (target === undefined) {
      const early = earlyTally(ledger, id);
      if (!early.delivered.includes(device)) early.delivered.push(device);
    } else if (isPayee(target, device) && !target.delivered) {
      target.delivered = true;
      changes.push({ type: 'delivered', stored: target });
    }
  }
}
const isPayee = (stored: Stored, device: DeviceKey): boolean => {
  const { body } = stored.entry;
  return body.kind === KIND.pay && body.to.type === 'device' && body.to.device === device;
};

/** The verdict on a proposal: unlawful if it is the next decision of this log and breaks a rule [L3]. */
export function propose(ledger: Ledger, stored: Stored, body: ProposeBody, changes: Change[]): Verdict {
  const id = decisionId(ledger.circle, body.decision, ledger.sha256);
  ledger.proposals.set(id, stored);
  const witness = witnessIndex(ledger, stored);
  if (witness === undefined) return VALID;
  // Of one witness, a proposal is prevote and precommit as well [L1].
  if (ledger.n > 1) return decideIfCertified(ledger, id, body.decision.height, body.round, changes);
  return decide(ledger, id, changes);
}
export function countRound(ledger: Ledger, stored: Stored, body: RoundBody, changes: Change[]): Verdict {
  const witness = witnessIndex(ledger, stored);
  if (witness === undefined || body.kind !== KIND.precommit || body.decision === null) return VALID;
  const name = `${body.height}/${body.round}/${body.decision}`;
  ledger.precommits.set(name, (ledger.precommits.get(name) ?? 0) | (1 << witness));
  return decideIfCertified(ledger, body.decision, body.height, body.round, changes);
}
function decideIfCertified(
  ledger: Ledger,
  id: Id,
  height: number,
  round: number,
  changes: Change[],
): Verdict {
  const bits = ledger.precommits.get(`${height}/${round}/${id}`) ?? 0;
  if (countBits(bits) < quorum(ledger.n) || !ledger.proposals.has(id)) return VALID;
  if (height > ledger.log.height + 1) return VALID;
  const verdict = decide(ledger, id, changes);
  // A decision that arrived before its predecessor was certified follows at once.
  for (const [name, more] of ledger.precommits) {
    const [h, r, next] = name.split('/');
    if (Number(h) === ledger.log.height + 1 && countBits(more) >= quorum(ledger.n))
      return decideIfCertified(ledger, next as Id, Number(h), Number(r), changes);
  }
  return verdict;
}

function decide(ledger: Ledger, id: Id, changes: Change[]): Verdict {
  const carrier = ledger.proposals.get(id);
  if (carrier === undefined || carrier.entry.body.kind !== KIND.propose)
    throw new Error('a decision without a proposal');
  const { decision } = carrier.entry.body;
  const standing = ledger.log.decided[decision.height];
  if (standing !== undefined) {
    if (standing.id !== id) halt(ledger, 'two-decisions', carrier.entry.id, changes);
    return VALID;
  }
  if (ledger.halt !== null) return VALID;
  const { device, seq } = carrier.entry;
  const applied = applyDecision(
    ledger.log,
    decision,
    id,
    { device, seq, entry: carrier.entry.id },
    ledger.isOrdinaryKey,
  );
  if (!applied.ok) {
    halt(ledger, 'unlawful-decision', carrier.entry.id, changes);
    return invalid({ rule: 'L3', code: 'decision', fault: applied.fault });
  }
  if (decision.act.type === 'admit') openDevice(ledger, decision.act.request.device);
  changes.push({ type: 'decided', height: decision.height });
  return VALID;
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
