/**
 * What the peer tells a screen, and what a screen asks of the peer. Plain data both ways: it crosses a worker
 * boundary and, for a second tab, a BroadcastChannel. Amounts are integers of minor units.
 */
import type { AnewIntents, AnewView } from './anewView.ts';
import type { ActView, GoverningIntents, GoverningView } from './governingView.ts';
import type { DeviceKey, Grant, Id, JoinRequest, MemberId, Need, Policy, PublicKey } from '@corridor/ledger';

/**
 * On this phone → {name} has it → Final → Closed, with its book; or two entries contradict. 'overtaken': a closing left
 * it out and its payer has signed the same again, so it is in no list any more.
 */
export type LineState =
  'on-this-phone' | 'they-have-it' | 'final' | 'closed' | 'needs-a-talk' | 'cannot-count' | 'overtaken';

export interface UnitView {
  readonly name: string;
  readonly decimals: number;
}
export interface BalanceView {
  /** Settled balance + settled unclaimed: the figure of the home screen [P4]. */
  readonly shown: number;
  readonly waitingIn: number;
  readonly waitingOut: number;
  /** shown − waitingOut − lowestBalance [P4]. */
  readonly spendable: number;
  readonly lowestBalance: number;
  readonly highestBalance: number;
}
export interface PersonView {
  readonly member: MemberId;
  /** The device to pay; a member with several devices is paid on their first. */
  readonly device: DeviceKey;
  readonly devices: number;
  /** '' until the name has arrived. */
  readonly name: string;
  readonly isMe: boolean;
  readonly keepsBook: boolean;
  readonly invitedBy: MemberId | null;
  readonly connected: boolean;
  /** Sum over their devices, settled. */
  readonly balance: number;
  readonly lastTradedAt: number | null;
}
export interface LineView {
  readonly id: Id;
  /** 8 characters, base32 in two groups: the receipt code both screens show. */
  readonly code: string;
  readonly direction: 'in' | 'out' | 'between-others';
  readonly other: MemberId;
  readonly otherName: string;
  readonly payerName: string;
  readonly payeeName: string;
  readonly amount: number;
  readonly memo: string;
  readonly need: Need | null;
  /** Unix seconds by the payer's clock. */
  readonly at: number;
  readonly state: LineState;
  /** Out, by hand-over, and the payee's phone has not confirmed: the code can be shown again. */
  readonly handOver: 'not-needed' | 'to-show' | 'done';
  /** In: not yet taken into the balance because it would go over highestBalance. */
  readonly waitsForRoom: boolean;
}
export interface FaultView {
  readonly id: string;
  /** Whose device it was; null where the name is all that is known. */
  readonly member: MemberId | null;
  readonly memberName: string;
  readonly kind: 'two-histories' | 'double-vote' | 'vote-after-promise' | 'two-decisions';
  /** The two entries side by side, as sentences' data. */
  readonly left: { readonly id: Id; readonly summary: string };
  readonly right: { readonly id: Id; readonly summary: string };
}
export interface SharingView {
  readonly relays: readonly { readonly address: string; readonly state: 'connecting' | 'ready' | 'down' }[];
  readonly connections: readonly { readonly name: string; readonly path: 'direct' | 'relayed' }[];
  readonly relayOnly: boolean;
}
export interface CircleView {
  readonly circle: Id;
  readonly name: string;
  readonly unit: UnitView;
  readonly policy: Policy;
  readonly foundedAt: number;
  readonly me: { readonly member: MemberId; readonly device: DeviceKey; readonly name: string };
  readonly balance: BalanceView;
  /** Whose phone keeps the book, and whether it can be reached now [P7]. */
  readonly keeper: {
    readonly member: MemberId;
    readonly device: DeviceKey;
    readonly name: string;
    readonly isThisDevice: boolean;
    readonly reachable: boolean;
  };
  /** My other devices that could keep the book instead. */
  readonly keeperCandidates: readonly {
    readonly device: DeviceKey;
    readonly label: string;
    readonly connected: boolean;
  }[];
  readonly freshness: { readonly state: 'live' | 'alone' | 'offline'; readonly lastHeardAt: number | null };
  readonly people: readonly PersonView[];
  /** Newest first, at most 100; more with `lines`. */
  readonly lines: readonly LineView[];
  readonly lineCount: number;
  readonly entryCount: number;
  readonly faults: readonly FaultView[];
  readonly sharing: SharingView;
  /** The circle's log as sentences' data, newest last. */
  readonly decisions: readonly DecisionView[];
  /** Motions, stewards, own devices, recovery and books. */
  readonly governing: GoverningView;
  /** What goes on without the keeper's phone [K1]. */
  readonly anew: AnewView;
  /** True until a way to recover this phone exists (next issue): the header says Practice. */
  readonly practice: boolean;
  /** Text the disk refused to keep, or null. */
  readonly storageTrouble: string | null;
}
export interface DecisionView {
  readonly height: number;
  readonly act: ActView;
  /** Whose device wrote it down. */
  readonly by: string;
  readonly reason: string;
  readonly approvedBy: readonly string[];
}
/** What is wrong with a saved book, and in which line of the file; 0: with the file itself. */
export interface BookFault {
  readonly line: number;
  readonly reason:
    | 'too-big'
    | 'newer'
    | 'not-a-book'
    | 'cut-off'
    | 'unreadable'
    | 'bad-signature'
    | 'too-costly'
    | 'unknown-author'
    | 'hangs-on-nothing'
    | 'against-the-rules'
    | 'belongs-to-nothing';
}
/** A saved book that was read and checked whole; nothing of it is kept. */
export interface SavedBookView {
  readonly circle: Id;
  readonly circleName: string;
  readonly unit: UnitView;
  readonly belongs: 'this-circle' | 'another-circle' | 'no-circle-here';
  readonly entries: number;
  readonly payments: number;
  readonly members: number;
  /** Names and notes. */
  readonly texts: number;
  /** When its newest payment was made, by the payer's clock; unix seconds. */
  readonly newestAt: number | null;
  readonly sumsToZero: boolean;
  /** Entries that nobody's signature reaches: they are never taken. */
  readonly leftOut: number;
  /** What this phone lacks of it. */
  readonly news: BookNews;
}
export interface BookNews {
  readonly entries: number;
  readonly payments: number;
  readonly texts: number;
}
/** What a passkey is asked, and under which name: no secret, it must be readable while the app is locked [S4]. */
export interface PasskeyHint {
  readonly credential: Uint8Array;
  readonly salt: Uint8Array;
}
/** A passkey to unlock with, and what it computed when it was asked; the worker overwrites that. */
export interface NewPasskey extends PasskeyHint {
  readonly prf: Uint8Array;
}
/** The app lock: whether there is one, and the passkey that opens it besides the passphrase [S4]. */
export interface LockView {
  readonly isSet: boolean;
  readonly passkey: PasskeyHint | null;
}
export type JoinProgress = 'looking' | 'asking' | 'waiting-for-keeper' | 'admitted';
/** The whole of what a tab knows. `none`: this browser has no circle yet. */
export type PeerView =
  | { readonly stage: 'starting' }
  | { readonly stage: 'locked'; readonly lock: LockView }
  | { readonly stage: 'none' }
  | {
      readonly stage: 'joining';
      readonly invite: InviteView;
      readonly progress: JoinProgress;
      readonly refused: string | null;
    }
  | { readonly stage: 'circle'; readonly view: CircleView; readonly lock: LockView }
  | { readonly stage: 'broken'; readonly reason: string };

