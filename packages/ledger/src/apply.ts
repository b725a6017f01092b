/**
 * The third gate, *apply*: verified entries against the state. It keeps what hangs on a chain it knows, parks what
 * cites things it lacks [P2], keeps a fork as a proof [F3], and folds what the witnesses settled [P9].
 * A new entry costs what it changes, never the size of the ledger.
 */
import { KIND, LANE } from './entry.ts';
import { headOf, isOnMain, type Feed, type Stored } from './feed.ts';
import type { DeviceKey, Id } from './ids.ts';
import { accountOf, feedOf, type Ledger } from './ledger.ts';
import { MAX_PROOFS_PER_FEED, MAX_SIDE_ENTRIES } from './limits.ts';
import { termAt } from './log.ts';
import { pushWaiting, takeWaiting } from './parked.ts';
import { noteCertified, trySettle, type Change } from './settle.ts';
import { isAccountEntry, judgeAccountEntry } from './validity.ts';
import { VALID, type Verdict } from './verdict.ts';
import type { VerifiedEntry } from './verify.ts';
import { countHave, countRound, countVotes, propose, takeEarlyTally } from './witnessLane.ts';

/** Why a verified entry was not kept. Nothing changed then. */
export type ApplyFault =
  | { readonly rule: 'F1'; readonly code: 'unknown-device'; readonly device: DeviceKey }
  | {
      readonly rule: 'F1';
      readonly code: 'gap';
      readonly device: DeviceKey;
      readonly expected: number;
      readonly got: number;
    }
  | { readonly rule: 'F1'; readonly code: 'wrong-prev'; readonly entry: Id; readonly expected: Id }
  | {
      readonly rule: 'F1';
      readonly code: 'wrong-book' | 'wrong-incarnation' | 'wrong-epoch' | 'second-founding';
      readonly entry: Id;
    }
  | { readonly rule: 'F3'; readonly code: 'fork-is-full'; readonly entry: Id }
  | { readonly rule: 'F4'; readonly code: 'too-many-entries' | 'too-many-bytes'; readonly device: DeviceKey }
  | { readonly rule: 'P2'; readonly code: 'after-invalid'; readonly entry: Id }
  | { readonly rule: 'P7'; readonly code: 'not-a-witness'; readonly device: DeviceKey };
export type Applied =
  | { readonly type: 'known'; readonly stored: Stored }
  | { readonly type: 'kept'; readonly stored: Stored; readonly changes: readonly Change[] }
  | { readonly type: 'refused'; readonly fault: ApplyFault };

const refused = (fault: ApplyFault): Applied => ({ type: 'refused', fault });

export function applyEntry(ledger: Ledger, entry: VerifiedEntry): Applied {
  const known = ledger.entries.get(entry.id);
  if (known !== undefined) return { type: 'known', stored: known };
  const feed = feedOf(ledger, entry.device, entry.lane);
  const device = ledger.log.devices.get(entry.device);
  if (feed === undefined || device === undefined)
    return refused({ rule: 'F1', code: 'unknown-device', device: entry.device });
  if (entry.lane === LANE.founding) return refused({ rule: 'F1', code: 'second-founding', entry: entry.id });
  if (entry.book !== ledger.book) return refused({ rule: 'F1', code: 'wrong-book', entry: entry.id });
  if (entry.lane === LANE.account && entry.incarnation !== device.incarnation)
    return refused({ rule: 'F1', code: 'wrong-incarnation', entry: entry.id });
  if (entry.epoch !== 0) return refused({ rule: 'F1', code: 'wrong-epoch', entry: entry.id });

  const place = findPlace(ledger, feed, entry, device.admittedBy);
  if (place.fault !== undefined) return refused(place.fault);
  const { prev } = place;
  if (prev?.verdict.type === 'invalid')
    return refused({ rule: 'P2', code: 'after-invalid', entry: entry.id });
  if (entry.seq >= ledger.log.policy.maxEntries)
    return refused({ rule: 'F4', code: 'too-many-entries', device: entry.device });
  const laneBytes = (prev?.laneBytes ?? 0) + entry.bytes.length;
  if (laneBytes > ledger.log.policy.maxBytes)
    return refused({ rule: 'F4', code: 'too-many-bytes', device: entry.device });

  const extendsMain = headOf(feed) === prev;
  if (!extendsMain && feed.side.size >= MAX_SIDE_ENTRIES)
    return refused({ rule: 'F3', code: 'fork-is-full', entry: entry.id });

  const changes: Change[] = [];
  const stored: Stored = {
    entry,
    prev,
    feed,
    laneBytes,
    verdict: VALID,
    votes: 0,
    receipts: 0,
    settled: false,
    delivered: false,
  };
  ledger.entries.set(entry.id, stored);
  const sibling = prev === undefined || isOnMain(prev) ? feed.main[entry.seq] : undefined;
  if (extendsMain) feed.main.push(stored);
  else feed.side.set(entry.id, stored);
  if (sibling !== undefined) keepProof(ledger, feed, sibling, stored, changes);
  takeEarlyTally(ledger, stored);
  changes.push({ type: 'kept', stored });
  read(ledger, stored, changes);
  return { type: 'kept', stored, changes };
}

