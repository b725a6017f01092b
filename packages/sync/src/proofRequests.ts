/** The proofs we ask for, one at a time, and the parts in which one arrives. */
import { sessionFault } from './faults.ts';
import type { SessionFault } from './faults.ts';
import { nextQuestion, searchBelow } from './forkSearch.ts';
import type { ForkSearch } from './forkSearch.ts';
import { MAX_BRANCH_ITEMS, MAX_PROOFS_WANTED } from './limits.ts';
import { encodeMessage } from './messageCodec.ts';
import type { ProofMessage } from './messages.ts';
import { feedKey } from './shelf.ts';
import type { FeedName, SealedItem } from './shelf.ts';

interface Request {
  readonly feed: FeedName;
  readonly seq: number;
  readonly search: ForkSearch;
}
export interface ArrivedProof {
  readonly feed: FeedName;
  readonly seq: number;
  readonly branches: readonly (readonly SealedItem[])[];
}
export interface ProofRequests {
  /** Asks once in a session for what differs at this seq of this feed. */
  readonly add: (feed: FeedName, seq: number) => void;
  /** Asks there, whatever was answered before. */
  readonly again: (feed: FeedName, seq: number) => void;
  /** Asks on, for the place where the histories of this feed part. */
  readonly seek: (feed: FeedName, search: ForkSearch) => void;
  /** The next PROOF_WANT, if none is under way: of the first feed that is `ready` for it. */
  readonly next: (ready: (feed: FeedName) => boolean) => Uint8Array | undefined;
  /**
   * One part: a fault, the whole proof, or null while parts are missing. `search`: what this question was part of,
   * if it was answered as asked and not with a proof that the other side keeps.
   */
  readonly receive: (
    message: ProofMessage,
  ) =>
    | { readonly ok: false; readonly fault: SessionFault }
    | { readonly ok: true; readonly proof: ArrivedProof | null; readonly search: ForkSearch | null };
  /** A proof is asked for and not here. */
  readonly waiting: () => boolean;
}

export const createProofRequests = (): ProofRequests => {
  const asked = new Set<string>();
  const queue: Request[] = [];
  let count = 0;
  let current: Request | undefined;
  let branches: [SealedItem[], SealedItem[]] = [[], []];

  const ask = (request: Request): void => {
    if (count >= MAX_PROOFS_WANTED) return;
    count++;
    queue.push(request);
  };

  const again = (feed: FeedName, seq: number): void => ask({ feed, seq, search: searchBelow(seq) });

  return {
    add: (feed, seq) => {
      const key = `${feedKey(feed)}@${seq}`;
      if (asked.has(key) || count >= MAX_PROOFS_WANTED) return;
      asked.add(key);
      again(feed, seq);
    },
    again,
    seek: (feed, search) => ask({ feed, seq: nextQuestion(search), search }),
    next: (ready) => {
      if (current !== undefined) return undefined;
      const at = queue.findIndex(({ feed }) => ready(feed));
      if (at < 0) return undefined;
      [current] = queue.splice(at, 1);
      branches = [[], []];
      return current === undefined
        ? undefined
        : encodeMessage({ type: 'proofWant', feed: current.feed, seq: current.seq });
    },
    receive: (message) => {
      if (current === undefined || feedKey(current.feed) !== feedKey(message.feed))
        return { ok: false, fault: sessionFault('unasked', 'proof') };
      const branch = branches[message.branch];
      branch.push(...message.items);
      if (branch.length > MAX_BRANCH_ITEMS)
        return { ok: false, fault: sessionFault('garbage', 'a branch of more than 64 links') };
      if (!message.last) return { ok: true, proof: null, search: null };
      const proof = {
        feed: current.feed,
        seq: message.seq,
        branches: branches.filter((items) => items.length > 0),
      };
      const isOwnBranch = current.seq === message.seq && proof.branches.length < 2;
      const search = isOwnBranch ? current.search : null;
      current = undefined;
      return { ok: true, proof, search };
    },
    waiting: () => current !== undefined,
  };
};
