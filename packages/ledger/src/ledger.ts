/** The ledger of one circle's book as one replica holds it: feeds, log, and the fold over what is settled [P9]. */
import type { Sha256 } from './entryCodec.ts';
import { LANE, type FoundBody, type Lane } from './entry.ts';
import { createFeed, type Feed, type ForkProof, type Stored } from './feed.ts';
import type { DeviceKey, Id, PublicKey } from './ids.ts';
import { createLog, witnessCount, type CircleLog, type FirstDevice, type FirstWitness } from './log.ts';
import { ALL_ACCOUNT_RULES, type AccountRule } from './validity.ts';
import { VALID } from './verdict.ts';
import type { VerifiedEntry } from './verify.ts';

/** What the settled chain says of one account. Amounts in minor units. */
export interface AccountState {
  readonly device: DeviceKey;
  /** balanceAfter of the newest settled entry. */
  balance: number;
  settledHead: Stored | undefined;
  /** Settled payments to it that it has not claimed, by debit id, oldest settled first [P4]. */
  readonly unclaimed: Map<Id, number>;
  unclaimedSum: number;
  /** Authentic payments to it, among them all that are not settled yet; see incoming.ts. */
  incoming: Stored[];
  incomingSettled: number;
}
/** What was said of an entry that has not arrived. */
export interface EarlyTally {
  receipts: number;
  ownReceipts: number;
  /** Who said "I have it". */
  delivered: readonly DeviceKey[];
}
/** Votes at one slot for an entry that has not arrived, or that is not of that slot. */
export interface EarlyVotes {
  readonly id: Id;
  voters: readonly Stored[];
}
/** A witness whose own signed lane contradicts itself [I11]. */
export interface DoubleVote {
  readonly witness: number;
  readonly device: DeviceKey;
  readonly seq: number;
  readonly first: Id;
  readonly second: Id;
}
/** What stops the circle's log until people have talked [L1]. */
export interface LogHalt {
  readonly reason: 'two-decisions' | 'unlawful-decision';
  readonly entry: Id;
}
export interface Ledger {
  readonly circle: Id;
  readonly book: number;
  readonly sha256: Sha256;
  readonly isOrdinaryKey: (key: DeviceKey | PublicKey) => boolean;
  readonly accountRules: readonly AccountRule[];
  readonly log: CircleLog;
  /** n: how many witnesses the book has. */
  readonly n: number;
  readonly founding: Stored;
  readonly entries: Map<Id, Stored>;
  readonly feeds: Map<DeviceKey, readonly [Feed, Feed, Feed]>;
  readonly accounts: Map<DeviceKey, AccountState>;
  readonly early: Map<Id, EarlyTally>;
  /** By device and {@link slotOf}, as the votes name the slot [P5] [I1]. */
  readonly earlyVotes: Map<DeviceKey, Map<string, EarlyVotes[]>>;
  /** Attachments that are here, with their lengths in bytes [E7]. */
  readonly attachments: Map<Id, number>;
  /** Who waits for an entry, an attachment or `#height`. */
  readonly waiting: Map<string, Stored[]>;
  /** Who claims an entry that is not here. */
  readonly earlyClaimants: Map<Id, Stored[]>;
  readonly invoicePayments: Map<Id, Stored[]>;
  /** Precommits by `${height}/${round}/${decision}`: bit i is witness i. */
  readonly precommits: Map<string, number>;
  /** `${height}/${decision}` that a quorum precommitted in one round. */
  readonly agreed: Set<string>;
  /** Agreed decisions above the next height. */
  readonly agreedAhead: Map<number, Id[]>;
  readonly proposals: Map<Id, Stored>;
  readonly forks: ForkProof[];
  readonly doubleVotes: DoubleVote[];
  halt: LogHalt | null;
  /** Account feeds in which a witness may find something to vote for. */
  readonly votable: Set<Feed>;
  /** Certified entries that are not settled yet: a witness may owe a receipt. */
  readonly toReceipt: Set<Stored>;
  settledCount: number;
}
export interface LedgerOptions {
  readonly sha256: Sha256;
  /** Prime order and canonical: asked once per key, at admission [E5]. */
  readonly isOrdinaryKey: (key: DeviceKey | PublicKey) => boolean;
  /** The book's witnesses; by default the founder alone, under the founding entry's key. */
  readonly witnesses?: readonly FirstWitness[];
  /** Who is in from the book's start besides the founder; nobody in a circle's first book. */
  readonly devices?: readonly FirstDevice[];
  /** All of [P1]–[P4] by default; a mutation test leaves one out. */
  readonly accountRules?: readonly AccountRule[];
}

export function createLedger(founding: VerifiedEntry<FoundBody>, options: LedgerOptions): Ledger {
  const witnesses = options.witnesses ?? [{ device: founding.device, key: founding.body.witness }];
  const log = createLog(founding, witnesses, options.devices);
  const stored: Stored = {
    entry: founding,
    prev: undefined,
    feed: createFeed(founding.device, LANE.founding),
    laneBytes: founding.bytes.length,
    verdict: VALID,
    cited: [],
    claimants: [],
    voters: [],
    votes: 0,
    receipts: 0,
    ownReceipts: 0,
    settled: true,
    awaited: false,
    delivered: false,
  };
  stored.feed.main.push(stored);
  const ledger: Ledger = {
    circle: founding.id,
    book: founding.book,
    sha256: options.sha256,
    isOrdinaryKey: options.isOrdinaryKey,
    accountRules: options.accountRules ?? ALL_ACCOUNT_RULES,
    log,
    n: witnessCount(log),
    founding: stored,
    entries: new Map([[founding.id, stored]]),
    feeds: new Map(),
    accounts: new Map(),
    early: new Map(),
    earlyVotes: new Map(),
    attachments: new Map(),
    waiting: new Map(),
    earlyClaimants: new Map(),
    invoicePayments: new Map(),
    precommits: new Map(),
    agreed: new Set(),
    agreedAhead: new Map(),
    proposals: new Map(),
    forks: [],
    doubleVotes: [],
    halt: null,
    votable: new Set(),
    toReceipt: new Set(),
    settledCount: 0,
  };
  for (const device of log.ordinals) openDevice(ledger, device);
  return ledger;
}

/** Makes room for a device that the log just admitted. */
export function openDevice(ledger: Ledger, device: DeviceKey): void {
  ledger.feeds.set(device, [
    createFeed(device, LANE.account),
    createFeed(device, LANE.voice),
    createFeed(device, LANE.witness),
  ]);
  ledger.accounts.set(device, {
    device,
    balance: 0,
    settledHead: undefined,
    unclaimed: new Map(),
    unclaimedSum: 0,
    incoming: [],
    incomingSettled: 0,
  });
}

/**
 * A slot of an account's chain. Incarnation and seq make one key: one chain's votes at it are bounded, its votes at one
 * seq in all the incarnations that it cares to name are not [I18].
 */
export const slotOf = (place: { readonly incarnation: number; readonly seq: number }): string =>
  `${place.incarnation}/${place.seq}`;

/** A device's feed; undefined for a device the log has not admitted. */
export function feedOf(ledger: Ledger, device: DeviceKey, lane: Lane): Feed | undefined {
  if (lane === LANE.founding)
    return device === ledger.founding.entry.device ? ledger.founding.feed : undefined;
  return ledger.feeds.get(device)?.[lane];
}
/** The account of an admitted device: asking for another is a broken invariant. */
export function accountOf(ledger: Ledger, device: DeviceKey): AccountState {
  const account = ledger.accounts.get(device);
  if (account === undefined) throw new Error('no such account');
  return account;
}
