/** Verdicts on kept account entries, and whom each verdict wakes [P2]. One after another, never recursively. */
import { citableOf } from './brought.ts';
import { KIND } from './entry.ts';
import type { Stored } from './feed.ts';
import { noteIncoming } from './incoming.ts';
import type { Ledger } from './ledger.ts';
import { pushWaiting, takeWaiting } from './parked.ts';
import { noteCertified, type Change } from './settle.ts';
import { isAccountEntry, judgeAccountEntry } from './validity.ts';
import { UNJUDGED, type Verdict } from './verdict.ts';

/** Notes what an account entry cites, both ways, so that each finds the other. */
export function register(ledger: Ledger, stored: Stored): void {
  const { body } = stored.entry;
  if (body.kind !== KIND.pay && body.kind !== KIND.claim) return;
  if (body.claims.length > 0) {
    const cited = body.claims.map(({ debit }) => citableOf(ledger, debit));
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
  for (const claimant of claimants) {
    const { body } = claimant.entry;
    if (body.kind !== KIND.pay && body.kind !== KIND.claim) continue;
    claimant.cited = body.claims.map(({ debit }, i) => (debit === id ? stored : claimant.cited[i]));
  }
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
    const verdict = judgeAccountEntry(ledger, entry, stored);
    stored.verdict = verdict;
    if (verdict.type === 'waiting') {
      park(ledger, stored, verdict);
      noteIncoming(ledger, stored);
      continue;
    }
    if (before !== UNJUDGED) changes.push({ type: 'verdict', stored });
    if (verdict.type === 'valid') {
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
