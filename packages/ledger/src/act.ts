/** What a circle can decide [L2]: acts, what they carry as proof, and the policy that they move in. */
import type { DeviceKey, Id, MemberId, PublicKey, Signature, TextHash } from './ids.ts';

export interface Grant {
  /** ≤ 0, minor units: how far the account may go down. */
  readonly lowestBalance: number;
  /** ≥ 0, minor units: beyond it nothing more is claimed. */
  readonly highestBalance: number;
}
/** What the founding fixes for a start; a *policy* act changes it. */
export interface Policy {
  /** Who lets newcomers in [S2]. */
  readonly admission: 'inviter' | 'stewards';
  /** The grant a newcomer starts with. */
  readonly firstGrant: Grant;
  /** Up to this amount one tap pays; above it the screen asks again. Minor units. */
  readonly smallAmount: number;
  /** What a device may spend at most while it has not heard from the circle for a day. Minor units. */
  readonly offlineAmount: number;
  /** [F4] per device, lane and book. The same for a whole book, so that a verdict does not depend on when. */
  readonly maxEntries: number;
  readonly maxBytes: number;
}
/** How many of the stewards must agree [L3]: `parts` of `of`, rounded up, and at least `least` (but never more than there are). */
export interface Share {
  readonly least: number;
  readonly parts: number;
  readonly of: number;
}
/** What people can decide together, each with a share of the stewards of its own. */
export const CONSENTS = ['admit', 'limits', 'expel', 'stewards', 'policy', 'payout'] as const;
export type Consent = (typeof CONSENTS)[number];
/** What the founding entry does not say: every circle starts with DEFAULT_RULES. */
export interface CircleRules {
  readonly consents: Readonly<Record<Consent, Share>>;
  /** Below `lowestBalance` a payment is refused, or it is only warned of and refused below twice that [P2]. */
  readonly belowLowest: 'refuse' | 'warn';
  /** How many first grants' overdraft the newcomers of one inviter share until a steward has confirmed them [S2]. */
  readonly newcomersShare: number;
  /** Of each payment in a book, in thousandths, at its closing [B3]. */
  readonly levyPermille: number;
  /** Of each balance above zero, in thousandths, at a book's closing [B3]. */
  readonly demurragePermille: number;
  /** Days after which the stewards' devices close a book by themselves; 0: only when somebody asks. */
  readonly bookDays: number;
}
export type CirclePolicy = Policy & CircleRules;

