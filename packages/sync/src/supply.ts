/**
 * What we owe the other side: the feeds, proofs and texts it asked for, sent as far as its credit goes, and
 * news. Proofs first (they stop harm), then feeds with the log's lanes before the others, then texts.
 */
import type { TextHash } from '@corridor/ledger';
import { createHeldCredit } from './credit.ts';
import { sessionFault } from './faults.ts';
import type { SessionFault } from './faults.ts';
import {
  MAX_BATCH_BYTES,
  MAX_BRANCH_ITEMS,
  MAX_FEEDS,
  MAX_PROOFS_ASKED,
  MAX_SEALED_BYTES,
  MAX_SEALED_SIGNATURE_BYTES,
  MAX_TEXTS_OWED,
  MAX_TEXTS_PER_MESSAGE,
  REPEAT_BURST,
  REPEAT_PER_SECOND,
} from './limits.ts';
import { encodeMessage, itemBytes } from './messageCodec.ts';
import type { HaveRun, ProofMessage, ProofWantMessage, TextAnswer, WantRow } from './messages.ts';
import { createRunPacker } from './runPacking.ts';
import { feedKey, isLogLane, laneRank, LOG_RANKS, RANKS } from './shelf.ts';
import type { FeedName, Run, SealedItem, SealedProof, Shelf } from './shelf.ts';

/** Enough for the largest item or text with everything around it. */
const ENOUGH = MAX_SEALED_BYTES + MAX_SEALED_SIGNATURE_BYTES + 64;

interface Owed {
  readonly feed: FeedName;
  next: number;
  /** The signature that vouches for what was sent last has not been sent [F2]. */
  isOpen: boolean;
}
/** One proof on its way out, item by item. */
interface ProofOwed {
  readonly feed: FeedName;
  readonly seq: number;
  readonly items: { readonly branch: 0 | 1; readonly item: SealedItem }[];
}

export interface Supply {
  /** A fault if the other side breaks a bound. */
  readonly want: (rows: readonly WantRow[]) => SessionFault | undefined;
  readonly wantProof: (message: ProofWantMessage) => SessionFault | undefined;
  readonly wantTexts: (hashes: readonly TextHash[]) => SessionFault | undefined;
  readonly credit: (bytes: number) => SessionFault | undefined;
  /** Messages that can go now. `logOnly`: the other side is not known to be a member yet. */
  readonly pump: (logOnly: boolean) => readonly Uint8Array[];
  /** PUSH messages for these runs, leaving out what the other side has; `all` false: credit did not suffice. */
  readonly push: (
    runs: readonly Run[],
    logOnly: boolean,
  ) => { readonly messages: readonly Uint8Array[]; readonly all: boolean };
  /** The other side has this feed up to `seq`. */
  readonly theyHave: (feed: FeedName, seq: number) => void;
  readonly elapsed: (milliseconds: number) => void;
  /** It asked for the same again more than any reason explains. */
  readonly exhausted: () => boolean;
}

