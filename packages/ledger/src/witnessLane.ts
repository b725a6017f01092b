/**
 * What witness entries say, counted: votes and receipts [P5] [P7]; and what a payee says, "I have it" [P6]. Counting
 * only ever adds, and each rule looks at chains, so the order of arrival does not matter.
 */
import { noteDoubleVote } from './doubleVotes.ts';
import { KIND, LANE, type Receipt, type Vote, type VotesBody } from './entry.ts';
import { isInChain, type Stored } from './feed.ts';
import type { DeviceKey, Id } from './ids.ts';
import { slotOf, type EarlyTally, type EarlyVotes, type Ledger } from './ledger.ts';
import { quorum, termAt } from './log.ts';
import { stopBefore } from './promises.ts';
import { countBits, noteCertified, trySettle, type Change } from './settle.ts';

/** Which witness an entry of a witness lane speaks for. */
export function witnessIndex(ledger: Ledger, stored: Stored): number | undefined {
  return termAt(ledger.log, stored.entry.device, stored.entry.seq)?.index;
}

/** Counts the votes of one witness entry, in order, then its receipts. */
export function countVotes(ledger: Ledger, stored: Stored, body: VotesBody, changes: Change[]): void {
  const witness = witnessIndex(ledger, stored);
  if (witness === undefined) return;
  // Whom it votes for first has it as the only voter: one list does for all of them.
  const alone = [stored] as const;
  for (const vote of body.votes) {
    const target = ledger.entries.get(vote.id);
    const stop = stopBefore(ledger, stored, vote);
    if (stop !== undefined) {
      const { device } = stored.entry;
      const pair = { witness, device, first: stop.entry.id, second: vote.id };
      noteDoubleVote(ledger, { ...pair, kind: 'after-promise', seq: vote.seq }, changes);
      continue;
    }
    if (!isAlone(ledger, target, vote) && contradictsItself(ledger, stored, witness, vote, changes)) continue;
    if (target === undefined || !isAtSlot(target, vote)) {
      const early = earlyVotesAt(ledger, vote);
      early.voters = withVoter(early.voters, alone);
      continue;
    }
    target.voters = withVoter(target.voters, alone);
    target.votes |= 1 << witness;
    noteCertified(ledger, target, changes);
    if (!target.settled) trySettle(ledger, target, changes);
  }
  for (const receipt of body.receipts) countReceipt(ledger, witness, receipt, changes);
}
/** The common case: the only entry that anybody has named at that slot. */
const isAlone = (ledger: Ledger, target: Stored | undefined, vote: Vote): boolean =>
  target !== undefined &&
  ledger.earlyVotes.size === 0 &&
  target.feed.side.size === 0 &&
  isAtSlot(target, vote);
const isAtSlot = ({ entry }: Stored, vote: Vote): boolean =>
  entry.lane === LANE.account &&
  entry.device === vote.device &&
  entry.seq === vote.seq &&
  entry.incarnation === vote.incarnation;
function earlyVotesAt(ledger: Ledger, vote: Vote): EarlyVotes {
  const { device, id } = vote;
  let bySlot = ledger.earlyVotes.get(device);
  if (bySlot === undefined) ledger.earlyVotes.set(device, (bySlot = new Map<string, EarlyVotes[]>()));
  const slot = slotOf(vote);
  let here = bySlot.get(slot);
  if (here === undefined) bySlot.set(slot, (here = []));
  const found = here.find((early) => early.id === id);
  if (found !== undefined) return found;
  const fresh: EarlyVotes = { id, voters: [] };
  here.push(fresh);
  return fresh;
}
/** A vote repeated in one chain says nothing new; on another branch it counts by itself. */
function withVoter(voters: readonly Stored[], alone: readonly [Stored]): readonly Stored[] {
  if (voters.length === 0) return alone;
  const [voter] = alone;
  return voters.some((known) => known === voter || isInChain(known, voter)) ? voters : [...voters, voter];
}

/**
 * Whether this vote comes second in its own chain: there the first stands, and the second is only proof [I1] [I11].
 * Votes of two branches of one lane contradict as well, but each of them counts.
 */
