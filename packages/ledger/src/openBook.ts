/** The book after a closed one: from its opening alone, without the books before [B1] [B2]. */
import type { FoundBody } from './entry.ts';
import type { Id } from './ids.ts';
import { createLedger, type Ledger, type LedgerOptions } from './ledger.ts';
import type { BookOpening } from './opening.ts';
import type { VerifiedEntry } from './verify.ts';

export type OpenBookOptions = Pick<
  LedgerOptions,
  'sha256' | 'isOrdinaryKey' | 'accountRules' | 'decisionRules'
>;
/**
 * A ledger at the book's start. `opening` is this replica's own, or it came through {@link checkOpening}; `closing`:
 * the id of the decision that closed the book before, which stands before every chain of this one [F1].
 */
export function openBook(
  founding: VerifiedEntry<FoundBody>,
  opening: BookOpening,
  closing: Id,
  options: OpenBookOptions,
): Ledger {
  if (opening.circle !== founding.id || opening.devices[0]?.device !== founding.device)
    throw new Error('an opening that nobody checked');
  const { height, policy, epoch, key, usedInvites, recoveries, decisions } = opening;
  return createLedger(founding, {
    ...options,
    book: opening.book,
    witnesses: opening.witnesses,
    devices: opening.devices,
    commons: new Map(opening.commons),
    before: {
      height,
      id: closing,
      policy,
      epoch,
      key,
      standings: new Map(opening.standings),
      helpers: new Map(opening.helpers),
      usedInvites,
      recoveries,
      decisions,
    },
  });
}
