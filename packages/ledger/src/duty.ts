/** What a witness owes now: votes for what it finds in order, receipts for what it holds certificates of [P5] [P7]. */
import { KIND, LANE, type EntryDraft, type Receipt, type Vote, type VotesBody } from './entry.ts';
import { draftNext } from './draft.ts';
import type { Stored } from './feed.ts';
import type { DeviceKey, Id } from './ids.ts';
import { slotOf, type Ledger } from './ledger.ts';
import { MAX_ENTRY_BYTES, MAX_VOTES } from './limits.ts';
import { currentTerm, quorum } from './log.ts';
import { isForkedNow } from './incarnations.ts';
import { hasPromised } from './promises.ts';
import { claimsSettled, countBits, isInCertifiedChain, receiptsOf } from './settle.ts';
import { witnessIndex } from './witnessLane.ts';

/** Encoded sizes, upper bounds, so that a batch stays within one entry [E2]. */
const VOTE_BYTES = 84;
const RECEIPT_BYTES = 38;
const CITED_BYTES = 8;
const OVERHEAD_BYTES = 160;

/** The next votes entry of this witness, or undefined when nothing is owed. Asked often: it costs what is open. */
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
    if (hasPromised(ledger, term.index, stored.entry.device)) continue;
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
    for (const feed of feeds)
      if (isForkedNow(ledger.log, feed) || feed.certified === feed.main.length) ledger.votable.delete(feed);
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
  if (stored.verdict.type !== 'valid' || isForkedNow(ledger.log, feed) || inBatch.has(entry.id)) return false;
  if ((stored.votes & (1 << witness)) !== 0 || hasPromised(ledger, witness, entry.device)) return false;
  // The feed is not forked, so another vote of ours at this slot can only be for what we do not hold.
  const others = ledger.earlyVotes.get(entry.device)?.get(slotOf(entry)) ?? [];
  const isOurs = (voter: Stored): boolean => witnessIndex(ledger, voter) === witness;
  if (others.some((other) => other.voters.some(isOurs))) return false;
  return claimsSettled(stored, ledger.n === 1 ? inBatch : undefined);
}

/** Our own vote and as many others' as the quorum needs, by where they stand in their lanes. */
function receiptFor(ledger: Ledger, stored: Stored, witness: number): Receipt | undefined {
  const own = 1 << witness;
  if (stored.settled || (receiptsOf(stored) & own) !== 0 || !isInCertifiedChain(stored)) return undefined;
  let cited = stored.votes & own;
  const votes: { witness: number; seq: number }[] = [];
  for (const voter of stored.voters) {
    if (countBits(cited) >= quorum(ledger.n)) break;
    const other = witnessIndex(ledger, voter);
    if (other === undefined || (cited & (1 << other)) !== 0) continue;
    cited |= 1 << other;
    votes.push({ witness: other, seq: voter.entry.seq });
  }
  return countBits(cited) >= quorum(ledger.n) ? { id: stored.entry.id, votes } : undefined;
}
