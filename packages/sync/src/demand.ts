/**
 * What we ask the other side for and take from it: feeds, proofs and texts, never more than the credit we gave.
 * Batches go to the host as they come; their credit goes back once the host has settled them.
 */
import type { TextHash } from '@corridor/ledger';
import { createGrantedCredit } from './credit.ts';
import { sessionFault } from './faults.ts';
import type { SessionFault, SessionFaultCode } from './faults.ts';
import { narrowed } from './forkSearch.ts';
import type { ForkSearch } from './forkSearch.ts';
import { ALONE_MS, MAX_BATCH_BYTES, MAX_FEEDS } from './limits.ts';
import { MAX_FEED_BYTES } from './feedCode.ts';
import { encodeMessage } from './messageCodec.ts';
import type { HaveMessage, ProofMessage, PushMessage, TextMessage, WantRow } from './messages.ts';
import { createProofRequests } from './proofRequests.ts';
import type { BatchOutcome, SessionEffect } from './session.ts';
import { compareFeeds, feedKey, isLogLane } from './shelf.ts';
import type { FeedName, Run, Shelf } from './shelf.ts';
import { createTextRequests } from './textRequests.ts';

const WANTS_PER_MESSAGE = Math.floor((MAX_BATCH_BYTES - 16) / (MAX_FEED_BYTES + 5));

interface Batch {
  readonly bytes: number;
  /** Where each of its feeds stands once it is kept. */
  readonly runs: readonly { readonly feed: FeedName; readonly next: number }[];
  /** Whether it answers something we asked for. */
  readonly asked: boolean;
  /** Of a branch of the other side's own: the question it answers. */
  readonly sought: Sought | null;
  /** Of a whole proof: where it stands. */
  readonly proof: ProofPlace | null;
}
/** A feed that we asked for: what comes next, where it stood when it last grew, and for how long it has not. */
interface Want {
  readonly feed: FeedName;
  next: number;
  head: number;
  quiet: number;
}
type Later = Map<string, { readonly feed: FeedName; readonly target: number }>;
interface ProofPlace {
  readonly feed: FeedName;
  readonly seq: number;
}
interface Sought extends ProofPlace {
  readonly count: number;
  readonly search: ForkSearch;
}

export interface Demand {
  /** The first grant, to be sent with ROOT. */
  readonly openCredit: () => number;
  /** A fault if this message is more than we granted. */
  readonly charge: (bytes: number) => SessionFault | undefined;
  /** The other side has this feed up to `target`. */
  readonly ahead: (feed: FeedName, target: number) => void;
  /** Two histories at this seq, or a proof that we lack. */
  readonly differ: (feed: FeedName, seq: number) => void;
  readonly texts: (hashes: readonly TextHash[]) => void;
  /** `bytes` is the length of the whole message. `logOnly`: see `messages.ts`. */
  readonly have: (message: HaveMessage, bytes: number) => readonly SessionEffect[];
  readonly push: (message: PushMessage, bytes: number, logOnly: boolean) => readonly SessionEffect[];
  readonly proof: (message: ProofMessage, bytes: number) => readonly SessionEffect[];
  readonly text: (message: TextMessage, bytes: number) => readonly SessionEffect[];
  readonly settled: (batch: number, outcome: BatchOutcome) => readonly SessionEffect[];
  /** What may be asked for now, and credit that is due. */
  readonly pump: (logOnly: boolean) => readonly SessionEffect[];
  /** Something asked for is not here, or not settled yet. */
  readonly busy: () => boolean;
  /** The other side owes us something and nothing waits for our host. */
  readonly waiting: () => boolean;
  /** Asked for here, so that others need not be asked: as long as it grows. */
  readonly isFetching: (feed: FeedName) => boolean;
  readonly elapsed: (milliseconds: number) => void;
}

const close = (code: SessionFaultCode, detail: string): readonly SessionEffect[] => [
  { type: 'close', fault: sessionFault(code, detail) },
];

