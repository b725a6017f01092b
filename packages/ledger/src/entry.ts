/**
 * The entry: the one kind of thing a feed is made of [F1].
 *
 * Unsigned bytes are the canonical encoding of the positional array
 *   [version, circle, book, incarnation, epoch, device, lane, seq, prev, kind, body]
 * and `id = SHA-256("corridor/entry/1" ‖ circle ‖ unsigned bytes)` [E3]. The signature stands outside.
 */
import type { Act, Decision, Grant, JoinRequest, Policy } from './act.ts';
import type { DeviceKey, Id, PublicKey, Signature, TextHash } from './ids.ts';

/** A device's chains. `founding` holds one entry only: the circle's first. */
export const LANE = { account: 0, voice: 1, witness: 2, founding: 3 } as const;
export type Lane = (typeof LANE)[keyof typeof LANE];

/** What an entry is about. Account kinds below 32, voice below 64, witness below 96, founding from 96. */
export const KIND = {
  pay: 1,
  claim: 2,
  have: 33,
  joinRequest: 34,
  offerKeeping: 35,
  motion: 36,
  approve: 37,
  comment: 38,
  bookKeys: 39,
  sharedText: 40,
  askRoom: 41,
  foundAnew: 42,
  goAlong: 43,
  votes: 64,
  propose: 65,
  prevote: 66,
  precommit: 67,
  stop: 68,
  opening: 69,
  found: 96,
} as const;
export type Kind = (typeof KIND)[keyof typeof KIND];

/** Who can hold a balance. A token is a key from a printed code; a commons account has no feed. */
export type Account =
  | { readonly type: 'device'; readonly device: DeviceKey }
  | { readonly type: 'commons'; readonly commons: number }
  | { readonly type: 'token'; readonly token: PublicKey };

/** What a trade met outside money: `quantity` in thousandths of the category's unit (kcal, hours, kWh…). */
export interface Need {
  readonly category: number;
  readonly quantity: number;
}
/** One credit taken in by its owner: the debit's id and its amount in minor units [P4]. */
export interface Claim {
  readonly debit: Id;
  readonly amount: number;
}
/** A commitment to a file that travels beside the entry [E7]; length in bytes. */
export interface Attachment {
  readonly hash: Id;
  readonly length: number;
  readonly erasable: boolean;
}
/** The part every account entry has: claims first, then the grant it stands on, then the balance after all [P1]. */
interface AccountBody {
  readonly claims: readonly Claim[];
  /** Height of the device's newest grant ≤ logHeight in this incarnation. */
  readonly limitRef: number;
  readonly logHeight: number;
  /** Settled-style balance after claims and debit, minor units. */
  readonly balanceAfter: number;
}
export interface PayBody extends AccountBody {
  readonly kind: typeof KIND.pay;
  readonly amount: number;
  readonly to: Account;
  readonly need: Need | null;
  readonly invoice: Id | null;
  readonly memo: TextHash | null;
  readonly attachment: Attachment | null;
  /** Unix seconds by the payer's clock: a label, never a rule. */
  readonly at: number;
}
export interface ClaimBody extends AccountBody {
  readonly kind: typeof KIND.claim;
}
/** "I have it": the owner stored these entries strictly before saying so [P6]. */
export interface HaveBody {
  readonly kind: typeof KIND.have;
  readonly ids: readonly Id[];
}
/** A newcomer's request, carried by any member to those who decide [S2]. */
export interface JoinRequestBody {
  readonly kind: typeof KIND.joinRequest;
  readonly request: JoinRequest;
}
/**
 * A device says that it would keep the book, under this witness key [P7]; `consent` is the device's signature on it, null
 * takes an earlier offer back.
 */