function contradictsItself(
  ledger: Ledger,
  stored: Stored,
  witness: number,
  vote: Vote,
  changes: Change[],
): boolean {
  let second = false;
  const compare = (rival: Id, voters: readonly Stored[]): void => {
    if (rival === vote.id) return;
    for (const voter of voters) {
      if (voter.entry.device !== stored.entry.device) continue;
      const isEarlier = voter === stored || isInChain(voter, stored);
      const [first, later] = isEarlier || rival < vote.id ? [rival, vote.id] : [vote.id, rival];
      const { device } = stored.entry;
      const pair = { witness, device, first, second: later };
      noteDoubleVote(ledger, { ...pair, kind: 'vote', seq: vote.seq }, changes);
      second ||= isEarlier;
    }
  };
  const feed = ledger.feeds.get(vote.device)?.[LANE.account];
  const onMain = feed?.main[vote.seq];
  if (onMain !== undefined && onMain.entry.incarnation === vote.incarnation)
    compare(onMain.entry.id, onMain.voters);
  if (feed !== undefined && feed.side.size > 0)
    for (const side of feed.sideAt.get(vote.seq) ?? [])
      if (side.entry.incarnation === vote.incarnation) compare(side.entry.id, side.voters);
  const early =
    ledger.earlyVotes.size === 0 ? undefined : ledger.earlyVotes.get(vote.device)?.get(slotOf(vote));
  if (early !== undefined) for (const { id, voters } of early) compare(id, voters);
  return second;
}

/**
 * A receipt counts if it names, with the witness's own vote, q different witnesses [P7]. Whether their votes are real
 * is not taken from it: an entry settles only when it is certified here too.
 */
function countReceipt(ledger: Ledger, witness: number, receipt: Receipt, changes: Change[]): void {
  const own = 1 << witness;
  let named = 0;
  for (const vote of receipt.votes) if (vote.witness < ledger.n) named |= 1 << vote.witness;
  const q = quorum(ledger.n);
  if (countBits(named | own) < q) return;
  const target = ledger.entries.get(receipt.id);
  const tally = target ?? earlyTally(ledger, receipt.id);
  if (countBits(named) >= q) tally.receipts |= own;
  else tally.ownReceipts |= own;
  if (target !== undefined) trySettle(ledger, target, changes);
}
function earlyTally(ledger: Ledger, id: Id): EarlyTally {
  const found = ledger.early.get(id);
  if (found !== undefined) return found;
  const fresh: EarlyTally = { receipts: 0, ownReceipts: 0, delivered: [] };
  ledger.early.set(id, fresh);
  return fresh;
}

/** Carries what was said early over to an account entry that just arrived. */
export function takeEarly(ledger: Ledger, stored: Stored): void {
  const { id, device } = stored.entry;
  const bySlot = ledger.earlyVotes.size === 0 ? undefined : ledger.earlyVotes.get(device);
  const here = bySlot?.get(slotOf(stored.entry));
  const at = here?.findIndex((early) => early.id === id) ?? -1;
  const votes = here?.[at];
  if (bySlot !== undefined && here !== undefined && votes !== undefined) {
    here.splice(at, 1);
    if (here.length === 0) bySlot.delete(slotOf(stored.entry));
    if (bySlot.size === 0) ledger.earlyVotes.delete(device);
    // Now that its device is known: who had promised to stop before.
    const voters = votes.voters.filter((voter) => stopBefore(ledger, voter, stored.entry) === undefined);
    stored.voters = voters;
    stored.votes = bitsOf(ledger, voters);
  }
  const early = ledger.early.size === 0 ? undefined : ledger.early.get(id);
  if (early === undefined) return;
  ledger.early.delete(id);
  stored.receipts = early.receipts;
  stored.ownReceipts = early.ownReceipts;
  for (const payee of early.delivered) if (isPayee(stored, payee)) stored.delivered = true;
}
/** Which witnesses these entries speak for, as bits. */
function bitsOf(ledger: Ledger, voters: readonly Stored[]): number {
  let bits = 0;
  for (const voter of voters) {
    const witness = witnessIndex(ledger, voter);
    if (witness !== undefined) bits |= 1 << witness;
  }
  return bits;
}
/** Whether the witnesses certified an entry that is not here yet: then there is always room for it [F3]. */
export function isCertifiedAhead(
  ledger: Ledger,
  entry: { readonly id: Id; readonly device: DeviceKey; readonly incarnation: number; readonly seq: number },
): boolean {
  const votes = ledger.earlyVotes
    .get(entry.device)
    ?.get(slotOf(entry))
    ?.find(({ id }) => id === entry.id);
  return votes !== undefined && countBits(bitsOf(ledger, votes.voters)) >= quorum(ledger.n);
}

/** "I have it", counted only from the one who was paid [P6]. */
export function countHave(ledger: Ledger, ids: readonly Id[], device: DeviceKey, changes: Change[]): void {
  for (const id of ids) {
    const target = ledger.entries.get(id);
    if (target === undefined) {
      const early = earlyTally(ledger, id);
      if (!early.delivered.includes(device)) early.delivered = [...early.delivered, device];
    } else if (!target.delivered && isPayee(target, device)) {
      target.delivered = true;
      changes.push({ type: 'delivered', stored: target });
    }
  }
}
const isPayee = (stored: Stored, device: DeviceKey): boolean => {
  const { body } = stored.entry;
  return body.kind === KIND.pay && body.to.type === 'device' && body.to.device === device;
};
