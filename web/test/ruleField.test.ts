import { expect, test } from 'vitest';
import { DEMO_POLICY } from '../src/engine/demoGoverning.ts';
import {
  isConsent,
  policyChanges,
  RULE_FIELDS,
  ruleValue,
  shareFromText,
  shareOf,
  shareToText,
  withRule,
} from '../src/words/ruleField.ts';

/** Something else than it is set to. */
const otherValue = (field: (typeof RULE_FIELDS)[number]): string | number => {
  const value = ruleValue(DEMO_POLICY, field);
  if (field === 'admission') return 'inviter';
  if (field === 'belowLowest') return 'warn';
  return isConsent(field) ? '3 5/7' : Number(value) + 1;
};

test('setting one rule otherwise changes that rule and no other', () => {
  for (const field of RULE_FIELDS) {
    const to = otherValue(field);
    const changed = withRule(DEMO_POLICY, field, to);
    expect(changed, field).not.toBeNull();
    if (changed)
      expect(policyChanges(DEMO_POLICY, changed)).toEqual([
        { field, from: ruleValue(DEMO_POLICY, field), to },
      ]);
  }
  expect(policyChanges(DEMO_POLICY, DEMO_POLICY)).toEqual([]);
});

test('what is no value of a rule sets nothing', () => {
  expect(withRule(DEMO_POLICY, 'admission', 'nobody')).toBeNull();
  expect(withRule(DEMO_POLICY, 'belowLowest', 3)).toBeNull();
  expect(withRule(DEMO_POLICY, 'bookDays', 'often')).toBeNull();
  expect(withRule(DEMO_POLICY, 'policy', 'most of us')).toBeNull();
});

test('[L3] a share is written and read the same, and its part of the stewards is rounded up', () => {
  const twoThirds = { least: 1, parts: 2, of: 3 };
  expect(shareToText(twoThirds)).toBe('1 2/3');
  expect(shareFromText('1 2/3')).toEqual(twoThirds);
  expect(shareFromText('1 2/0')).toBeNull();
  expect(shareOf(twoThirds, 4)).toBe(3);
  expect(shareOf(twoThirds, 1)).toBe(1);
  expect(shareOf({ least: 2, parts: 0, of: 1 }, 1)).toBe(1);
  expect(shareOf({ least: 2, parts: 0, of: 1 }, 7)).toBe(2);
  expect(shareOf({ least: 0, parts: 0, of: 1 }, 7)).toBe(1);
});