/** What an invite link says before anybody is asked anything [S2]. */
export interface InviteView {
  readonly circle: Id;
  readonly circleName: string;
  readonly unitName: string;
  readonly inviterName: string;
  readonly members: number;
  readonly as: JoinRequest['as'];
  readonly firstGrant: Grant;
  readonly decimals: number;
  /** Unix seconds. */
  readonly expiresAt: number;
  readonly invite: PublicKey;
}
/** A payment request as read from a code or link, checked. */
export interface RequestView {
  readonly payee: MemberId;
  readonly payeeName: string;
  readonly payeeDevice: DeviceKey;
  /** 0: any amount. */
  readonly amount: number;
  readonly memo: string;
  readonly need: Need | null;
  readonly expiresAt: number;
  readonly invoice: Id;
  readonly alreadyPaid: Id | null;
}
/** What a scanned or pasted text turned out to be. */
export type CodeView =
  | { readonly type: 'request'; readonly request: RequestView; readonly code: string }
  | { readonly type: 'payment'; readonly line: LineView; readonly news: boolean }
  | { readonly type: 'invite'; readonly invite: InviteView; readonly link: string }
  | { readonly type: 'other-circle'; readonly circleName: string | null }
  /** A payment or a request, on a phone that is in no circle. */
  | { readonly type: 'needs-a-circle' }
  | { readonly type: 'newer' }
  | { readonly type: 'shop-barcode' }
  | { readonly type: 'unreadable' };