type Place =
  | { readonly prev: Stored | undefined; readonly fault?: undefined }
  | { readonly prev?: undefined; readonly fault: ApplyFault };
/** Where in the feed an entry hangs [F1]; a witness lane begins, and goes on, where its term says. */
function findPlace(ledger: Ledger, feed: Feed, entry: VerifiedEntry, admittedBy: Id): Place {
  const { device, lane, seq } = entry;
  let first = admittedBy;
  if (lane === LANE.witness) {
    const term = termAt(ledger.log, device, seq);
    if (term === undefined) return { fault: { rule: 'P7', code: 'not-a-witness', device } };
    if (seq === 0) first = term.prev;
  }
  if (seq === 0)
    return entry.prev === first
      ? { prev: undefined }
      : { fault: { rule: 'F1', code: 'wrong-prev', entry: entry.id, expected: first } };
  const prev = ledger.entries.get(entry.prev);
  if (prev !== undefined && prev.feed === feed && prev.entry.seq === seq - 1) return { prev };
  if (seq > feed.main.length)
    return { fault: { rule: 'F1', code: 'gap', device, expected: feed.main.length, got: seq } };
  const expected = feed.main[seq - 1]?.entry.id ?? first;
  return { fault: { rule: 'F1', code: 'wrong-prev', entry: entry.id, expected } };
}
function keepProof(ledger: Ledger, feed: Feed, left: Stored, right: Stored, changes: Change[]): void {
  feed.forked = true;
  const { seq } = right.entry;
  const ofFeed = ledger.forks.filter((f) => f.device === feed.device && f.lane === feed.lane);
  if (ofFeed.length >= MAX_PROOFS_PER_FEED || ofFeed.some((f) => f.seq === seq)) return;
  ledger.forks.push({ device: feed.device, lane: feed.lane, seq, left, right });
  changes.push({ type: 'fault' });
}

/** Reads a kept entry by its lane, then wakes whoever waited for it. */
function read(ledger: Ledger, stored: Stored, changes: Change[]): void {
  const { body, device } = stored.entry;
  const before = ledger.log.height;
  switch (body.kind) {
    case KIND.pay:
    case KIND.claim:
      register(ledger, stored);
      judge(ledger, stored, changes);
      break;
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
      stored.verdict = countRound(ledger, stored, body, changes);
      break;
    case KIND.joinRequest:
    case KIND.offerKeeping:
      break;
    case KIND.found:
      throw new Error('a founding entry outside its lane');
  }
  for (let height = before + 1; height <= ledger.log.height; height++) wake(ledger, `#${height}`, changes);
}

