/**
 * How a circle governs itself, as a screen sees it: motions and what came of them as sentences' data, stewards, own
 * devices, the way back after a lost phone, and books. Amounts are integers of minor units.
 */
import type { CirclePolicy, CircleRules, DeviceKey, Id, MemberId, Policy, Standing } from '@corridor/ledger';
import type { Answer } from './view.ts';

/** An act as a sentence's data: whoever is named is named as people know them, '' if the name is not here. */
export type ActView =
  | { readonly type: 'found' }
  | { readonly type: 'admit-member'; readonly who: string; readonly inviter: string }
  | { readonly type: 'admit-device'; readonly who: string }
  | { readonly type: 'keeper'; readonly who: string }
  | {
      readonly type: 'limits';
      readonly who: string;
      readonly member: MemberId;
      readonly lowestBalance: number;
      readonly highestBalance: number;
      /** As it was before; null once decided. */
      readonly before: { readonly lowestBalance: number; readonly highestBalance: number } | null;
    }
  | {
      readonly type: 'standing';
      readonly who: string;
      readonly member: MemberId;
      readonly standing: Standing;
    }
  /** A new device in the place of `gone` lost ones, or a removal where it went to another own device. */
  | {
      readonly type: 'replace';
      readonly who: string;
      readonly member: MemberId;
      readonly gone: number;
      readonly isNew: boolean;
    }
  | { readonly type: 'stewards'; readonly names: readonly string[] }
  | { readonly type: 'policy'; readonly changes: readonly PolicyChange[] }
  | { readonly type: 'payout'; readonly who: string; readonly amount: number }
  | {
      readonly type: 'helpers';
      readonly who: string;
      readonly helpers: readonly string[];
      readonly need: number;
    }
  | { readonly type: 'unlock'; readonly who: string }
  | { readonly type: 'close-book'; readonly book: number };
/** One thing that a policy act changes, from and to: numbers in minor units, thousandths or days as the field says. */
export interface PolicyChange {
  readonly field:
    | Exclude<keyof Policy, 'firstGrant' | 'maxEntries' | 'maxBytes'>
    | Exclude<keyof CircleRules, 'consents'>
    | 'firstLowest'
    | 'firstHighest'
    | keyof CircleRules['consents'];
  readonly from: string | number;
  readonly to: string | number;
}
export interface CommentView {
  readonly who: string;
  readonly text: string;
  /** Unix seconds by the author's clock. */
  readonly at: number;
}
/** Something that somebody proposed and that is not decided yet. */
export interface MotionView {
  readonly id: Id;
  readonly act: ActView;
  readonly by: string;
  readonly byMe: boolean;
  readonly at: number;
  readonly reason: string;
  readonly yes: readonly string[];
  readonly no: readonly string[];
  /** How many yeses are enough, of those who may give one. */
  readonly need: number;
  readonly who: 'stewards' | 'helpers' | 'own-device';
  readonly mayAnswer: boolean;
  readonly myAnswer: 'yes' | 'no' | null;
  /** 'agreed': enough said yes, the stewards' phones carry it out. */
  readonly state: 'open' | 'agreed';
  readonly comments: readonly CommentView[];
}
/** Something that the book before left undecided: it ended with it [B1]. `wish`: what proposes the same again. */
export interface EndedMotionView {
  readonly id: Id;
  readonly act: ActView;
  readonly by: string;
  readonly reason: string;
  readonly wish: MotionWish;
}
export interface StewardView {
  readonly member: MemberId;
  readonly name: string;
  readonly isMe: boolean;
  readonly reachable: boolean;
}
export interface StewardsView {
  readonly stewards: readonly StewardView[];
  /** Both figures of safety [P7]. */
  readonly mayLie: number;
  readonly mayBeAway: number;
  /** A quorum: so many make a payment final. */
  readonly quorum: number;
  readonly iAm: boolean;
  /** Who keeps the next book, once decided; names. */
  readonly next: readonly string[] | null;
  /** Members whose phones have offered to keep the book: who can be named. */
  readonly offers: readonly { readonly member: MemberId; readonly name: string }[];
  readonly iOffer: boolean;
  /** How many stewards the app suggests now; null: nothing to suggest. At the fourth member: 4. */
  readonly suggested: 4 | 7 | 10 | null;
}
export interface OwnDeviceView {
  readonly device: DeviceKey;
  /** As named when it was linked. */
  readonly label: string;
  readonly isThis: boolean;
  readonly connected: boolean;
  readonly balance: number;
  /** What it could spend now. */
  readonly spendable: number;
  readonly keepsBook: boolean;
  /** Removed, lost or replaced: it can do nothing more. */
  readonly isClosed: boolean;
}
export interface RecoveryView {
  /** The words were written down and are known to open the way back; unix seconds, null: never made. */
  readonly wordsAt: number | null;
  readonly helpers: readonly { readonly member: MemberId; readonly name: string }[];
  readonly helpersNeeded: number;
  /** When the practice run was last done; unix seconds. */
  readonly practisedAt: number | null;
}
export interface BookView {
  /** 0 for the first. */
  readonly number: number;
  /** Whether it is being closed: until the next one opens, payments wait. */
  readonly isClosing: boolean;
  /** Days after which it is closed by itself; 0: only by a motion. */
  readonly days: number;
  /** Unix seconds, by the label of the book's beginning; null: not known. */
  readonly since: number | null;
  /** Entries of this book, and how many older books this phone still keeps. */
  readonly entries: number;
  readonly olderKept: number;
  /** How many of them it keeps at most; null: all. */
  readonly keeps: number | null;
  /** The older one that is being fetched from others; null: none. */
  readonly fetching: number | null;
}
/** Somebody who asks to be let in where the stewards decide [S2]. */
export interface JoinWishView {
  readonly device: DeviceKey;
  readonly byPoster: boolean;
  readonly motion: Id | null;
  readonly name: string;
  readonly inviter: string;
}
export interface GoverningView {
  readonly rules: CirclePolicy;
  readonly myStanding: Standing;
  /** This device was given up or replaced: another one holds what stood on it [C4]. */
  readonly isReplaced: boolean;
  /** By member, of those who are not active. */
  readonly standings: readonly { readonly member: MemberId; readonly standing: Standing }[];
  /** Each member's limits, all devices together, so that a change can be proposed. */
  readonly limits: readonly {
    readonly member: MemberId;
    readonly lowestBalance: number;
    readonly highestBalance: number;
    /** A newcomer whom no steward has confirmed yet. */
    readonly isNew: boolean;
  }[];
  /** Newest first. */
  readonly motions: readonly MotionView[];
  /** Newest first, of the book before; what was proposed again is not among them. */
  readonly endedMotions: readonly EndedMotionView[];
  readonly joinWishes: readonly JoinWishView[];
  /** How many people one poster lets in [S2]. */
  readonly posterNewcomers: number;
  readonly stewards: StewardsView;
  readonly devices: readonly OwnDeviceView[];
  readonly recovery: RecoveryView;
  readonly book: BookView;
  /** The circle's common account. */
  readonly commons: number;
  /** The charter as everybody's edits make it. */
  readonly charter: string;
  /** What everybody writes together about meetings, in a form that the screens agree on. */
  readonly meetings: string;
}

