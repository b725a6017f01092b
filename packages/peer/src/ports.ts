/**
 * What a peer needs of the world. Each port has a browser and a Node implementation, and a simulated one;
 * `packages/testing` holds the contract suites that all of them pass.
 */
import type { DeviceKey, Id, PublicKey, Signature } from '@corridor/ledger';

export interface Clock {
  /** Unix milliseconds: starts timers and labels lines, never decides. */
  now(): number;
  /** Runs `task` after `ms`; the returned function cancels it. */
  after(ms: number, task: () => void): () => void;
}
export type RandomBytes = (length: number) => Uint8Array;

/** Signs with keys it never shows. `create` makes a new one and keeps it durably before it returns. */
export interface KeyRing {
  create(purpose: 'device' | 'witness', signal?: AbortSignal): Promise<PublicKey>;
  /** Signs with the key of that name; undefined if this ring does not hold it. */
  sign(key: PublicKey | DeviceKey, message: Uint8Array, signal?: AbortSignal): Promise<Signature | undefined>;
  witnessKeys(signal?: AbortSignal): Promise<readonly PublicKey[]>;
  /** Erases these witness keys, strictly, in one go [I15]. False: the disk refused, and all are still there. */
  eraseWitnessKeys(these: ReadonlySet<string>, signal?: AbortSignal): Promise<boolean>;
  /** An X25519 key pair for sealed book keys; opened with {@link KeyRing.unseal}. */
  createSealing(signal?: AbortSignal): Promise<PublicKey>;
  unseal(
    key: PublicKey,
    sealed: Uint8Array,
    info: Uint8Array,
    signal?: AbortSignal,
  ): Promise<Uint8Array | undefined>;
}

/** One signature to check [E5]: key and signature in hex, message in bytes. */
export interface SignatureCheck {
  readonly key: PublicKey | DeviceKey;
  readonly message: Uint8Array;
  readonly signature: Signature;
}
/** 'undecided': the budget of the peer who sent it is spent. Never stands for invalid [E5]. */
export type SignatureVerdict = 'valid' | 'invalid' | 'undecided';
export interface SignatureChecker {
  /** One verdict for each check, in order. `budget` is charged for every check the reference must decide. */
  check(
    checks: readonly SignatureCheck[],
    budget: CheckBudget,
    signal?: AbortSignal,
  ): Promise<readonly SignatureVerdict[]>;
}
/** How many slow reference checks one remote peer may still cost us. Own entries use an unlimited one. */
export interface CheckBudget {
  left: number;
}

