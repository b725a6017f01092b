/**
 * The third gate, *apply*: verified entries against the state. It keeps what hangs on a chain it knows, parks what
 * cites things it lacks [P2], keeps a fork as a proof [F3], and folds what the witnesses settled [P9].
 * A new entry costs what it changes, never the size of the ledger.
 */
import { countRound, decideAwaited, propose } from './decisions.ts';
import { KIND, LANE } from './entry.ts';
import { addToSide, headOf, type Feed, type Stored } from './feed.ts';
import type { Id } from './ids.ts';
import { claimantsOfNew, judge, register, wake } from './judge.ts';
import type { Ledger } from './ledger.ts';
import { MAX_PROOFS_PER_FEED } from './limits.ts';
import { isInForce } from './incarnations.ts';
import { findPlace, type ApplyFault } from './place.ts';
import { noteToReceipt, type Change } from './settle.ts';
import { noteMotion, noteRecovery } from './motions.ts';
import { noteStop } from './promises.ts';
import { UNJUDGED, VALID } from './verdict.ts';
import type { VerifiedEntry } from './verify.ts';
import { countHave, countVotes, takeEarly } from './witnessLane.ts';

export type Applied =
  | { readonly type: 'known'; readonly stored: Stored }
  | { readonly type: 'kept'; readonly stored: Stored; readonly changes: readonly Change[] }
  | { readonly type: 'refused'; readonly fault: ApplyFault };

/** Shared by all that have none yet, and never written to. */
const NONE: Stored[] = [];

export function applyEntry(ledger: Ledger, entry: VerifiedEntry): Applied {
  const known = ledger.entries.get(entry.id);
  if (known !== undefined) return { type: 'known', stored: known };
  const place = findPlace(ledger, entry);
  if (!place.ok) return { type: 'refused', fault: place.fault };
  const { feed, prev, laneBytes } = place.value;
  const stored: Stored = {
    entry,
    prev,
    feed,
    laneBytes,
    verdict: entry.lane === LANE.account ? UNJUDGED : VALID,
    cited: NONE,
    claimants: NONE,
    voters: NONE,
    votes: 0,
    receipts: 0,
    ownReceipts: 0,
    settled: false,
    fixed: false,
    awaited: false,
    delivered: false,
  };
  const changes: Change[] = [{ type: 'kept', stored }];
  ledger.entries.set(entry.id, stored);
  const { height } = ledger.log;
  const rival = siblingOf(feed, prev, entry);
  if (headOf(feed) === prev && isInForce(ledger.log, stored)) feed.main.push(stored);
  else addToSide(stored);
  if (rival !== undefined) keepProof(ledger, rival, stored, changes);
  read(ledger, stored, changes);
  followLog(ledger, height, changes);
  noteToReceipt(ledger, changes);
  return { type: 'kept', stored, changes };
}

/** A kept entry of the same incarnation that follows the same one: with the new one, the place where two histories part [F3]. */
function siblingOf(
  feed: Feed,
  prev: Stored | undefined,
  { seq, incarnation }: VerifiedEntry,
): Stored | undefined {
  const isSibling = (s: Stored): boolean => s.prev === prev && s.entry.incarnation === incarnation;
  const onMain = feed.main[seq];
  if (onMain !== undefined && isSibling(onMain)) return onMain;
  return feed.side.size === 0 ? undefined : feed.sideAt.get(seq)?.find(isSibling);
}
function keepProof(ledger: Ledger, known: Stored, fresh: Stored, changes: Change[]): void {
  const { feed } = fresh;
  const { seq, incarnation } = fresh.entry;
  feed.forked = true;
  feed.forkedIn = Math.max(incarnation, feed.forkedIn ?? 0);
  const place = `${incarnation}/${seq}`;
  if (feed.proofAt.size >= MAX_PROOFS_PER_FEED || feed.proofAt.has(place)) return;
  feed.proofAt.add(place);
  const [left, right] = known.entry.id < fresh.entry.id ? [known, fresh] : [fresh, known];
  ledger.forks.push({ device: feed.device, lane: feed.lane, seq, left, right });
  changes.push({ type: 'fault' });
}

/** Decides what waited for what has just come, and wakes whoever waited for heights above `height`. */
function followLog(ledger: Ledger, height: number, changes: Change[]): void {
  const { log } = ledger;
  if (ledger.awaiting !== null) decideAwaited(ledger, changes);
  for (let reached = height; reached < log.height;) {
    wake(ledger, `#${++reached}`, changes);
    if (reached === log.height && ledger.awaiting !== null) decideAwaited(ledger, changes);
  }
}

/** Reads a kept entry by its kind, then wakes whoever waited for it. */
function read(ledger: Ledger, stored: Stored, changes: Change[]): void {
  const { body, device, id } = stored.entry;
  switch (body.kind) {
    case KIND.pay:
    case KIND.claim:
      takeEarly(ledger, stored);
      claimantsOfNew(ledger, stored);
      register(ledger, stored);
      judge(ledger, stored, changes);
      return;
    case KIND.have:
      countHave(ledger, body.ids, device, changes);
      break;
    case KIND.votes:
      countVotes(ledger, stored, body, changes);
      break;
    case KIND.propose:
      stored.verdict = propose(ledger, stored, body, changes);
      break;
    case KIND.prevote:
    case KIND.precommit:
      countRound(ledger, stored, body, changes);
      break;
    case KIND.stop:
      noteStop(ledger, stored);
      break;
    case KIND.motion:
    case KIND.approve:
      noteMotion(ledger, stored);
      break;
    case KIND.joinRequest:
      noteRecovery(ledger, stored);
      break;
    case KIND.offerKeeping:
    case KIND.comment:
    case KIND.bookKeys:
    case KIND.sharedText:
    case KIND.askRoom:
    case KIND.foundAnew:
    case KIND.goAlong:
    case KIND.opening:
      break;
    case KIND.found:
      throw new Error('a founding entry outside its lane');
  }
  // Nobody can claim of these: whoever cites one learns it now.
  claimantsOfNew(ledger, stored);
  wake(ledger, id, changes);
}

/** An attachment has arrived, whole and with that hash: entries that require it go on [E7]. Length in bytes. */
export function noteAttachment(ledger: Ledger, hash: Id, length: number): readonly Change[] {
  const changes: Change[] = [];
  if (ledger.attachments.has(hash)) return changes;
  ledger.attachments.set(hash, length);
  const { height } = ledger.log;
  wake(ledger, hash, changes);
  followLog(ledger, height, changes);
  noteToReceipt(ledger, changes);
  return changes;
}
