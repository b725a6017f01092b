/** A circle's rules one by one: each has a field, a value, and a place in the policy that a change puts it to. */
import type { CirclePolicy, Consent, PolicyChange, Share } from '@corridor/peer';

export type RuleField = PolicyChange['field'];

/** In the order in which one reads them. */
export const RULE_FIELDS: readonly RuleField[] = [
  'admission',
  'firstLowest',
  'firstHighest',
  'newcomersShare',
  'belowLowest',
  'smallAmount',
  'offlineAmount',
  'levyPermille',
  'demurragePermille',
  'bookDays',
  'admit',
  'limits',
  'expel',
  'stewards',
  'policy',
  'payout',
];
const CONSENT_FIELDS: readonly Consent[] = ['admit', 'limits', 'expel', 'stewards', 'policy', 'payout'];
/** The rules that say whose yes a thing needs. */
export const isConsent = (field: RuleField): field is Consent =>
  CONSENT_FIELDS.some((consent) => consent === field);
/** A path's part as a rule's field. */
export const readRuleField = (text: string): RuleField | null =>
  RULE_FIELDS.find((field) => field === text) ?? null;

/** A share as a change carries it: "1 2/3". */
export const shareToText = ({ least, parts, of }: Share): string => `${least} ${parts}/${of}`;
/** null: not written like one. */
export const shareFromText = (text: string): Share | null => {
  const [, least, parts, of] = /^(\d+) (\d+)\/(\d+)$/.exec(text) ?? [];
  if (least === undefined || Number(of) < 1) return null;
  return { least: Number(least), parts: Number(parts), of: Number(of) };
};
/** How many of `count` stewards a share is, at least one and never more than there are. */
export const shareOf = ({ least, parts, of }: Share, count: number): number =>
  Math.min(Math.max(1, least, Math.ceil((count * parts) / of)), Math.max(1, count));

/** What a rule is set to. */
export const ruleValue = (policy: CirclePolicy, field: RuleField): string | number => {
  if (field === 'firstLowest') return policy.firstGrant.lowestBalance;
  if (field === 'firstHighest') return policy.firstGrant.highestBalance;
  return isConsent(field) ? shareToText(policy.consents[field]) : policy[field];
};

/** The policy with one rule set otherwise; null when the value is none of that rule's. */
export const withRule = (
  policy: CirclePolicy,
  field: RuleField,
  value: string | number,
): CirclePolicy | null => {
  const { firstGrant, consents } = policy;
  if (isConsent(field)) {
    const share = shareFromText(String(value));
    return share && { ...policy, consents: { ...consents, [field]: share } };
  }
  switch (field) {
    case 'admission':
      return value === 'inviter' || value === 'stewards' ? { ...policy, admission: value } : null;
    case 'belowLowest':
      return value === 'refuse' || value === 'warn' ? { ...policy, belowLowest: value } : null;
    default: {
      if (typeof value !== 'number') return null;
      if (field === 'firstLowest') return { ...policy, firstGrant: { ...firstGrant, lowestBalance: value } };
      if (field === 'firstHighest')
        return { ...policy, firstGrant: { ...firstGrant, highestBalance: value } };
      return { ...policy, [field]: value };
    }
  }
};

/** What differs between two policies, rule by rule. */
export const policyChanges = (from: CirclePolicy, to: CirclePolicy): readonly PolicyChange[] =>
  RULE_FIELDS.map((field) => ({ field, from: ruleValue(from, field), to: ruleValue(to, field) })).filter(
    (change) => change.from !== change.to,
  );
