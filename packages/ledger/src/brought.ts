/**
 * Credits that a book brings along from the one before [B1]: settled there, not taken in, their payments left behind.
 * A claim cites one as it cites a payment of this book.
 */
import type { Stored } from './feed.ts';
import type { DeviceKey, Id } from './ids.ts';
import type { Ledger } from './ledger.ts';
import { VALID, type Verdict } from './verdict.ts';

export interface BroughtCredit {
  readonly debit: Id;
  /** Whose it was when the book began; who takes over from that device has it then [C4]. */
  readonly owner: DeviceKey;
  readonly amount: number;
  readonly verdict: Verdict;
  readonly settled: true;
  claimants: Stored[];
}
/** What a claim can cite [P4]. */
export type Citable = Stored | BroughtCredit;

export const isBrought = (cited: Citable): cited is BroughtCredit => 'owner' in cited;
export const broughtCredit = (owner: DeviceKey, debit: Id, amount: number): BroughtCredit => ({
  debit,
  owner,
  amount,
  verdict: VALID,
  settled: true,
  claimants: [],
});
/** A payment of this book or a credit brought along; undefined while neither is here. */
export const citableOf = (ledger: Ledger, debit: Id): Citable | undefined =>
  ledger.entries.get(debit) ?? (ledger.brought.size === 0 ? undefined : ledger.brought.get(debit));
