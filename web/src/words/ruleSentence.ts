import type { ComponentChildren } from 'preact';
import type { Consent, Share } from '@corridor/peer';
import type { Format } from '../app/format.ts';
import { percent, sum } from './inSentence.tsx';
import type { AllWords } from './language.ts';
import { rich } from './rich.ts';
import { isConsent, shareFromText } from './ruleField.ts';
import type { RuleField } from './ruleField.ts';

type Sentence = ComponentChildren[];

/** "half of the stewards". */
export const shareText = (m: AllWords, format: Format, { least, parts, of }: Share): string => {
  if (parts === 0) return m.share_least({ count: least, shown: format.number(least) });
  const figures = { parts: format.number(parts), of: format.number(of), least: format.number(least) };
  if (least > 1) return m.share_parts_least(figures);
  switch (`${parts}/${of}`) {
    case '1/1':
      return m.share_all();
    case '1/2':
      return m.share_half();
    case '2/3':
      return m.share_two_thirds();
    case '3/4':
      return m.share_three_quarters();
    default:
      return m.share_parts(figures);
  }
};

const consentSentence = (m: AllWords, consent: Consent, share: string): string => {
  switch (consent) {
    case 'admit':
      return m.rule_consent_admit({ share });
    case 'limits':
      return m.rule_consent_limits({ share });
    case 'expel':
      return m.rule_consent_expel({ share });
    case 'stewards':
      return m.rule_consent_stewards({ share });
    case 'policy':
      return m.rule_consent_policy({ share });
    case 'payout':
      return m.rule_consent_payout({ share });
  }
};

/** A rule as a sentence, whatever it is set to. What is set to no value of it is written as it came. */
export const ruleSentence = (
  m: AllWords,
  format: Format,
  field: RuleField,
  value: string | number,
): Sentence => {
  if (isConsent(field)) {
    const share = shareFromText(String(value));
    return [consentSentence(m, field, share === null ? String(value) : shareText(m, format, share))];
  }
  const amount = Number(value);
  const counted = { count: amount, shown: format.number(amount) };
  switch (field) {
    case 'admission':
      return [value === 'inviter' ? m.rule_admission_inviter() : m.rule_admission_stewards()];
    case 'firstLowest':
      return rich(m.rule_first_lowest, { amount: sum(format, amount) });
    case 'firstHighest':
      return rich(m.rule_first_highest, { amount: sum(format, amount, 'plus') });
    case 'smallAmount':
      return rich(m.rule_small, { amount: sum(format, amount) });
    case 'offlineAmount':
      return rich(m.rule_offline, { amount: sum(format, amount) });
    case 'belowLowest':
      return [value === 'warn' ? m.rule_below_warn() : m.rule_below_refuse()];
    case 'newcomersShare':
      return [amount === 0 ? m.rule_newcomers_none() : m.rule_newcomers(counted)];
    case 'levyPermille':
      return [amount === 0 ? m.rule_levy_none() : m.rule_levy({ percent: percent(format, amount) })];
    case 'demurragePermille':
      return [
        amount === 0 ? m.rule_demurrage_none() : m.rule_demurrage({ percent: percent(format, amount) }),
      ];
    case 'bookDays':
      return [amount === 0 ? m.rule_book_days_none() : m.rule_book_days(counted)];
  }
};
