/**
 * A replica as plain data, for sessions to talk about. Its entries stand in for sealed ones: 32 bytes of the id
 * before, one byte that says whether the entry admits or removes a device (then the device's key), then filler.
 * An id is the SHA-256 of the bytes; each feed's newest entry and every 64th keep a signature, as on disk.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { compareBytes, concatBytes, equalBytes, fromHex, LANE, toHex, ZERO_ID } from '@corridor/ledger';
import type { DeviceKey, Id, TextHash } from '@corridor/ledger';
import { feedKey } from '../src/index.ts';
import type {
  BatchOutcome,
  FeedHead,
  FeedName,
  Run,
  SealedItem,
  SealedProof,
  Shelf,
  Standing,
} from '../src/index.ts';

const founding: FeedName = { book: 0, ordinal: 0, lane: LANE.founding };
export const witnessOf = (ordinal: number, book = 0): FeedName => ({
  book,
  ordinal,
  lane: LANE.witness,
});
export const accountOf = (ordinal: number, book = 0): FeedName => ({
  book,
  ordinal,
  lane: LANE.account,
});
export const voiceOf = (ordinal: number): FeedName => ({
  book: 0,
  ordinal,
  lane: LANE.voice,
});

export const bytesOf = (hex: string): Uint8Array => fromHex(hex) ?? new Uint8Array(0);
export const deviceNamed = (name: string): DeviceKey =>
  toHex(sha256(Uint8Array.from(name, (c) => c.charCodeAt(0)))) as DeviceKey;
export const hashNamed = (name: string): TextHash => deviceNamed(`text ${name}`) as string as TextHash;
const idOf = (item: SealedItem): Id => toHex(sha256(item.sealed)) as Id;
const PLAIN = 0;
const ADMITS = 1;
const REMOVES = 2;
const signatureFor = (sealed: Uint8Array): Uint8Array => {
  const once = sha256(concatBytes(sealed, Uint8Array.of(1)));
  return concatBytes(once, once, once.subarray(0, 16));
};

interface Chain {
  readonly feed: FeedName;
  readonly items: SealedItem[];
  readonly ids: Id[];
  /** Received after the newest signature: not to be vouched for yet. */
  tail: SealedItem[];
  forked: boolean;
  /** The newest seq that is certified: with a fork, an account's head. */
  certified: number;
  readonly proofs: SealedProof[];
}
export interface Replica {
  readonly name: string;
  readonly device: DeviceKey;
  readonly shelf: Shelf;
  readonly chains: Map<string, Chain>;
  readonly texts: Map<TextHash, Uint8Array | 'gone'>;
  /** The books it has open, once it holds anything; the first alone unless a story says otherwise. */
  readonly opened: number[];
  /** Appends one entry of this size and says what was appended. */
  readonly append: (
    feed: FeedName,
    size: number,
    note?: { readonly admits?: DeviceKey; readonly removes?: DeviceKey; readonly filler?: number },
  ) => Run;
  readonly accept: (run: Run) => 'kept' | 'unlinked' | 'bad';
  readonly acceptAll: (runs: readonly Run[]) => BatchOutcome;
  /** Every branch has to hang on what is held, as at a real gate. */
  readonly acceptProof: (
    feed: FeedName,
    seq: number,
    branches: readonly (readonly SealedItem[])[],
  ) => BatchOutcome;
  readonly standing: (device: DeviceKey) => Standing;
  /** What it holds, comparable. */
  readonly contents: () => readonly string[];
  readonly entryCount: () => number;
}