export const createSupply = (shelf: Shelf): Supply => {
  const held = createHeldCredit();
  const queues = Array.from({ length: RANKS }, () => new Map<string, Owed>());
  const proofs: ProofOwed[] = [];
  const texts = new Set<TextHash>();
  /** Up to which seq the other side has a feed, as far as we know. */
  const theirs = new Map<string, number>();
  /** Up to which seq we have had a feed: news that begins below it goes on after a closing, in place of what was there. */
  const tops = new Map(shelf.heads().map(({ feed, seq }) => [feedKey(feed), seq] as const));
  /** Up to which seq we have sent a feed in this session. */
  const sent = new Map<string, number>();
  const sentTexts = new Set<TextHash>();
  /** At which seq stands the first proof that the other side was handed, of each feed of which we keep one. */
  const handed = new Map<string, number>();
  let repeatLeft = REPEAT_BURST;

  const queueOf = (feed: FeedName): Map<string, Owed> => {
    const queue = queues[laneRank(feed.lane)];
    if (queue === undefined) throw new Error('lane without a rank');
    return queue;
  };
  const raise = (map: Map<string, number>, key: string, seq: number): void => {
    if (seq > (map.get(key) ?? -1) && (map.size < 2 * MAX_FEEDS || map.has(key))) map.set(key, seq);
  };
  const post = (bytes: Uint8Array): Uint8Array => {
    held.spend(bytes.length);
    return bytes;
  };
  const budget = (): number => Math.min(MAX_BATCH_BYTES, held.left());

  const noteSent = (feed: FeedName, fromSeq: number, items: readonly SealedItem[]): void => {
    const key = feedKey(feed);
    const before = sent.get(key) ?? -1;
    items.forEach((item, i) => {
      if (fromSeq + i <= before) repeatLeft -= itemBytes(item);
    });
    const newest = fromSeq + items.length - 1;
    raise(sent, key, newest);
    // What vouches for a head from behind it is no part of what anybody goes on from.
    raise(theirs, key, Math.min(newest, shelf.head(feed)?.seq ?? newest));
  };

  /** A closing cuts a chain back: what either side had beyond that place is not what comes there now [C2]. */
  const noteNews = (feed: FeedName, fromSeq: number, count: number): void => {
    const key = feedKey(feed);
    if (fromSeq <= (tops.get(key) ?? -1) && shelf.head(feed)?.forked === false)
      for (const map of [theirs, sent, tops]) if ((map.get(key) ?? -1) >= fromSeq) map.set(key, fromSeq - 1);
    raise(tops, key, fromSeq + count - 1);
  };

  /** The last seq that a want is answered to: who was handed a proof may lack what it hangs on [F3]. */
  const endOf = (feed: FeedName): number =>
    Math.max(shelf.head(feed)?.seq ?? -1, (handed.get(feedKey(feed)) ?? 0) - 1);

  /** As much of one want as fits; undefined when not even one item does and more credit must come. */
  const runFor = (owed: Owed, packer: ReturnType<typeof createRunPacker>): HaveRun | undefined => {
    const { feed, next } = owed;
    const room = packer.room();
    if (room <= 0) return undefined;
    const newest = endOf(feed);
    const isOwed = next <= newest || owed.isOpen;
    const read = isOwed ? shelf.read(feed, next, room) : [];
    const taken = packer.take(read);
    // Nothing fits: wait for room, unless there is room for anything and the shelf has nothing to give.
    if (taken === 0 && isOwed && room < ENOUGH) return undefined;
    if (taken === 0) packer.takeEmpty();
    const items = read.slice(0, taken);
    noteSent(feed, next, items);
    owed.isOpen = items.at(-1)?.signature === null;
    return { feed, fromSeq: next, items, last: taken === 0 || (next + taken > newest && !owed.isOpen) };
  };

  const nextHave = (logOnly: boolean): Uint8Array | undefined => {
    const packer = createRunPacker(budget());
    const runs: HaveRun[] = [];
    // All that somebody unknown asked for waits in the others, and must not be looked through for each word of theirs.
    for (const queue of logOnly ? queues.slice(0, LOG_RANKS) : queues) {
      for (const [key, owed] of queue) {
        const run = runFor(owed, packer);
        if (run === undefined)
          return runs.length === 0 ? undefined : post(encodeMessage({ type: 'have', runs }));
        runs.push(run);
        owed.next += run.items.length;
        // Cut short: the next message goes on here, so that no later lane overtakes this one.
        if (!run.last) return post(encodeMessage({ type: 'have', runs }));
        queue.delete(key);
      }
    }
    return runs.length === 0 ? undefined : post(encodeMessage({ type: 'have', runs }));
  };

  /** Our own entry at `seq` and the links up to a signature. */
  const ownBranch = (feed: FeedName, seq: number): readonly SealedItem[] => {
    const branch: SealedItem[] = [];
    while (branch.length < MAX_BRANCH_ITEMS) {
      const items = shelf.read(feed, seq + branch.length, MAX_BATCH_BYTES);
      if (items.length === 0) return [];
      const room = items.slice(0, MAX_BRANCH_ITEMS - branch.length);
      const signedAt = room.findIndex((item) => item.signature !== null);
      branch.push(...(signedAt < 0 ? room : room.slice(0, signedAt + 1)));
      if (signedAt >= 0) return branch;
    }
    return [];
  };

  /**
   * What answers a question about this seq, if it is a proof. The first one at first: whatever stands before it can be
   * had. Who asks below a proof that it was handed has parted from us there, and needs our own branch.
   */
  const proofFor = (feed: FeedName, seq: number): SealedProof | undefined => {
    const kept = [...shelf.proofs(feed)].sort((a, b) => a.seq - b.seq);
    const before = handed.get(feedKey(feed));
    if (before === undefined) return kept[0];
    return kept.find((pair) => pair.seq === seq) ?? (seq < before ? undefined : kept[0]);
  };

  const nextProof = (logOnly: boolean): Uint8Array | undefined => {
    const owed = proofs[0];
    if (owed === undefined || (logOnly && !isLogLane(owed.feed.lane))) return undefined;
    const first = owed.items[0];
    if (first === undefined && held.left() < 64) return undefined;
    const branch = first?.branch ?? 0;
    const rest = owed.items.filter((part) => part.branch === branch).map((part) => part.item);
    const taken = createRunPacker(budget()).take(rest);
    if (first !== undefined && taken === 0) return undefined;
    const items = owed.items.splice(0, taken).map((part) => part.item);
    const last = owed.items.length === 0;
    if (last) proofs.shift();
    const message: ProofMessage = { type: 'proof', feed: owed.feed, seq: owed.seq, branch, items, last };
    return post(encodeMessage(message));
  };

  const nextTexts = (): Uint8Array | undefined => {
    const answers: TextAnswer[] = [];
    let left = budget() - 8;
    for (const hash of texts) {
      if (answers.length === MAX_TEXTS_PER_MESSAGE) break;
      const text = shelf.text(hash);
      const bytes = 32 + 1 + (text.state === 'text' ? 3 + text.sealed.length : 0);
      if (bytes > left) break;
      left -= bytes;
      if (sentTexts.has(hash)) repeatLeft -= bytes;
      if (text.state === 'text') sentTexts.add(hash);
      answers.push(text.state === 'text' ? { hash, ...text } : { hash, state: text.state });
      texts.delete(hash);
    }
    return answers.length === 0 ? undefined : post(encodeMessage({ type: 'text', texts: answers }));
  };

  return {
    want: (rows) => {
      for (const row of rows)
        queueOf(row.feed).set(feedKey(row.feed), { feed: row.feed, next: row.fromSeq, isOpen: false });
      const owed = queues.reduce((sum, queue) => sum + queue.size, 0);
      return owed > MAX_FEEDS ? sessionFault('too-many-requests', 'feeds') : undefined;
    },
    wantProof: ({ feed, seq }) => {
      if (proofs.length >= MAX_PROOFS_ASKED) return sessionFault('too-many-requests', 'proofs');
      const proof = proofFor(feed, seq);
      if (proof !== undefined)
        handed.set(feedKey(feed), Math.min(proof.seq, handed.get(feedKey(feed)) ?? proof.seq));
      const branches = proof === undefined ? [ownBranch(feed, seq)] : proof.branches;
      const items = branches.flatMap((branch, i) =>
        branch.map((item) => ({ branch: i === 0 ? (0 as const) : (1 as const), item })),
      );
      for (const { item } of items) repeatLeft -= itemBytes(item);
      proofs.push({ feed, seq: proof?.seq ?? seq, items });
      return undefined;
    },
    wantTexts: (hashes) => {
      for (const hash of hashes) texts.add(hash);
      return texts.size > MAX_TEXTS_OWED ? sessionFault('too-many-requests', 'texts') : undefined;
    },
    credit: (bytes) => (held.add(bytes) ? undefined : sessionFault('too-many-requests', 'credit')),
    pump: (logOnly) => {
      const messages: Uint8Array[] = [];
      for (;;) {
        const message = nextProof(logOnly) ?? nextHave(logOnly) ?? (logOnly ? undefined : nextTexts());
        if (message === undefined) return messages;
        messages.push(message);
      }
    },
    push: (runs, logOnly) => {
      const messages: Uint8Array[] = [];
      const news = runs
        .filter(({ feed }) => (!logOnly || isLogLane(feed.lane)) && !queueOf(feed).has(feedKey(feed)))
        .map(({ feed, fromSeq, items }) => {
          noteNews(feed, fromSeq, items.length);
          const known = Math.max(0, (theirs.get(feedKey(feed)) ?? -1) + 1 - fromSeq);
          return { feed, fromSeq: fromSeq + known, items: items.slice(known) };
        })
        .filter(({ items }) => items.length > 0)
        .sort((a, b) => laneRank(a.feed.lane) - laneRank(b.feed.lane));
      let at = 0;
      while (at < news.length) {
        const packer = createRunPacker(budget());
        const packed: Run[] = [];
        for (let run = news[at]; run !== undefined; run = news[at]) {
          const taken = packer.take(run.items);
          if (taken === 0) break;
          const items = run.items.slice(0, taken);
          packed.push({ feed: run.feed, fromSeq: run.fromSeq, items });
          noteSent(run.feed, run.fromSeq, items);
          if (taken === run.items.length) at++;
          else news[at] = { feed: run.feed, fromSeq: run.fromSeq + taken, items: run.items.slice(taken) };
        }
        if (packed.length === 0) return { messages, all: false };
        messages.push(post(encodeMessage({ type: 'push', runs: packed })));
      }
      return { messages, all: true };
    },
    theyHave: (feed, seq) => raise(theirs, feedKey(feed), seq),
    elapsed: (milliseconds) => {
      repeatLeft = Math.min(REPEAT_BURST, repeatLeft + (milliseconds / 1000) * REPEAT_PER_SECOND);
    },
    exhausted: () => repeatLeft < 0,
  };
};