export interface OfferKeepingBody {
  readonly kind: typeof KIND.offerKeeping;
  readonly witness: PublicKey;
  readonly consent: Signature | null;
}
/** Somebody proposes an act: without the proofs that its carrying out needs, which the witnesses gather [L3]. */
export interface MotionBody {
  readonly kind: typeof KIND.motion;
  readonly act: Act;
  /** Unix seconds by the author's clock: a label. */
  readonly at: number;
}
/** One person's yes, signed apart so that a decision can carry it, or a no, which only people read [L3]. */
export interface ApproveBody {
  readonly kind: typeof KIND.approve;
  /** {@link motionId} of the act. */
  readonly motion: Id;
  readonly signature: Signature | null;
  readonly at: number;
}
/** What somebody says about a motion. */
export interface CommentBody {
  readonly kind: typeof KIND.comment;
  readonly motion: Id;
  readonly text: TextHash;
  readonly at: number;
}
/** The key of an epoch, sealed to each device that may have it, by its ordinal [S1]. */
export interface BookKeysBody {
  readonly kind: typeof KIND.bookKeys;
  readonly epoch: number;
  /** The key's own id, 8 bytes, hex: it commits to the key. */
  readonly key: string;
  readonly sealed: readonly { readonly ordinal: number; readonly sealed: string }[];
}
/** A step in a text that the circle writes together: a Yjs update, hex, and which text it is of. */
export interface SharedTextBody {
  readonly kind: typeof KIND.sharedText;
  readonly text: number;
  readonly update: string;
  readonly at: number;
}
/** One device asks another of the same member for room to spend [C5]; the answer is a payment that names this as its invoice. */
export interface AskRoomBody {
  readonly kind: typeof KIND.askRoom;
  readonly of: DeviceKey;
  readonly amount: number;
  readonly at: number;
}
/** How far a witness's lane goes: what is settled follows from its entries up to there. */
export interface LaneCut {
  /** The device's, in the log. */
  readonly ordinal: number;
  readonly seq: number;
  readonly id: Id;
}
/** A member founds the circle anew from this book as it is settled by these lanes [K1]. */
export interface FoundAnewBody {
  readonly kind: typeof KIND.foundAnew;
  /** The new circle's founding entry, hex, and its signature. */
  readonly founding: string;
  readonly signature: Signature;
  /** Id of the new circle's first key. */
  readonly key: string;
  readonly cut: readonly LaneCut[];
}
/** One device's consent to go on in the new circle, from this opening and no other [K1]. */
export interface GoAlongBody {
  readonly kind: typeof KIND.goAlong;
  readonly circle: Id;
  readonly opening: Id;
  readonly at: number;
}
/** What a witness saw certified and voted for last in an account that it votes in no more [C1]. */
export interface StopReport {
  /** The device's, in the log. */
  readonly ordinal: number;
  readonly incarnation: number;
  /** The newest certified entry; null: none in this book. */
  readonly head: { readonly seq: number; readonly id: Id } | null;
  /** Its vote at the place after that one. */
  readonly vote: Id | null;
}
/** The key under which a witness would keep the next book [B1]; `consent` is the device's signature on it. */
export interface NextKey {
  readonly witness: PublicKey;
  readonly consent: Signature;
}
/**
 * A promise to vote no more [C1]. `parts` 0: of the reported accounts alone. n: it ends a series of n entries in a row
 * that together close every account of the book [B1]. -n: it is the n-th of such a series, which goes on.
 */
export interface StopBody {
  readonly kind: typeof KIND.stop;
  readonly reports: readonly StopReport[];
  readonly parts: number;
  /** With the last of a series only; null: the witness would go on under the key that it has. */
  readonly next: NextKey | null;
}
/** A piece of the statement that the book began with, for who comes later [B2]: the `part`-th of `parts`, hex. */
export interface OpeningBody {
  readonly kind: typeof KIND.opening;
  readonly part: number;
  readonly parts: number;
  readonly bytes: string;
}
export interface Vote {
  readonly device: DeviceKey;
  readonly incarnation: number;
  readonly seq: number;
  readonly id: Id;
}
/** "I hold the certificate": other witnesses' votes by (witness index, seq of their witness entry) [P7]. */
export interface Receipt {
  readonly id: Id;
  readonly votes: readonly { readonly witness: number; readonly seq: number }[];
}
export interface VotesBody {
  readonly kind: typeof KIND.votes;
  readonly votes: readonly Vote[];
  readonly receipts: readonly Receipt[];
}
/** A proposal carries the whole decision; prevotes and precommits its id. With one witness it decides at once [L1]. */
export interface ProposeBody {
  readonly kind: typeof KIND.propose;
  readonly round: number;
  readonly decision: Decision;
}
export interface RoundBody {
  readonly kind: typeof KIND.prevote | typeof KIND.precommit;
  readonly height: number;
  readonly round: number;
  /** null: for nothing in this round. */
  readonly decision: Id | null;
}
export interface FoundBody {
  readonly kind: typeof KIND.found;
  /** 16 random bytes, hex: two circles founded alike still differ. */
  readonly salt: string;
  /** Of the circle, not of a person: not detachable. */
  readonly name: string;
  readonly unit: string;
  /** Digits after the point: minor units per unit = 10^decimals. 0 to 4. */
  readonly decimals: number;
  readonly sealing: PublicKey;
  readonly witness: PublicKey;
  readonly memberName: TextHash;
  readonly policy: Policy;
  readonly grant: Grant;
  readonly at: number;
}
export type Body =
  | PayBody
  | ClaimBody
  | HaveBody
  | JoinRequestBody
  | OfferKeepingBody
  | MotionBody
  | ApproveBody
  | CommentBody
  | BookKeysBody
  | SharedTextBody
  | AskRoomBody
  | FoundAnewBody
  | GoAlongBody
  | StopBody
  | OpeningBody
  | VotesBody
  | ProposeBody
  | RoundBody
  | FoundBody;

export interface EntryDraft<B extends Body = Body> {
  /** Zero in the founding entry [E3]. */
  readonly circle: Id;
  readonly book: number;
  readonly incarnation: number;
  /** Book-key epoch under which the entry is sealed [S1]. */
  readonly epoch: number;
  readonly device: DeviceKey;
  readonly lane: Lane;
  readonly seq: number;
  readonly prev: Id;
  readonly body: B;
}
/** An entry that went through *decode*: well-formed, canonical, and nothing more. */
export interface Entry<B extends Body = Body> extends EntryDraft<B> {
  readonly id: Id;
  /** The unsigned canonical bytes. */
  readonly bytes: Uint8Array;
}
