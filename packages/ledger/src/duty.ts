/** What a witness owes now: votes for what it finds in order, receipts for what it holds certificates of [P5] [P7]. */
import { KIND, LANE, type EntryDraft, type Receipt, type Vote, type VotesBody } from './entry.ts';
import { draftNext } from './draft.ts';
import type { Stored } from './feed.ts';
import type { DeviceKey, Id } from './ids.ts';
import type { Ledger } from './ledger.ts';
import { MAX_ENTRY_BYTES, MAX_VOTES } from './limits.ts';
import { currentTerm, quorum } from './log.ts';
import { claimsSettled, isCertified } from './settle.ts';
import { slotName } from './witnessLane.ts';

/** Encoded sizes, upper bounds, so that a batch stays within one entry [E2]. */
const VOTE_BYTES = 84;
const RECEIPT_BYTES = 38;
const CITED_BYTES = 8;
const OVERHEAD_BYTES = 160;

/** The next votes entry of this witness, or undefined when nothing is owed. Changes nothing. */
export function draftDuty(ledger: Ledger, device: DeviceKey): EntryDraft<VotesBody> | undefined {
  const term = currentTerm(ledger.log, device);
  if (term === undefined || ledger.halt !== null) return undefined;
  const alone = ledger.n === 1;
  let room = MAX_ENTRY_BYTES - OVERHEAD_BYTES;
  const votes: Vote[] = [];
  const receipts: Receipt[] = [];
  const hasRoom = (bytes: number): boolean =>
    votes.length + receipts.length + 2 <= MAX_VOTES && room >= bytes;

  for (const stored of ledger.toReceipt) {
    const receipt = receiptFor(ledger, stored, term.index);
    if (receipt === undefined) continue;
    const bytes = RECEIPT_BYTES + receipt.votes.length * CITED_BYTES;
    if (!hasRoom(bytes)) break;
    room -= bytes;
    receipts.push(receipt);
  }
  // Alone, a vote certifies and its receipt settles at once, so what hangs on it can follow in the same entry.
  const inBatch = new Set<Id>();
  const feeds = [...ledger.votable];
  for (let found = true; found && hasRoom(VOTE_BYTES + RECEIPT_BYTES);) {
    found = false;
    for (const feed of feeds) {
      let next = feed.certified + countIn(feed.main, feed.certified, inBatch);
      for (
        let stored = feed.main[next];
        stored !== undefined &&
        hasRoom(VOTE_BYTES + RECEIPT_BYTES) &&
        mayVote(ledger, stored, term.index, inBatch);
        stored = alone ? feed.main[++next] : undefined
      ) {
        const { device: of, incarnation, seq, id } = stored.entry;
        votes.push({ device: of, incarnation, seq, id });
        room -= VOTE_BYTES;
        inBatch.add(id);
        if (alone) {
          receipts.push({ id, votes: [] });
          room -= RECEIPT_BYTES;
          found = true;
        }
      }
    }
  }
  if (votes.length === 0 && receipts.length === 0) {
    ledger.votable.clear();
    return undefined;
  }
  return draftNext(ledger, device, LANE.witness, { kind: KIND.votes, votes, receipts });
}
function countIn(main: readonly Stored[], from: number, ids: ReadonlySet<Id>): number {
  let count = 0;
  for (let at = main[from]; at !== undefined && ids.has(at.entry.id); at = main[from + count]) count++;
  return count;
}

/** [P5]: valid, every claim settled, no other vote of ours at the slot, no proof of fault against the feed. */
function mayVote(ledger: Ledger, stored: Stored, witness: number, inBatch: ReadonlySet<Id>): boolean {
  const { entry, feed } = stored;
  if (stored.verdict.type !== 'valid' || feed.forked || inBatch.has(entry.id)) return false;
  if ((stored.votes & (1 << witness)) !== 0) return false;
  if (ledger.slotVotes.get(slotName(entry.device, entry.incarnation, entry.seq))?.[witness] !== undefined)
    return false;
  return claimsSettled(ledger, stored, ledger.n === 1 ? inBatch : undefined);
}

function receiptFor(ledger: Ledger, stored: Stored, witness: number): Receipt | undefined {
  if (stored.settled || (stored.receipts & (1 << witness)) !== 0 || !isCertified(ledger, stored))
    return undefined;
  const own = (stored.votes & (1 << witness)) !== 0 ? 1 : 0;
  const votes: { witness: number; seq: number }[] = [];
  const seqs = ledger.voteSeqs.get(stored.entry.id) ?? [];
  for (const [other, seq] of seqs.entries()) {
    if (own + votes.length === quorum(ledger.n)) break;
    if (other !== witness && seq !== undefined) votes.push({ witness: other, seq });
  }
  return own + votes.length >= quorum(ledger.n) ? { id: stored.entry.id, votes } : undefined;
}
