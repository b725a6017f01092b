/** Verdicts on kept account entries, and whom each verdict wakes [P2]. One after another, never recursively. */
import { KIND } from './entry.ts';
import { takeFromSide, type Feed, type Stored } from './feed.ts';
import type { Id } from './ids.ts';
import { noteIncoming } from './incoming.ts';
import type { Ledger } from './ledger.ts';
import { MAX_PROOFS_PER_FEED } from './limits.ts';
import { pushWaiting, takeWaiting } from './parked.ts';
import { noteCertified, type Change } from './settle.ts';
import { isAccountEntry, judgeAccountEntry } from './validity.ts';
import { UNJUDGED, type Verdict } from './verdict.ts';
import { putBackEarly } from './witnessLane.ts';

/** Notes what an account entry cites, both ways, so that each finds the other. */
export function register(ledger: Ledger, stored: Stored): void {
  const { body } = stored.entry;
  if (body.kind !== KIND.pay && body.kind !== KIND.claim) return;
  if (body.claims.length > 0) {
    const cited = body.claims.map(({ debit }) => ledger.entries.get(debit));
    stored.cited = cited;
    for (const [i, debit] of cited.entries()) {
      if (debit === undefined) pushTo(ledger.earlyClaimants, body.claims[i]?.debit, stored);
      else if (debit.claimants.length === 0) debit.claimants = [stored];
      else debit.claimants.push(stored);
    }
  }
  if (body.kind === KIND.pay && body.invoice !== null) pushTo(ledger.invoicePayments, body.invoice, stored);
}
/** Those who cited an entry before it came. */
export function claimantsOfNew(ledger: Ledger, stored: Stored): void {
  const { id } = stored.entry;
  const claimants = ledger.earlyClaimants.size === 0 ? undefined : ledger.earlyClaimants.get(id);
  if (claimants === undefined) return;
  ledger.earlyClaimants.delete(id);
  stored.claimants = claimants;
  for (const claimant of claimants) claimant.cited = citedBy(claimant, id, stored);
}
function citedBy(claimant: Stored, id: Id, cited: Stored | undefined): readonly (Stored | undefined)[] {
  const { body } = claimant.entry;
  if (body.kind !== KIND.pay && body.kind !== KIND.claim) return claimant.cited;
  return body.claims.map(({ debit }, i) => (debit === id ? cited : claimant.cited[i]));
}
function pushTo<K>(map: Map<K, Stored[]>, key: K | undefined, stored: Stored): void {
  if (key === undefined) return;
  const list = map.get(key);
  if (list === undefined) map.set(key, [stored]);
  else list.push(stored);
}

/** Gives an account entry its verdict and follows what hangs on it. */
export function judge(ledger: Ledger, start: Stored, changes: Change[]): void {
  const work = [start];
  for (let stored = work.pop(); stored !== undefined; stored = work.pop()) {
    const { entry, verdict: before } = stored;
    if (before.type !== 'waiting' || !isAccountEntry(entry)) continue;
    // What was dropped while it waited is nobody's any more.
    if (ledger.entries.get(entry.id) !== stored) continue;
    const verdict = judgeAccountEntry(ledger, entry, stored);
    stored.verdict = verdict;
    if (verdict.type === 'waiting') {
      park(ledger, stored, verdict);
      noteIncoming(ledger, stored);
      continue;
    }
    if (before !== UNJUDGED) changes.push({ type: 'verdict', stored });
    if (verdict.type === 'invalid') {
      dropAfter(ledger, stored, changes);
    } else {
      noteCertified(ledger, stored, changes);
      if (!stored.settled) {
        ledger.votable.add(stored.feed);
        noteIncoming(ledger, stored);
      }
    }
    for (const waiting of takeWaiting(ledger, entry.id)) work.push(waiting);
  }
}
/** Under one key at a time: what else is missing is asked when that is there. */
function park(ledger: Ledger, stored: Stored, verdict: Extract<Verdict, { type: 'waiting' }>): void {
  const [id] = verdict.ids;
  if (id !== undefined) pushWaiting(ledger, id, stored);
  else if (verdict.height !== null) pushWaiting(ledger, `#${verdict.height}`, stored);
  else if (verdict.attachment !== null) pushWaiting(ledger, verdict.attachment, stored);
}
/** Judges again whoever waits under that key. */
export function wake(ledger: Ledger, key: string, changes: Change[]): void {
  if (ledger.waiting.size === 0) return;
  for (const stored of takeWaiting(ledger, key)) judge(ledger, stored, changes);
}

