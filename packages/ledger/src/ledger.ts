/** The ledger of one circle's book as one replica holds it: feeds, log, and the fold over what is settled [P9]. */
import type { HeightRecord } from './decisions.ts';
import type { DoubleVote } from './doubleVotes.ts';
import type { StuckClosing } from './closeBook.ts';
import type { Sha256 } from './entryCodec.ts';
import type { BookSeries } from './bookSeries.ts';
import { broughtCredit, type BroughtCredit } from './brought.ts';
import { LANE, type Claim, type FoundBody, type Lane } from './entry.ts';
import { createFeed, type Feed, type ForkProof, type Stored } from './feed.ts';
import type { DeviceKey, Id, PublicKey } from './ids.ts';
import {
  createLog,
  witnessCount,
  type CircleLog,
  type FirstDevice,
  type FirstWitness,
  type LogBefore,
} from './log.ts';
import { CLOSING_RULES, type ClosingRules } from './closingRules.ts';
import { ALL_DECISION_RULES, type DecisionRule } from './decisionRules.ts';
import type { Motion } from './motions.ts';
import type { BookOpening } from './opening.ts';
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
/** What stops the circle's log until people have talked [L1]. */
export interface LogHalt {
  /** *loses-settled*: more witnesses lied than the quorum bears, and what was final here would not be [I2]. */
  readonly reason: 'two-decisions' | 'unlawful-decision' | 'loses-settled';
  readonly entry: Id;
}
export interface Ledger {
  readonly circle: Id;
  readonly book: number;
  readonly sha256: Sha256;
  readonly isOrdinaryKey: (key: DeviceKey | PublicKey) => boolean;
  readonly accountRules: readonly AccountRule[];
  readonly decisionRules: readonly DecisionRule[];
  readonly closingRules: ClosingRules;
  readonly log: CircleLog;
  /** n: how many witnesses the book has. */
  readonly n: number;
  readonly founding: Stored;
  readonly entries: Map<Id, Stored>;
  /** Credits from the book before, by the debit's id [B1]. */
  readonly brought: Map<Id, BroughtCredit>;
  readonly feeds: Map<DeviceKey, readonly [Feed, Feed, Feed]>;
  readonly accounts: Map<DeviceKey, AccountState>;
  /** What stands on the accounts without a feed, by number. Minor units. */
  readonly commons: Map<number, number>;
  /** Witness entries that promise to vote no more somewhere [C1]. */
  readonly stops: Stored[];
  /** The same by `${ordinal}/${incarnation}`; and bit i: witness i votes no more in this book at all [B1]. */
  readonly promised: Map<string, Stored[]>;
  promisedAll: number;
  readonly motions: Map<Id, Motion>;
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
  /** What witnesses said of the log, by height [L1]. */
  readonly heights: Map<number, HeightRecord>;
  /** By decision, the first entry that carried it here. */
  readonly proposals: Map<Id, Stored>;
  readonly forks: ForkProof[];
  readonly doubleVotes: DoubleVote[];
  /** Series that were read, by their last entries, and where the last closing that was judged was stuck [B1]. */
  readonly bookSeries: Map<Id, BookSeries>;
  stuckClosing: StuckClosing | null;
  /** What the next book begins with, once this one is closed [B1]. */
  opening: BookOpening | null;
  /** The next decision, agreed on, while something that it cites is missing [C1]. */
  awaiting: { readonly id: Id; readonly missing: readonly Id[] } | null;
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
  /** The log before this book, and what stood on the commons accounts; nothing in a circle's first book [B2]. */
  readonly before?: LogBefore;
  readonly commons?: ReadonlyMap<number, number>;
  /** Which book this is; 0 by default. */
  readonly book?: number;
  /** All of [L0]–[L3] by default; a mutation test leaves one out. */
  readonly decisionRules?: readonly DecisionRule[];
  /** How a closing reads its reports [C2]; an explorer replaces one of them. */
  readonly closingRules?: ClosingRules;
  /** All of [P1]–[P4] by default; a mutation test leaves one out. */
  readonly accountRules?: readonly AccountRule[];
}

export function createLedger(founding: VerifiedEntry<FoundBody>, options: LedgerOptions): Ledger {
  const witnesses = options.witnesses ?? [{ device: founding.device, key: founding.body.witness }];
  const log = createLog(founding, witnesses, options.devices, options.before);
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
    fixed: false,
    awaited: false,
    delivered: false,
  };
  stored.feed.main.push(stored);
  const ledger: Ledger = {
    circle: founding.id,
    book: options.book ?? founding.book,
    sha256: options.sha256,
    isOrdinaryKey: options.isOrdinaryKey,
    accountRules: options.accountRules ?? ALL_ACCOUNT_RULES,
    decisionRules: options.decisionRules ?? ALL_DECISION_RULES,
    closingRules: options.closingRules ?? CLOSING_RULES,
    log,
    n: witnessCount(log),
    founding: stored,
    entries: new Map([[founding.id, stored]]),
    brought: new Map(),
    feeds: new Map(),
    accounts: new Map(),
    commons: new Map(options.commons),
    stops: [],
    promised: new Map(),
    promisedAll: 0,
    motions: new Map(),
    early: new Map(),
    earlyVotes: new Map(),
    attachments: new Map(),
    waiting: new Map(),
    earlyClaimants: new Map(),
    invoicePayments: new Map(),
    heights: new Map(),
    proposals: new Map(),
    forks: [],
    doubleVotes: [],
    bookSeries: new Map(),
    stuckClosing: null,
    opening: null,
    awaiting: null,
    halt: null,
    votable: new Set(),
    toReceipt: new Set(),
    settledCount: 0,
  };
  for (const device of log.ordinals) openDevice(ledger, device);
  for (const { device, credits } of options.devices ?? []) bringCredits(ledger, device, credits ?? []);
  return ledger;
}
function bringCredits(ledger: Ledger, owner: DeviceKey, credits: readonly Claim[]): void {
  const account = accountOf(ledger, owner);
  for (const { debit, amount } of credits) {
    ledger.brought.set(debit, broughtCredit(owner, debit, amount));
    account.unclaimed.set(debit, amount);
    account.unclaimedSum += amount;
  }
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
    balance: ledger.log.devices.get(device)?.opening ?? 0,
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