/** What a newcomer signs with the invite's one-time key and with the new device's key [S2]. */
export interface JoinRequest {
  readonly device: DeviceKey;
  readonly sealing: PublicKey;
  readonly name: TextHash;
  /**
   * 'member': a new person; 'device': one more device of the inviter; 'recover': a device in the place of all of the
   * inviter's own; 'vouch': one in the place of somebody else's, if those consent whom that member chose [C4]; 'poster': a
   * new person, by an invite that hangs where many see it.
   */
  readonly as: 'member' | 'device' | 'recover' | 'vouch' | 'poster';
  readonly invite: PublicKey;
  readonly inviter: DeviceKey;
  /** The newest decision the inviter knew when the invite was made. */
  readonly decision: Id;
  /** Unix seconds, signed by the inviter: those who admit refuse later ones, the rules never look at it. */
  readonly expiresAt: number;
  /** 16 bytes chosen by the member who carries the request, hex. */
  readonly nonce: string;
  readonly inviterSignature: Signature;
  readonly inviteProof: Signature;
  readonly deviceProof: Signature;
}
/** Whether a new person comes in, and not one more device of somebody who is there. */
export const bringsMember = ({ as }: Pick<JoinRequest, 'as'>): boolean => as === 'member' || as === 'poster';
/** An account chain is closed: by these witness entries a quorum promised to vote there no more [C1] [C2]. */
export interface Closing {
  readonly device: DeviceKey;
  readonly incarnation: number;
  readonly stops: readonly Id[];
}
/** Who keeps the next book; `consent` is the device's signature on its witness key for that book. */
export interface Steward {
  readonly device: DeviceKey;
  readonly witness: PublicKey;
  readonly consent: Signature;
}
/** Part of every act that people propose: two acts that say the same are still two, and each has a reason of its own. */
interface Proposed {
  /** 8 random bytes, hex. */
  readonly salt: string;
  readonly reason: TextHash | null;
}
export interface AdmitAct {
  readonly type: 'admit';
  readonly request: JoinRequest;
  readonly grant: Grant;
}
/** Hands the keeping of the book to another device; `device` proves its witness key by its own signature. */
export interface KeeperAct {
  readonly type: 'keeper';
  readonly device: DeviceKey;
  readonly witness: PublicKey;
  readonly consent: Signature;
}
/** A device's new limits. Lowering one of them needs a closing, raising them is a grant that the account takes up [C3]. */
export interface LimitsAct extends Proposed {
  readonly type: 'limits';
  readonly device: DeviceKey;
  readonly grant: Grant;
  readonly closing: Closing | null;
}
/** A member is suspended, let back, or expelled. All of their open accounts are closed and sealed with it [C3]. */
export interface StandingAct extends Proposed {
  readonly type: 'standing';
  readonly member: MemberId;
  readonly standing: Standing;
  readonly closings: readonly Closing[];
  /** Of the book's key that the expelled do not get [S1]; null for the others. */
  readonly key: string | null;
}
export type Standing = 'active' | 'suspended' | 'expelled';
/** Devices that are lost or given up: what stands on their accounts moves to `heir`, a device of the same member [C4]. */
export interface ReplaceAct extends Proposed {
  readonly type: 'replace';
  /** The new device's request, if it is let in with this act. */
  readonly request: JoinRequest | null;
  readonly heir: DeviceKey;
  readonly closings: readonly Closing[];
  readonly key: string | null;
}
/** Who keeps the next book. */
export interface StewardsAct extends Proposed {
  readonly type: 'stewards';
  readonly stewards: readonly Steward[];
}
export interface PolicyAct extends Proposed {
  readonly type: 'policy';
  readonly policy: CirclePolicy;
}
/** Out of a commons account. */
export interface PayoutAct extends Proposed {
  readonly type: 'payout';
  readonly commons: number;
  readonly to: DeviceKey;
  readonly amount: number;
}
/** Whom a member chose to vouch for a new device of theirs, and how many of them must; the device signs it [C4]. */
export interface HelpersAct extends Proposed {
  readonly type: 'helpers';
  readonly device: DeviceKey;
  readonly helpers: readonly MemberId[];
  readonly need: number;
}
/** Frees an account whose closing was begun and not ended. Changes nothing else, so it needs nobody's consent. */
export interface UnlockAct {
  readonly type: 'unlock';
  readonly closing: Closing;
}
/** Ends the book: every account is closed, `opening` is the hash of what the next one begins with [B1]. */
export interface CloseBookAct {
  readonly type: 'close-book';
  /** The last of each reporting witness's stop entries. */
  readonly stops: readonly Id[];
  readonly opening: Id;
  readonly key: string;
}
export type Act =
  | AdmitAct
  | KeeperAct
  | LimitsAct
  | StandingAct
  | ReplaceAct
  | StewardsAct
  | PolicyAct
  | PayoutAct
  | HelpersAct
  | UnlockAct
  | CloseBookAct;

/** One person's consent to an act: the device's signature on what the act says, without the proofs it gathers later [L3]. */
export interface Approval {
  readonly device: DeviceKey;
  readonly signature: Signature;
}
/** Decision h of the circle log [L0]; id = SHA-256("corridor/decision/1" ‖ circle ‖ bytes). */
export interface Decision {
  readonly height: number;
  readonly prev: Id;
  readonly act: Act;
  readonly approvals: readonly Approval[];
}

const share = (least: number, parts: number, of: number): Share => ({ least, parts, of });
export const DEFAULT_RULES: CircleRules = {
  consents: {
    admit: share(2, 0, 1),
    limits: share(1, 1, 2),
    expel: share(1, 2, 3),
    stewards: share(1, 2, 3),
    policy: share(1, 2, 3),
    payout: share(1, 1, 2),
  },
  belowLowest: 'refuse',
  newcomersShare: 3,
  levyPermille: 0,
  demurragePermille: 0,
  bookDays: 31,
};