/** What can be proposed. Who must agree follows from the rules [L3]. */
export type MotionWish =
  | {
      readonly type: 'limits';
      readonly member: MemberId;
      readonly lowestBalance: number;
      readonly highestBalance: number;
    }
  | { readonly type: 'standing'; readonly member: MemberId; readonly standing: Standing }
  | { readonly type: 'stewards'; readonly members: readonly MemberId[] }
  | { readonly type: 'policy'; readonly policy: CirclePolicy }
  | { readonly type: 'payout'; readonly member: MemberId; readonly amount: number }
  | { readonly type: 'remove-device'; readonly device: DeviceKey }
  | { readonly type: 'helpers'; readonly members: readonly MemberId[]; readonly need: number }
  | { readonly type: 'close-book' };

export interface GoverningIntents {
  /** Proposes something; who may say yes to it has said so with this. The motion's id. */
  propose(wish: MotionWish, reason: string): Promise<Answer<Id>>;
  answer(motion: Id, yes: boolean): Promise<Answer<null>>;
  comment(motion: Id, text: string): Promise<Answer<null>>;
  /** Offers this phone to keep the next books; false takes the offer back. */
  offerSteward(offers: boolean): Promise<Answer<null>>;
  /** Says yes to somebody who asks to be let in, where the stewards decide [S2]. */
  letIn(device: DeviceKey): Promise<Answer<null>>;
  /** Writes the charter: `text` out of what was seen as `base`; what others wrote meanwhile stays. */
  writeCharter(base: string, text: string): Promise<Answer<null>>;
  /** The same for what is written about meetings. */
  writeMeetings(base: string, text: string): Promise<Answer<null>>;
  /** Makes recovery words (12, English BIP-39): shown once, kept nowhere; the way back is signed at once. */
  makeRecoveryWords(): Promise<Answer<{ readonly words: readonly string[]; readonly sheetLink: string }>>;
  /** Checks words as a practice run: nothing is changed. */
  practiseRecovery(words: string): Promise<Answer<null>>;
  /** On a new phone: in with words (and the circle's link from the sheet), or by neighbours. */
  recover(link: string, words: string, name: string): Promise<Answer<null>>;
  /** A neighbour shows a code to a member's new phone: what it asks for is put to the member's helpers [C4]. */
  helpBack(member: MemberId): Promise<Answer<{ readonly link: string; readonly expiresAt: number }>>;
  /** Moves room to spend from this phone to another own one, or asks another own one for it [C5]. */
  moveRoom(device: DeviceKey, amount: number): Promise<Answer<null>>;
}