/** Notes what an account entry cites, so that the cited find it again. */
function register(ledger: Ledger, stored: Stored): void {
  const { body } = stored.entry;
  if (body.kind !== KIND.pay && body.kind !== KIND.claim) return;
  for (const { debit } of body.claims) pushTo(ledger.claimants, debit, stored);
  if (body.kind !== KIND.pay) return;
  if (body.invoice !== null) pushTo(ledger.invoicePayments, body.invoice, stored);
  if (body.to.type === 'device') ledger.accounts.get(body.to.device)?.incoming.add(stored);
}
function pushTo<K>(map: Map<K, Stored[]>, key: K, stored: Stored): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [stored]);
  else list.push(stored);
}

/** Gives an account entry its verdict and follows what hangs on it, one after another, never recursively. */
function judge(ledger: Ledger, start: Stored, changes: Change[]): void {
  const work = [start];
  for (let stored = work.pop(); stored !== undefined; stored = work.pop()) {
    const { entry } = stored;
    if (!isAccountEntry(entry) || ledger.entries.get(entry.id) !== stored) continue;
    const { body } = entry;
    const verdict = judgeAccountEntry(ledger, entry, stored.prev);
    const waited = stored.verdict.type === 'waiting';
    stored.verdict = verdict;
    if (verdict.type === 'waiting') {
      park(ledger, stored, verdict);
      continue;
    }
    if (waited) changes.push({ type: 'verdict', stored });
    if (verdict.type === 'invalid') {
      dropAfter(ledger, stored, changes);
      if (body.kind === KIND.pay && body.to.type === 'device')
        ledger.accounts.get(body.to.device)?.incoming.delete(stored);
    } else {
      ledger.votable.add(stored.feed);
      // The payee may not have been admitted when the payment came.
      if (body.kind === KIND.pay && body.to.type === 'device')
        accountOf(ledger, body.to.device).incoming.add(stored);
      noteCertified(ledger, stored, changes);
      trySettle(ledger, stored, changes);
    }
    work.push(...takeWaiting(ledger, entry.id));
  }
}
function park(ledger: Ledger, stored: Stored, verdict: Extract<Verdict, { type: 'waiting' }>): void {
  for (const id of verdict.ids) pushWaiting(ledger, id, stored);
  if (verdict.height !== null) pushWaiting(ledger, `#${verdict.height}`, stored);
}
function wake(ledger: Ledger, key: string, changes: Change[]): void {
  for (const stored of takeWaiting(ledger, key))
    if (stored.verdict.type === 'waiting') judge(ledger, stored, changes);
}

/** What hangs on an invalid entry is kept by nobody: the first breach of a chain is its last entry [P2]. */
function dropAfter(ledger: Ledger, stored: Stored, changes: Change[]): void {
  const { feed } = stored;
  const dropped: Stored[] = [];
  if (feed.main[stored.entry.seq] === stored) dropped.push(...feed.main.splice(stored.entry.seq + 1));
  for (const side of feed.side.values())
    for (let at: Stored | undefined = side; at !== undefined; at = at.prev)
      if (at.prev === stored) {
        dropped.push(side);
        break;
      }
  if (dropped.length === 0) return;
  for (const gone of dropped) {
    feed.side.delete(gone.entry.id);
    ledger.entries.delete(gone.entry.id);
    forget(ledger, gone);
  }
  changes.push({ type: 'dropped', ids: dropped.map((s) => s.entry.id) });
}
function forget(ledger: Ledger, gone: Stored): void {
  const { body } = gone.entry;
  if (body.kind !== KIND.pay && body.kind !== KIND.claim) return;
  for (const { debit } of body.claims) removeFrom(ledger.claimants, debit, gone);
  if (body.kind !== KIND.pay) return;
  if (body.invoice !== null) removeFrom(ledger.invoicePayments, body.invoice, gone);
  if (body.to.type === 'device') ledger.accounts.get(body.to.device)?.incoming.delete(gone);
}
function removeFrom<K>(map: Map<K, Stored[]>, key: K, stored: Stored): void {
  const list = map.get(key)?.filter((s) => s !== stored) ?? [];
  if (list.length === 0) map.delete(key);
  else map.set(key, list);
}