/** One journal row: an entry this device signed or vouched for, kept before it goes anywhere [P6]. */
export interface JournalRow {
  /** `${circle}/${lane}`: the chain whose head this row moves. */
  readonly chain: string;
  readonly seq: number;
  readonly id: Id;
  /** Unsigned entry bytes, sealed by the caller if it wants them sealed. */
  readonly bytes: Uint8Array;
  /** null: others brought the entry back, under the signature of a later one [W2]. */
  readonly signature: Signature | null;
}
export type JournalOutcome = 'kept' | 'stale-head' | 'refused';
/** Small, strictly durable, one writer. All methods resolve only when the disk has it. */
export interface Journal {
  /** In one strict transaction: compares the chain's head id (undefined: empty chain) and adds the rows. */
  append(
    chain: string,
    expectedHead: Id | undefined,
    rows: readonly JournalRow[],
    signal?: AbortSignal,
  ): Promise<JournalOutcome>;
  head(chain: string, signal?: AbortSignal): Promise<{ seq: number; id: Id } | undefined>;
  rows(chain: string, fromSeq: number, signal?: AbortSignal): Promise<readonly JournalRow[]>;
  /** Rows below `seq` are in the book and need not be replayed any more; the head stays. */
  trim(chain: string, belowSeq: number, signal?: AbortSignal): Promise<void>;
}
/** Small named records (circle list, wrapped keys, texts, settings). `put` is strict. */
export interface Records {
  get(name: string, signal?: AbortSignal): Promise<Uint8Array | undefined>;
  /** false: the disk refused (quota, read-only). Nothing was changed then. */
  put(name: string, value: Uint8Array, signal?: AbortSignal): Promise<boolean>;
  remove(name: string, signal?: AbortSignal): Promise<void>;
  names(prefix: string, signal?: AbortSignal): Promise<readonly string[]>;
}
/** Where the Yjs document of one book lives. Not strict: it never decides what we claim to have saved. */
export interface DocShelf {
  /** Loads what is stored into `doc` and persists every later change of it. */
  attach(
    name: string,
    doc: import('yjs').Doc,
    onRefused: (reason: string) => void,
    signal?: AbortSignal,
  ): Promise<AttachedDoc>;
  remove(name: string, signal?: AbortSignal): Promise<void>;
}
export interface AttachedDoc {
  /**
   * true: all changes so far are on the disk, strictly, so journal rows they cover may be trimmed.
   * false: the disk refused; they live in memory alone and are tried again at the next flush.
   */
  flush(signal?: AbortSignal): Promise<boolean>;
  /** As `flush`; afterwards the disk holds nothing that the document has let go of either [E6]. */
  forget(): Promise<boolean>;
  close(): Promise<void>;
}
export interface Store {
  readonly keys: KeyRing;
  readonly journal: Journal;
  readonly records: Records;
  readonly docs: DocShelf;
  /** Erases everything this origin or folder keeps for Corridor. */
  wipe(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Whole messages over authenticated links to other peers. Order is kept within one link and protocol.
 * Structured-clone friendly on purpose: in the browser the links live in the window and the peer in a worker.
 */
export interface Link {
  readonly id: string;
  /** The other side's libp2p peer id (random per circle [S3]), authenticated by the transport. */
  readonly remote: string;
  readonly path: 'direct' | 'relayed';
  readonly protocol: 'sync' | 'join';
  /** Whether this side opened it. */
  readonly outgoing: boolean;
}
export type TransportEvent =
  | { readonly type: 'open'; readonly link: Link }
  | { readonly type: 'message'; readonly link: string; readonly bytes: Uint8Array }
  /** The same link now runs over another path (relayed → direct). */
  | { readonly type: 'path'; readonly link: string; readonly path: Link['path'] }
  | { readonly type: 'close'; readonly link: string }
  | { readonly type: 'relays'; readonly relays: readonly RelayState[] };
export interface RelayState {
  readonly address: string;
  readonly state: 'connecting' | 'ready' | 'down';
  /** The day it announced, once it has [S3]. */
  readonly day?: RelayDay;
}
/** Who we are on the network for one circle, and the blinded tags under which we can be met [S3]. */
export interface Presence {
  readonly circle: Id;
  /** Tags to register and to look up; hex of 16 bytes each. The transport dials whom it finds under `meet`. */
  readonly register: readonly string[];
  readonly meet: readonly string[];
  /** Protocol to open with peers met under `meet`. */
  readonly protocol: Link['protocol'];
}
export interface Transport {
  /** Our own peer id for this circle. */
  readonly self: string;
  listen(handler: (event: TransportEvent) => void): void;
  /** Replaces the tags; at once looks for peers under them. */
  setPresence(presence: readonly Presence[]): void;
  /** False when the link is gone or its queue is full: the session must end. */
  send(link: string, bytes: Uint8Array): boolean;
  /** Bytes accepted by `send` but not yet handed to the network: senders wait above MAX_QUEUED_BYTES. */
  queued(link: string): number;
  close(link: string, reason: string): void;
  /** Drop and refuse this remote for a while (it broke the protocol). */
  ban(remote: string, seconds: number): void;
  setRelayOnly(relayOnly: boolean): void;
  stop(): Promise<void>;
}
/** Day number the newest reachable relay announced, for tags that change daily [S3]; else by our clock. */
export type RelayDay = number;