export const createReplica = (name: string): Replica => {
  const chains = new Map<string, Chain>();
  const texts = new Map<TextHash, Uint8Array | 'gone'>();
  const opened = [0];
  const device = deviceNamed(name);

  const chainOf = (feed: FeedName): Chain => {
    const key = feedKey(feed);
    const chain = chains.get(key) ?? {
      feed,
      items: [],
      ids: [],
      tail: [],
      forked: false,
      certified: -1,
      proofs: [],
    };
    chains.set(key, chain);
    return chain;
  };
  /** Keeps an item with the signature rule of [F2]: the one before gives its own up unless it is a 64th. */
  const keep = (chain: Chain, item: SealedItem): void => {
    const before = chain.items.at(-1);
    const at = chain.items.length - 1;
    if (before !== undefined && item.signature !== null && at % 64 !== 63 && !chain.forked)
      chain.items[at] = { sealed: before.sealed, signature: null };
    chain.items.push(item);
    chain.ids.push(idOf(item));
  };
  /** The last seq before the first fork. */
  const common = (chain: Chain): number =>
    Math.min(chain.ids.length, ...chain.proofs.map((proof) => proof.seq)) - 1;
  /** The last seq that is read from there on: of a forked feed up to the signature that vouches for it. */
  const readableEnd = (chain: Chain, fromSeq: number): number => {
    const end = head(chain.feed)?.seq ?? -1;
    if (!chain.forked) return end;
    const last = fromSeq > end ? Math.max(end, common(chain)) : end;
    const signed = chain.items.findIndex((item, i) => i >= last && item.signature !== null);
    return last < 0 || signed < 0 ? last : signed;
  };
  const head = (feed: FeedName): FeedHead | undefined => {
    const chain = chains.get(feedKey(feed));
    if (chain === undefined || (chain.ids.length === 0 && !chain.forked)) return undefined;
    const seq = !chain.forked
      ? chain.ids.length - 1
      : feed.lane === LANE.account
        ? chain.certified
        : common(chain);
    return { feed: chain.feed, seq, head: chain.ids[seq] ?? ZERO_ID, forked: chain.forked };
  };
  const shelf: Shelf = {
    books: () => (chains.size === 0 ? [] : opened),
    takes: ({ book }) => chains.size === 0 || opened.includes(book),
    heads: () => [...chains.values()].flatMap((chain) => head(chain.feed) ?? []),
    head,
    idAt: (feed, seq) => chains.get(feedKey(feed))?.ids[seq],
    read: (feed, fromSeq, maxBytes) => {
      const items: SealedItem[] = [];
      const chain = chains.get(feedKey(feed));
      if (chain === undefined) return items;
      let left = maxBytes;
      for (const item of chain.items.slice(fromSeq, readableEnd(chain, fromSeq) + 1)) {
        left -= item.sealed.length + (item.signature?.length ?? 0);
        if (left < 0) break;
        items.push(item);
      }
      return items;
    },
    text: (hash) => {
      const text = texts.get(hash);
      if (text === undefined) return { state: 'unknown' };
      return text === 'gone' ? { state: 'gone' } : { state: 'text', sealed: text };
    },
    proofs: (feed) => chains.get(feedKey(feed))?.proofs ?? [],
  };

  const accept = (run: Run): 'kept' | 'unlinked' | 'bad' => {
    const chain = chainOf(run.feed);
    const known = chain.items.length + chain.tail.length;
    if (run.fromSeq > known) return 'kept';
    const fresh = run.items.slice(known - run.fromSeq);
    const overlap = run.items.slice(0, known - run.fromSeq);
    const held = [...chain.items, ...chain.tail];
    if (overlap.some((item, i) => !equalBytes(item.sealed, held[run.fromSeq + i]?.sealed ?? item.sealed)))
      return 'unlinked';
    let before: Id = held.length === 0 ? ZERO_ID : idOf(held[held.length - 1] as SealedItem);
    for (const item of fresh) {
      if (item.sealed.length < 33) return 'bad';
      if (item.signature !== null && !equalBytes(item.signature, signatureFor(item.sealed))) return 'bad';
      if (toHex(item.sealed.subarray(0, 32)) !== before) return 'unlinked';
      before = idOf(item);
      chain.tail.push(item);
      if (item.signature === null) continue;
      for (const settled of chain.tail) keep(chain, settled);
      chain.tail = [];
    }
    return 'kept';
  };
  const ownBranch = (chain: Chain, seq: number): readonly SealedItem[] => {
    const end = chain.items.findIndex((item, i) => i >= seq && item.signature !== null);
    return chain.items.slice(seq, end + 1);
  };

  return {
    name,
    device,
    shelf,
    chains,
    texts,
    opened,
    append: (feed, size, note = {}) => {
      const chain = chainOf(feed);
      const sealed = new Uint8Array(size).fill(note.filler ?? 7);
      sealed.set(bytesOf(chain.ids.at(-1) ?? ZERO_ID));
      const subject = note.admits ?? note.removes;
      sealed[32] = note.admits !== undefined ? ADMITS : note.removes !== undefined ? REMOVES : PLAIN;
      if (subject !== undefined) sealed.set(bytesOf(subject), 33);
      const item: SealedItem = { sealed, signature: signatureFor(sealed) };
      keep(chain, item);
      return { feed, fromSeq: chain.items.length - 1, items: [item] };
    },
    accept,
    acceptAll: (runs) => {
      const said = runs.map((run) => ({ feed: run.feed, outcome: accept(run) }));
      if (said.some(({ outcome }) => outcome === 'bad')) return { type: 'fault', reason: 'bad entry' };
      const feeds = said.filter(({ outcome }) => outcome === 'unlinked').map(({ feed }) => feed);
      return feeds.length === 0 ? { type: 'settled' } : { type: 'unlinked', feeds };
    },
    acceptProof: (feed, seq, branches) => {
      const chain = chainOf(feed);
      const settled: BatchOutcome = { type: 'settled' };
      if (branches.length === 0) return settled;
      let at = seq;
      let [first, second] = branches;
      if (branches.length === 1) {
        const items = branches[0] ?? [];
        const known = items.findIndex((item, i) => idOf(item) !== chain.ids[seq + i]);
        if (known < 0) return settled;
        at = seq + known;
        second = items.slice(known);
        first = undefined;
      }
      const before = toHex(second?.[0]?.sealed.subarray(0, 32) ?? new Uint8Array(0));
      if (at > 0 && before !== chain.ids[at - 1]) return { type: 'unlinked', feeds: [feed] };
      if (chain.proofs.some((proof) => proof.seq === at)) return settled;
      first ??= ownBranch(chain, at);
      const [left, right] = [first?.[0], second?.[0]];
      if (first === undefined || second === undefined || left === undefined || right === undefined)
        return settled;
      if (equalBytes(left.sealed, right.sealed)) return settled;
      // Without a signature at its end a branch proves nothing [F2].
      if (first.at(-1)?.signature === null || second.at(-1)?.signature === null) return settled;
      const pair = [first, second].sort((a, b) =>
        compareBytes(a[0]?.sealed ?? left.sealed, b[0]?.sealed ?? left.sealed),
      );
      chain.proofs.push({ seq: at, branches: [pair[0] ?? first, pair[1] ?? second] });
      chain.forked = true;
      return settled;
    },
    standing: (asked) => {
      const log = [founding, witnessOf(0)].flatMap((feed) => chains.get(feedKey(feed))?.items ?? []);
      let standing: Standing = 'unknown';
      for (const { sealed } of log) {
        if (toHex(sealed.subarray(33, 65)) !== asked) continue;
        if (sealed[32] === ADMITS) standing = 'member';
        if (sealed[32] === REMOVES) standing = 'removed';
      }
      return standing;
    },
    contents: () =>
      [...chains.entries()]
        .filter(([, chain]) => chain.ids.length > 0 || chain.forked)
        .map(([key, chain]) =>
          chain.forked
            ? `${key} forked ${chain.certified} ${chain.proofs.map((proof) => proof.branches.map((branch) => branch.map(idOf).join()).join('|')).join()}`
            : `${key} ${chain.ids.join()}`,
        )
        .sort(),
    entryCount: () => [...chains.values()].reduce((sum, chain) => sum + chain.items.length, 0),
  };
};

/** Copies everything one replica holds into another that holds nothing. */
export const copyInto = (from: Replica, to: Replica): void => {
  for (const [, chain] of from.chains) to.accept({ feed: chain.feed, fromSeq: 0, items: chain.items });
};

/** A circle that Alice founded and into which she let the others, as Alice holds it. */
export const foundCircle = (others: readonly string[]): Replica => {
  const alice = createReplica('Alice');
  alice.append(founding, 200, { admits: alice.device });
  for (const name of others) alice.append(witnessOf(0), 300, { admits: deviceNamed(name) });
  return alice;
};
