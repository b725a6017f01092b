import { describe, expect, test } from 'vitest';
import type { Refusal } from '@corridor/peer';
import { createFormat } from '../src/app/format.ts';
import { refusalText } from '../src/words/refusal.ts';
import { plainWords } from './plainWords.ts';

/** Every code, once; the type makes a new one a compile error here. */
const CODES: Readonly<Record<Refusal['code'], true>> = {
  'over-lowest-balance': true,
  'offline-amount': true,
  'already-paid': true,
  'request-expired': true,
  'request-other-circle': true,
  'not-a-member': true,
  'not-yourself': true,
  'amount-out-of-range': true,
  'text-too-long': true,
  'storage-refused': true,
  'other-tab-is-writing': true,
  locked: true,
  'unreadable-code': true,
  'bad-signature': true,
  'invite-used': true,
  'invite-expired': true,
  'not-the-keeper': true,
  'needs-a-talk': true,
  'device-not-reachable': true,
  'entry-quota': true,
  'already-in-a-circle': true,
  'wrong-passphrase': true,
  'wrong-passkey': true,
  'not-wiped': true,
  'saved-book': true,
  'book-of-another-circle': true,
  'not-ready': true,
  'account-closed': true,
  'not-lawful': true,
  'wrong-words': true,
  'another-book': true,
  'no-key': true,
  'nobody-to-ask': true,
  internal: true,
};
const codes = Object.keys(CODES) as Refusal['code'][];
const now = 1_795_000_000;

describe('a refusal', () => {
  const words = { en: plainWords('en'), es: plainWords('es') };

  test.each(codes)(
    '%s has a sentence of its own in both languages: what happened, is it safe, what next',
    (code) => {
      for (const language of ['en', 'es'] as const) {
        const format = createFormat({ name: 'dor/dors', decimals: 2 }, language, now);
        const text = refusalText(words[language], { code, values: {} }, format, null);
        expect(text).not.toMatch(/undefined|NaN|null|\{/);
        expect(text.split(/[.?!](?:\s|$)/).filter((part) => part !== '').length).toBeGreaterThanOrEqual(2);
      }
    },
  );

  test('no two codes share a sentence', () => {
    const format = createFormat({ name: 'dor/dors', decimals: 2 }, 'en', now);
    const texts = codes.map((code) => refusalText(words.en, { code, values: {} }, format, null));
    expect(new Set(texts).size).toBe(codes.length);
  });

  test('[P2] going too far down says where it would lead, what was agreed and what is possible', () => {
    const format = createFormat({ name: 'dor/dors', decimals: 2 }, 'en', now);
    const values = { wouldBe: -16_000, lowest: -15_000, spendable: 2000 };
    expect(refusalText(words.en, { code: 'over-lowest-balance', values }, format, null)).toBe(
      'This would take you to \u2212160.00. The circle agreed \u2212150. Nothing was paid. You can pay 20.00 dors, or ask for more room.',
    );
  });
});
