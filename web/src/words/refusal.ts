import type { CircleView, Refusal } from '@corridor/peer';
import type { Format } from '../app/format.ts';
import type { Words } from './language.ts';
import { savedBookText } from './savedBook.ts';

/** The first of these values that is there; refusals name some figures in two ways. */
const numberIn = (refusal: Refusal, ...names: readonly string[]): number | null => {
  for (const name of names) {
    const value = refusal.values[name];
    if (typeof value === 'number') return value;
  }
  return null;
};

/**
 * The sentence for a refusal: what happened, is it safe, what next. Every code has one. Figures come from the
 * refusal's values (lowestBalance, spendable, wouldBe, offlineAmount, at) and, where they lack, from the circle on
 * screen.
 */
export const refusalText = (
  m: Words,
  refusal: Refusal,
  format: Format,
  circle: CircleView | null,
): string => {
  switch (refusal.code) {
    case 'over-lowest-balance': {
      const lowest = numberIn(refusal, 'lowestBalance', 'lowest') ?? circle?.balance.lowestBalance ?? 0;
      const spendable = Math.max(0, numberIn(refusal, 'spendable') ?? circle?.balance.spendable ?? 0);
      const wouldBe = numberIn(refusal, 'wouldBe');
      const figures = { lowest: format.short(lowest), spendable: format.full(spendable) };
      return wouldBe === null
        ? m.refused_over_lowest_balance(figures)
        : m.refused_over_lowest_balance_to({ ...figures, wouldBe: format.amount(wouldBe) });
    }
    case 'offline-amount': {
      const limit = numberIn(refusal, 'offlineAmount', 'limit') ?? circle?.policy.offlineAmount ?? 0;
      return m.refused_offline_amount({ limit: format.full(limit) });
    }
    case 'already-paid': {
      const at = numberIn(refusal, 'at');
      return at === null
        ? m.refused_already_paid()
        : m.refused_already_paid_at({ when: format.dayAndTime(at) });
    }
    case 'request-expired':
      return m.refused_request_expired();
    case 'request-other-circle':
      return m.refused_request_other_circle();
    case 'not-a-member':
      return m.refused_not_a_member();
    case 'not-yourself':
      return m.refused_not_yourself();
    case 'amount-out-of-range':
      return m.refused_amount_out_of_range();
    case 'text-too-long':
      return m.refused_text_too_long();
    case 'storage-refused':
      return m.refused_storage();
    case 'other-tab-is-writing':
      return m.refused_other_tab();
    case 'locked':
      return m.refused_locked();
    case 'unreadable-code':
      return m.refused_unreadable_code();
    case 'bad-signature':
      return m.refused_bad_signature();
    case 'invite-used':
      return m.refused_invite_used();
    case 'invite-expired':
      return m.refused_invite_expired();
    case 'not-the-keeper':
      return m.refused_not_the_keeper({ name: circle?.keeper.name || m.someone() });
    case 'needs-a-talk':
      return m.refused_needs_a_talk();
    case 'device-not-reachable':
      return m.refused_device_not_reachable();
    case 'entry-quota':
      return m.refused_entry_quota();
    case 'already-in-a-circle':
      return m.refused_already_in_a_circle();
    case 'wrong-passphrase':
      return m.refused_wrong_passphrase();
    case 'wrong-passkey':
      return m.refused_wrong_passkey();
    case 'saved-book':
      return savedBookText(m, refusal.values, format);
    case 'book-of-another-circle':
      return m.saved_book_other({ name: String(refusal.values['name'] ?? m.someone()) });
    case 'not-wiped':
      return numberIn(refusal, 'signing') === 1 ? m.not_wiped_signing() : m.not_wiped_rest();
    case 'not-ready':
      return m.refused_not_ready();
    case 'account-closed':
      return m.refused_account_closed();
    case 'not-lawful':
      return m.refused_not_lawful();
    case 'wrong-words':
      return m.refused_wrong_words();
    case 'another-book':
      return m.refused_another_book();
    case 'no-key':
      return m.refused_no_key();
    case 'nobody-to-ask':
      return m.refused_nobody_to_ask();
    case 'internal':
      return m.refused_internal();
  }
};
