/**
 * What a book begins with [B1] [B2]: all that the next one needs of the ones before, so that nobody needs those. It is
 * read off the closed book alike on every replica, and the closing decision holds its hash. It travels by itself.
 */
import type { CirclePolicy, Standing } from './act.ts';
import type { Id, MemberId, PublicKey } from './ids.ts';
import type { FirstDevice, FirstWitness, Helpers } from './log.ts';

/** One device that goes on into the next book. Amounts in minor units; `opening` is the balance that it begins with. */
export type OpeningDevice = Required<FirstDevice>;
/** It cannot name the decision that closes the book before, because that one names it. */
export interface BookOpening {
  readonly circle: Id;
  /** The book that it opens. */
  readonly book: number;
  /** Of the closing decision. */
  readonly height: number;
  /** The decision before the closing one. */
  readonly before: Id;
  readonly policy: CirclePolicy;
  /** Of the book's first key, and that key's id [S1]. */
  readonly epoch: number;
  readonly key: string;
  readonly witnesses: readonly FirstWitness[];
  /** In the order of their ordinals: the founder's first device is always the first. */
  readonly devices: readonly OpeningDevice[];
  /** What stands on the commons accounts, by number; those with nothing are left out. */
  readonly commons: readonly (readonly [commons: number, amount: number])[];
  /** Of those who are not *active*, by member. */
  readonly standings: readonly (readonly [member: MemberId, standing: Standing])[];
  readonly helpers: readonly (readonly [member: MemberId, helpers: Helpers])[];
  /** Of the closed book's newest decisions: the ids, which invites may still name, and the invites used up [S2]. */
  readonly decisions: readonly Id[];
  readonly usedInvites: readonly PublicKey[];
  /** Recovery invites that were ever used [C4]. */
  readonly recoveries: readonly PublicKey[];
}

/** The sum of everything in it: zero, or it is no opening [I4]. */
export function sumOf(opening: BookOpening): number {
  let sum = 0;
  for (const [, amount] of opening.commons) sum += amount;
  for (const { opening: balance, credits } of opening.devices) {
    sum += balance;
    for (const { amount } of credits) sum += amount;
  }
  return sum;
}