/** What hangs on an invalid entry is kept by nobody: the first breach of a chain is its last entry [P2]. */
function dropAfter(ledger: Ledger, stored: Stored, changes: Change[]): void {
  const { feed } = stored;
  const dropped = feed.main[stored.entry.seq] === stored ? feed.main.splice(stored.entry.seq + 1) : [];
  if (feed.side.size > 0) {
    const gone = new Set<Stored>([stored, ...dropped]);
    const side = [...feed.side.values()].sort((a, b) => a.entry.seq - b.entry.seq);
    for (const entry of side)
      if (entry.prev !== undefined && gone.has(entry.prev)) {
        gone.add(entry);
        dropped.push(entry);
        takeFromSide(entry);
      }
  }
  if (dropped.length === 0) return;
  for (const gone of dropped) {
    ledger.entries.delete(gone.entry.id);
    putBackEarly(ledger, gone);
    // Whoever cited one of them waits for it for ever, as where it never came.
    for (const claimant of gone.claimants) {
      claimant.cited = citedBy(claimant, gone.entry.id, undefined);
      pushTo(ledger.earlyClaimants, gone.entry.id, claimant);
    }
  }
  const gone = new Set(dropped);
  forgetCitations(ledger, gone);
  if (feed.forked) forgetProofs(ledger, feed, gone);
  changes.push({ type: 'dropped', ids: dropped.map((s) => s.entry.id) });
}
/** A fork among what is gone is no fork to those who never kept it. */
function forgetProofs(ledger: Ledger, feed: Feed, gone: ReadonlySet<Stored>): void {
  const full = feed.proofAt.size >= MAX_PROOFS_PER_FEED;
  for (let i = ledger.forks.length - 1; i >= 0; i--) {
    const fork = ledger.forks[i];
    if (fork === undefined || !gone.has(fork.left)) continue;
    ledger.forks.splice(i, 1);
    feed.proofAt.delete(fork.seq);
  }
  feed.forked = full || feed.proofAt.size > 0;
}
/** Each list of citations is gone through once, however many of it go. */
function forgetCitations(ledger: Ledger, gone: ReadonlySet<Stored>): void {
  const cited = new Set<Stored>();
  const debits = new Set<Id>();
  const invoices = new Set<Id>();
  for (const { entry, cited: known } of gone) {
    if (!isAccountEntry(entry)) continue;
    for (const [i, { debit }] of entry.body.claims.entries()) {
      const stored = known[i];
      if (stored === undefined) debits.add(debit);
      else cited.add(stored);
    }
    if (entry.body.kind === KIND.pay && entry.body.invoice !== null) invoices.add(entry.body.invoice);
  }
  for (const stored of cited) stored.claimants = stored.claimants.filter((s) => !gone.has(s));
  for (const debit of debits) keepOnly(ledger.earlyClaimants, debit, gone);
  for (const invoice of invoices) keepOnly(ledger.invoicePayments, invoice, gone);
}
function keepOnly<K>(map: Map<K, Stored[]>, key: K, gone: ReadonlySet<Stored>): void {
  const rest = map.get(key)?.filter((s) => !gone.has(s)) ?? [];
  if (rest.length === 0) map.delete(key);
  else map.set(key, rest);
}
