import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  amountText,
  decimalSign,
  formatAmount,
  formatShort,
  parseAmount,
  pressKey,
} from '../src/words/amount.ts';

const en = { tag: 'en-GB', decimals: 2 };
const es = { tag: 'es-ES', decimals: 2 };

describe('formatAmount', () => {
  test('writes the minus as U+2212 and the plus only where a list wants it', () => {
    expect(formatAmount(4250, en)).toBe('42.50');
    expect(formatAmount(-800, en)).toBe('\u22128.00');
    expect(formatAmount(-800, es, 'always')).toBe('\u22128,00');
    expect(formatAmount(2000, en, 'always')).toBe('+20.00');
    expect(formatAmount(0, en, 'always')).toBe('0.00');
  });
  test('[E4] is exact up to the largest amount, in every number of decimals', () => {
    const largest = 2 ** 40 - 1;
    for (const decimals of [0, 1, 2, 3, 4]) {
      const digits = formatAmount(largest, { tag: 'en-GB', decimals }).replace(/\D/g, '');
      expect(digits).toBe(String(largest));
    }
  });
  test('short figures lose their zeros, and only those', () => {
    expect(formatShort(-15_000, en)).toBe('\u2212150');
    expect(formatShort(4250, en)).toBe('42.50');
    expect(formatShort(0, en)).toBe('0');
    expect(formatShort(-5550, es)).toBe('\u221255,50');
  });
});

describe('parseAmount', () => {
  test('reads what a person types, with a point or a comma', () => {
    expect(parseAmount('12', 2)).toBe(1200);
    expect(parseAmount(' 12,5 ', 2)).toBe(1250);
    expect(parseAmount('.5', 2)).toBe(50);
    expect(parseAmount('12', 0)).toBe(12);
  });
  test('[E4] anything else is null: letters, minus, too many decimals, too much', () => {
    for (const text of ['', '.', 'abc', '-3', '1.234', '1e9', '1 000', '99999999999']) {
      expect(parseAmount(text, 2), text).toBeNull();
    }
    expect(parseAmount('1.5', 0)).toBeNull();
  });
  test('is inverse to amountText', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 31 - 1), fc.integer({ min: 0, max: 4 }), (minor, decimals) => {
        expect(parseAmount(amountText(minor, { tag: 'es-ES', decimals }), decimals)).toBe(minor);
      }),
    );
  });
});

describe('the keypad', () => {
  const type = (keys: string, style = en): string =>
    [...keys].reduce((text, key) => pressKey(text, key, style), '');
  test('writes an amount and refuses what makes none', () => {
    expect(type('12.50')).toBe('12.50');
    expect(type('12.505')).toBe('12.50');
    expect(type('1..5')).toBe('1.5');
    expect(type('.5')).toBe('0.5');
    expect(type('007')).toBe('7');
    expect(type('12.5', { tag: 'en-GB', decimals: 0 })).toBe('125');
  });
  test('erases one character', () => {
    expect(pressKey('12.5', 'erase', en)).toBe('12.');
    expect(pressKey('', 'erase', en)).toBe('');
  });
  test('has the decimal sign of the language', () => {
    expect(decimalSign('en-GB')).toBe('.');
    expect(decimalSign('es-ES')).toBe(',');
  });
  test('whatever is pressed, the field holds nothing, or an amount, or one with a sign still open', () => {
    const key = fc.constantFrom('0', '1', '9', '.', ',', 'erase');
    fc.assert(
      fc.property(fc.array(key, { maxLength: 30 }), (keys) => {
        const text = keys.reduce((before, pressed) => pressKey(before, pressed, en), '');
        const closed = /[.,]$/.test(text) ? `${text}0` : text;
        expect(text === '' || parseAmount(closed, 2) !== null).toBe(true);
      }),
    );
  });
});