export const createDemand = (
  shelf: Shelf,
  window: number,
  elsewhere: (feed: FeedName) => boolean,
): Demand => {
  const credit = createGrantedCredit(window);
  const proofs = createProofRequests();
  const texts = createTextRequests();
  /** Asked for, not answered to the end. */
  const wants = new Map<string, Want>();
  /** To be asked for as soon as we may: of the log's lanes, and of the others, which somebody unknown is not asked for. */
  const laterLog: Later = new Map();
  const laterOther: Later = new Map();
  const laterOf = ({ lane }: FeedName): Later => (isLogLane(lane) ? laterLog : laterOther);
  /** Whole proofs that wait for what they hang on, by feed: no more than MAX_PROOFS_WANTED that came. */
  const hanging = new Map<string, ProofPlace>();
  /** What was tried so that a proof finds its place, by feed: each once in a session. */
  const tried = new Map<string, 'fetching' | 'searching'>();
  const batches = new Map<number, Batch>();
  /** Feeds in open batches: how many batches, and where the feed stands once all are kept. */
  const withHost = new Map<string, { readonly batches: number; readonly next: number }>();
  let batchCount = 0;
  let askedBatches = 0;

  /** The first seq that is neither held nor with the host. */
  const nextSeq = (feed: FeedName): number => {
    const held = (shelf.head(feed)?.seq ?? -1) + 1;
    return Math.max(held, withHost.get(feedKey(feed))?.next ?? 0);
  };
  const ahead = (feed: FeedName, target: number): void => {
    const key = feedKey(feed);
    if (!shelf.takes(feed)) return;
    const later = laterOf(feed);
    if (wants.has(key) || wants.size + laterLog.size + laterOther.size >= MAX_FEEDS) return;
    const before = later.get(key);
    if (before === undefined || before.target < target) later.set(key, { feed, target });
  };
  const openBatch = (
    bytes: number,
    runs: readonly Run[],
    asked: boolean,
    answer: Pick<Batch, 'sought' | 'proof'> = { sought: null, proof: null },
  ): number => {
    batchCount++;
    if (asked) askedBatches++;
    const places = runs.map(({ feed, fromSeq, items }) => ({ feed, next: fromSeq + items.length }));
    batches.set(batchCount, { bytes, runs: places, asked, ...answer });
    for (const { feed, next } of places) {
      const before = withHost.get(feedKey(feed));
      withHost.set(feedKey(feed), {
        batches: (before?.batches ?? 0) + 1,
        next: Math.max(before?.next ?? 0, next),
      });
    }
    return batchCount;
  };
  const closeBatch = (batch: Batch): void => {
    for (const { feed } of batch.runs) {
      const open = withHost.get(feedKey(feed));
      if (open === undefined || open.batches <= 1) withHost.delete(feedKey(feed));
      else withHost.set(feedKey(feed), { batches: open.batches - 1, next: open.next });
    }
  };
  const deliver = (bytes: number, runs: readonly Run[], via: 'have' | 'push'): readonly SessionEffect[] => {
    if (runs.length > 0)
      return [{ type: 'deliver', batch: openBatch(bytes, runs, via === 'have'), via, runs }];
    credit.settle(bytes);
    return [];
  };

  const isForked = (feed: FeedName): boolean => shelf.head(feed)?.forked === true;
  /** A branch that we can put beside nothing, or that holds nothing new, says where to ask next [F3]. */
  const seekOn = ({ feed, search, ...branch }: Sought, linked: boolean): void => {
    if (isForked(feed)) return;
    const next = narrowed(search, { ...branch, linked });
    if (next !== undefined) proofs.seek(feed, next);
  };

  /**
   * A whole proof that hangs on nothing we hold [F3]: who lacks what stands before it fetches that and asks again; who
   * has it otherwise has parted from them before, and looks for the place.
   */
  const hang = (place: ProofPlace): void => {
    const { feed, seq } = place;
    if (isForked(feed)) return;
    const key = feedKey(feed);
    const next = nextSeq(feed);
    if (next < seq && !tried.has(key)) {
      tried.set(key, 'fetching');
      ahead(feed, seq - 1);
      hanging.set(key, place);
    } else if (Math.min(next, seq) > 0 && tried.get(key) !== 'searching') {
      tried.set(key, 'searching');
      proofs.again(feed, Math.min(next, seq) - 1);
    }
  };
  /** Asks again for the proofs whose beginning is fetched, here or elsewhere. */
  const askAgain = (): void => {
    for (const [key, { feed, seq }] of hanging) {
      if (wants.has(key) || laterOf(feed).has(key)) continue;
      hanging.delete(key);
      if (!isForked(feed)) proofs.again(feed, seq);
    }
  };
  const isLogComing = (): boolean =>
    laterLog.size > 0 || [...wants.values()].some(({ feed }) => isLogLane(feed.lane));
  /** A proof that overtook the entries it hangs on, or the log that says whose they are, would prove nothing. */
  const mayAskProof = (feed: FeedName, logOnly: boolean): boolean =>
    !wants.has(feedKey(feed)) && (isLogLane(feed.lane) || !(logOnly || isLogComing()));

  const wantMessages = (logOnly: boolean): Uint8Array[] => {
    const rows: WantRow[] = [];
    for (const later of logOnly ? [laterLog] : [laterLog, laterOther])
      for (const [key, { feed, target }] of later) {
        if (elsewhere(feed)) continue;
        later.delete(key);
        const fromSeq = nextSeq(feed);
        if (fromSeq > target) continue;
        wants.set(key, { feed, next: fromSeq, head: fromSeq - 1, quiet: 0 });
        rows.push({ feed, fromSeq });
      }
    rows.sort((a, b) => compareFeeds(a.feed, b.feed));
    const messages: Uint8Array[] = [];
    for (let at = 0; at < rows.length; at += WANTS_PER_MESSAGE) {
      const part = rows.slice(at, at + WANTS_PER_MESSAGE);
      messages.push(encodeMessage({ type: 'want', credit: credit.regrant(true), rows: part }));
    }
    return messages;
  };

  return {
    openCredit: () => credit.open(),
    charge: (bytes) => (credit.charge(bytes) ? undefined : sessionFault('overran-credit', `${bytes} bytes`)),
    ahead,
    differ: (feed, seq) => {
      if (shelf.takes(feed)) proofs.add(feed, seq);
    },
    texts: (hashes) => texts.add(hashes),

    have: (message, bytes) => {
      const runs: Run[] = [];
      for (const { feed, fromSeq, items, last } of message.runs) {
        const key = feedKey(feed);
        const want = wants.get(key);
        if (want === undefined || want.next !== fromSeq) return close('unasked', `run of ${key}`);
        want.next += items.length;
        if (last) wants.delete(key);
        if (items.length > 0) runs.push({ feed, fromSeq, items });
      }
      return deliver(bytes, runs, 'have');
    },
    push: (message, bytes, logOnly) => {
      const runs = message.runs.filter(({ feed, fromSeq, items }) => {
        const links = fromSeq <= nextSeq(feed) || isForked(feed);
        const may = !logOnly || isLogLane(feed.lane);
        if (!links || !may) ahead(feed, fromSeq + items.length - 1);
        return links && may && shelf.takes(feed);
      });
      return deliver(bytes, runs, 'push');
    },
    proof: (message, bytes) => {
      const arrived = proofs.receive(message);
      if (!arrived.ok) return [{ type: 'close', fault: arrived.fault }];
      if (arrived.proof === null) {
        // Parts wait in a buffer with a bound of its own, so the credit can go back before the last one.
        credit.settle(bytes);
        return [];
      }
      const { feed, seq, branches } = arrived.proof;
      const count = branches[0]?.length ?? 0;
      const sought = arrived.search && { feed, seq, count, search: arrived.search };
      const proof = branches.length === 2 ? { feed, seq } : null;
      const batch = openBatch(bytes, [], true, { sought, proof });
      return [{ type: 'deliverProof', batch, ...arrived.proof }];
    },
    text: (message, bytes) => {
      if (!texts.receive(message.texts)) return close('unasked', 'text');
      return [{ type: 'deliverText', batch: openBatch(bytes, [], false), texts: message.texts }];
    },

    settled: (batch, outcome) => {
      const settled = batches.get(batch);
      if (settled === undefined) throw new Error(`batch ${batch} is not open`);
      batches.delete(batch);
      closeBatch(settled);
      if (settled.asked) askedBatches--;
      credit.settle(settled.bytes);
      if (outcome.type === 'fault') return close('bad-batch', outcome.reason);
      if (settled.sought !== null) seekOn(settled.sought, outcome.type === 'settled');
      else if (outcome.type === 'unlinked' && settled.proof !== null) hang(settled.proof);
      else if (outcome.type === 'unlinked')
        for (const feed of outcome.feeds) {
          // Both histories have an entry there: ours up to its head, theirs up to what it sent.
          const sent = settled.runs.find((run) => feedKey(run.feed) === feedKey(feed))?.next ?? 1;
          proofs.add(feed, Math.max(0, Math.min(shelf.head(feed)?.seq ?? 0, sent - 1)));
        }
      return [];
    },
    pump: (logOnly) => {
      const messages = wantMessages(logOnly);
      askAgain();
      const proofWant = proofs.next((feed) => mayAskProof(feed, logOnly));
      if (proofWant !== undefined) messages.push(proofWant);
      if (!logOnly) messages.push(...texts.next());
      const due = credit.regrant(false);
      if (due > 0) messages.push(encodeMessage({ type: 'credit', credit: due }));
      return messages.map((bytes) => ({ type: 'send', bytes }));
    },
    busy: () => wants.size > 0 || askedBatches > 0 || proofs.waiting(),
    waiting: () => batches.size === 0 && (wants.size > 0 || proofs.waiting() || texts.waiting()),
    isFetching: (feed) => {
      const want = wants.get(feedKey(feed));
      return want === undefined ? withHost.has(feedKey(feed)) : want.quiet < ALONE_MS;
    },
    elapsed: (milliseconds) => {
      for (const want of wants.values()) {
        const head = shelf.head(want.feed)?.seq ?? -1;
        want.quiet = head > want.head ? 0 : want.quiet + milliseconds;
        want.head = Math.max(want.head, head);
      }
    },
  };
};