export interface FoundRequest {
  readonly circleName: string;
  readonly unitName: string;
  readonly decimals: number;
  readonly memberName: string;
}
export interface PayRequest {
  readonly to: DeviceKey;
  readonly amount: number;
  readonly memo: string;
  readonly need: Need | null;
  /** The request's code when it answers one. */
  readonly requestCode: string | null;
  /** Made by the screen once per press: pressing twice, or reloading and pressing again, signs once. */
  readonly intent: string;
  /** Two scans without network: the answer carries the code to show. */
  readonly handOver: boolean;
}
/** Why something was not done. `values` fill the sentence; amounts in minor units. Nothing was lost unless it says so. */
export interface Refusal {
  readonly code:
    | 'over-lowest-balance'
    | 'offline-amount'
    | 'already-paid'
    | 'request-expired'
    | 'request-other-circle'
    | 'not-a-member'
    | 'not-yourself'
    | 'amount-out-of-range'
    | 'text-too-long'
    | 'storage-refused'
    | 'other-tab-is-writing'
    | 'locked'
    | 'unreadable-code'
    | 'bad-signature'
    | 'invite-used'
    | 'invite-expired'
    | 'not-the-keeper'
    | 'needs-a-talk'
    | 'device-not-reachable'
    | 'entry-quota'
    | 'already-in-a-circle'
    | 'wrong-passphrase'
    | 'wrong-passkey'
    | 'not-wiped'
    | 'saved-book'
    | 'book-of-another-circle'
    | 'not-ready'
    /** Suspended or expelled, or this device was given up. */
    | 'account-closed'
    /** The rules leave no room for this: `rule` says which. */
    | 'not-lawful'
    | 'wrong-words'
    /** What somebody founded anew does not begin with what this phone holds [K1]. */
    | 'another-book'
    /** Nobody has handed this phone the key of that circle. */
    | 'no-key'
    | 'nobody-to-ask'
    | 'internal';
  readonly values: Readonly<Record<string, string | number>>;
}
export type Answer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

/** Every intent a screen can have. Each resolves when its effect is durable (or refused). */
export interface PeerIntents extends GoverningIntents, AnewIntents {
  found(request: FoundRequest): Promise<Answer<null>>;
  /** Reads a link's fragment without contacting anybody. */
  readInvite(link: string): Promise<Answer<InviteView>>;
  join(link: string, memberName: string): Promise<Answer<null>>;
  cancelJoin(): Promise<Answer<null>>;
  createInvite(
    as: 'member' | 'device' | 'poster',
  ): Promise<Answer<{ readonly link: string; readonly expiresAt: number }>>;
  pay(
    request: PayRequest,
  ): Promise<Answer<{ readonly line: LineView; readonly handOverCode: string | null }>>;
  /** What a press under this intent signed, if it came so far before the page went: a reload shows it, not an empty form. */
  paidBy(intent: string): Promise<Answer<LineView | null>>;
  /** amount 0: any amount. */
  request(
    amount: number,
    memo: string,
    need: Need | null,
    minutes: number,
  ): Promise<Answer<{ readonly code: string; readonly link: string; readonly invoice: Id }>>;
  /** Reads anything scanned or pasted; a hand-over payment is taken in (kept) at once. */
  readCode(text: string): Promise<Answer<CodeView>>;
  handOverCode(line: Id): Promise<Answer<string>>;
  handedOver(line: Id): Promise<Answer<null>>;
  lines(before: number, count: number): Promise<Answer<readonly LineView[]>>;
  /** Erases a payment's note on this phone, for good; who asks it for the note later is told that it is gone [E6]. */
  eraseNote(line: Id): Promise<Answer<null>>;
  line(id: Id): Promise<Answer<LineView | null>>;
  keepBook(device: DeviceKey): Promise<Answer<null>>;
  /** The whole book that is here as a file: entries, signatures and texts, and no key of any kind. */
  exportLog(): Promise<Answer<Uint8Array>>;
  /** Reads a saved book and checks all of it, with or without a circle here. Keeps nothing. */
  readSavedBook(file: Uint8Array): Promise<Answer<SavedBookView>>;
  /** Takes in what this circle's book lacks of a saved one, through the gate like anything from elsewhere. */
  bringInBook(file: Uint8Array): Promise<Answer<BookNews>>;
  /** How many closed books stay on this phone [B4]; null: all. What is beyond is let go of at once. */
  keepBooks(count: number | null): Promise<Answer<null>>;
  setRelayOnly(relayOnly: boolean): Promise<Answer<null>>;
  setLock(passphrase: string | null, current: string | null): Promise<Answer<null>>;
  unlock(passphrase: string): Promise<Answer<null>>;
  /** Adds the second way to unlock, which takes the passphrase, or (null) lets it go. */
  setPasskey(passkey: NewPasskey | null, passphrase: string | null): Promise<Answer<null>>;
  /** Unlocks by what the passkey computed in the window. */
  unlockByPasskey(prf: Uint8Array): Promise<Answer<null>>;
  lock(): Promise<Answer<null>>;
  wipe(): Promise<Answer<null>>;
}

// What screens need of the ledger's words, so that they know one package.
export type {
  CirclePolicy,
  Consent,
  DeviceKey,
  Grant,
  Id,
  MemberId,
  Need,
  Policy,
  PublicKey,
  Share,
  Standing,
} from '@corridor/ledger';
export * from './anewView.ts';
export * from './governingView.ts';
