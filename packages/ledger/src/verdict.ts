/** What the rules say of an authentic entry [P2]: the same for everyone who has what it cites. */
import type { Id } from './ids.ts';
import type { DecisionFault } from './decisionRules.ts';

/** Which rule an entry breaks, and by what. Amounts in minor units. */
export type RuleFault =
  | { readonly rule: 'P1'; readonly code: 'limit-ref'; readonly expected: number; readonly got: number }
  | { readonly rule: 'P1'; readonly code: 'log-height-fell'; readonly before: number; readonly got: number }
  | { readonly rule: 'P1'; readonly code: 'balance-after'; readonly expected: number; readonly got: number }
  | {
      readonly rule: 'P1';
      readonly code: 'unknown-counterparty' | 'counterparty-sealed' | 'to-itself';
      readonly account: string;
    }
  | {
      readonly rule: 'F1';
      readonly code: 'not-its-incarnation';
      readonly height: number;
      readonly got: number;
    }
  | { readonly rule: 'C3'; readonly code: 'sealed'; readonly height: number }
  | { readonly rule: 'B1'; readonly code: 'book-is-closed'; readonly height: number }
  | {
      readonly rule: 'P2';
      readonly code: 'below-lowest-balance';
      readonly balance: number;
      readonly lowestBalance: number;
    }
  | {
      readonly rule: 'P2';
      readonly code: 'above-highest-balance';
      readonly balance: number;
      readonly highestBalance: number;
    }
  | { readonly rule: 'P2'; readonly code: 'after-invalid'; readonly prev: Id }
  | { readonly rule: 'P3'; readonly code: 'invoice-reused'; readonly invoice: Id; readonly by: Id }
  | {
      readonly rule: 'P4';
      readonly code: 'claimed-twice' | 'not-yours' | 'not-a-payment' | 'claims-invalid';
      readonly debit: Id;
    }
  | {
      readonly rule: 'P4';
      readonly code: 'wrong-amount';
      readonly debit: Id;
      readonly expected: number;
      readonly got: number;
    }
  | { readonly rule: 'P4'; readonly code: 'claims-nothing' }
  | { readonly rule: 'L3'; readonly code: 'decision'; readonly fault: DecisionFault }
  | { readonly rule: 'E4'; readonly code: 'sum-out-of-range' }
  | {
      readonly rule: 'E7';
      readonly code: 'attachment-length';
      readonly attachment: Id;
      readonly expected: number;
      readonly got: number;
    };

export type Verdict =
  | { readonly type: 'valid' }
  | { readonly type: 'invalid'; readonly fault: RuleFault }
  /** Parked, nobody's fault: for these entries, for that height of the log, or for a required attachment [E7]. */
  | {
      readonly type: 'waiting';
      readonly ids: readonly Id[];
      readonly height: number | null;
      readonly attachment: Id | null;
    };

export const VALID: Verdict = { type: 'valid' };
/** Kept, and not judged yet. */
export const UNJUDGED: Verdict = { type: 'waiting', ids: [], height: null, attachment: null };
export const invalid = (fault: RuleFault): Verdict => ({ type: 'invalid', fault });
export const waitingFor = (
  ids: readonly Id[],
  height: number | null = null,
  attachment: Id | null = null,
): Verdict => ({ type: 'waiting', ids, height, attachment });
