/**
 * The protocol between two replicas of one circle.
 *
 * Two devices that have found each other hold one link, on which whole messages keep their order. The opener
 * of the link speaks first.
 *
 *   opener    HELLO   nonce, and for each book-key epoch it would use a tag that only a holder of that key can
 *                     make; the tag covers both transport peer ids, so it is worth nothing on another link
 *   answerer  HELLO   only if a tag fits, else silence: nonce, and one tag over both nonces
 *   both      MEMBER  device key and a signature over the session's transcript, masked with a keystream that
 *                     only the two can make
 *
 * A stranger without a book key hears nothing, or as the called side one HELLO that tells it nothing.
 *
 *   both      ROOT      for each book that I have open a keyed hash of all its feeds' heads, and my first credit. Equal
 *                       roots of every book that both name: done
 *   both      FRONTIER  of each such book whose roots differ one row for each feed: its seq, and 8 bytes of
 *                       HMAC(session salt, head)
 *   both      WANT      from which seq on, for each feed in which the other is ahead
 *   both      HAVE      runs of sealed entries, founding and witness lanes first, then account, then voice;
 *                       a run marked `last` answers its want to the end
 *   both      CREDIT    so many bytes of HAVE, PUSH, PROOF and TEXT more may come. Nobody sends beyond it
 *
 * Of a book that only one of them has open nothing is said: who is behind opens it once the closing of the one before
 * is here, and then names it in a new ROOT. Who holds nothing at all names book 0 with the root of nothing, and is
 * told of the newest.
 *
 * After that the session is live. PUSH brings entries as they are made; who lacks what stands before them asks
 * with WANT. A ROOT may open a new comparison at any time: each side sends one ROOT and, if they differ, one
 * FRONTIER (whoever has the other's FRONTIER already sends only the rows that differ).
 *
 * Two different heads at one seq, or a run that does not link to what we hold, means that a device has signed
 * two histories: PROOF_WANT asks for the other's branch at that seq, PROOF carries it (one branch), or the
 * proof itself if the other has it already (two). Who was handed a proof that hangs on nothing asks with WANT for what
 * stands before it, and then once more; or, having something else there, with PROOF_WANT below it for the other's own
 * branch. TEXT answers WANT_TEXT with a text or with GONE or UNKNOWN.
 *
 * A device that the receiver's log does not show yet may only read and send the log's own lanes, until the log
 * shows it; a device that is missing in its own log asks for no others. A device that was removed gets no credit, and
 * reads the books as they were until the decision that removed it. All numbers are shortest varints, feeds are written as differences to the one before: one message
 * has one encoding. `limits.ts` bounds every length.
 */
import type { TextHash } from '@corridor/ledger';
import type { FeedName, Run, SealedItem } from './shelf.ts';

export const MESSAGE = {
  hello: 1,
  member: 2,
  root: 3,
  frontier: 4,
  want: 5,
  have: 6,
  push: 7,
  credit: 8,
  proofWant: 9,
  proof: 10,
  wantText: 11,
  text: 12,
  /** ROOT in its long form, with which books. */
  roots: 13,
} as const;
export type MessageType = keyof typeof MESSAGE;

export interface HelloMessage {
  readonly type: 'hello';
  readonly version: number;
  /** 16 bytes. */
  readonly nonce: Uint8Array;
  /** 16 bytes each: opener 1 to 4, newest epoch first; answerer exactly 1. */
  readonly tags: readonly Uint8Array[];
}
export interface MemberMessage {
  readonly type: 'member';
  /** 112 bytes: masked device key and signature, then their MAC. */
  readonly sealed: Uint8Array;
}
export interface BookRoot {
  readonly book: number;
  /** 32 bytes, keyed with the session's salt. */
  readonly root: Uint8Array;
}
export interface RootMessage {
  readonly type: 'root';
  /** One to {@link MAX_OPEN_BOOKS}, ascending. */
  readonly roots: readonly BookRoot[];
  readonly credit: number;
}
export interface FrontierRow {
  readonly feed: FeedName;
  /** −1: forked, and nothing certified. */
  readonly seq: number;
  readonly forked: boolean;
  /** 8 bytes of HMAC(session salt, head). */
  readonly mac: Uint8Array;
}
export interface FrontierMessage {
  readonly type: 'frontier';
  /** Strictly ascending by {@link compareFeeds}. */
  readonly rows: readonly FrontierRow[];
  /** More rows follow in another message of this round. */
  readonly more: boolean;
}
export interface WantRow {
  readonly feed: FeedName;
  readonly fromSeq: number;
}
export interface WantMessage {
  readonly type: 'want';
  readonly credit: number;
  readonly rows: readonly WantRow[];
}
export interface HaveRun extends Run {
  /** The want is answered to the end; also with no items, when there is nothing. */
  readonly last: boolean;
}
export interface HaveMessage {
  readonly type: 'have';
  readonly runs: readonly HaveRun[];
}
export interface PushMessage {
  readonly type: 'push';
  readonly runs: readonly Run[];
}
export interface CreditMessage {
  readonly type: 'credit';
  readonly credit: number;
}
export interface ProofWantMessage {
  readonly type: 'proofWant';
  readonly feed: FeedName;
  /** Where the two histories differ; once that answer did not link, where they may part. */
  readonly seq: number;
}
export interface ProofMessage {
  readonly type: 'proof';
  readonly feed: FeedName;
  readonly seq: number;
  readonly branch: 0 | 1;
  readonly items: readonly SealedItem[];
  /** Nothing of this proof follows. */
  readonly last: boolean;
}
export interface WantTextMessage {
  readonly type: 'wantText';
  readonly hashes: readonly TextHash[];
}
export type TextAnswer =
  | { readonly hash: TextHash; readonly state: 'text'; readonly sealed: Uint8Array }
  /** `gone`: it was erased on purpose. `unknown`: ask someone else. */
  | { readonly hash: TextHash; readonly state: 'gone' | 'unknown' };
export interface TextMessage {
  readonly type: 'text';
  readonly texts: readonly TextAnswer[];
}
export type Message =
  | HelloMessage
  | MemberMessage
  | RootMessage
  | FrontierMessage
  | WantMessage
  | HaveMessage
  | PushMessage
  | CreditMessage
  | ProofWantMessage
  | ProofMessage
  | WantTextMessage
  | TextMessage;

/** Whether a message of this type spends the receiver's credit, all its bytes counted. */
export const spendsCredit = (code: number): boolean =>
  code === MESSAGE.have || code === MESSAGE.push || code === MESSAGE.proof || code === MESSAGE.text;

/** Whether a message of this type gives what was owed; a peer cannot look alive with the others. */
export const isAnswer = (code: number): boolean =>
  code < MESSAGE.want ||
  code === MESSAGE.roots ||
  code === MESSAGE.have ||
  code === MESSAGE.proof ||
  code === MESSAGE.text;
