import { h } from 'preact';
import { expect, test } from 'vitest';
import { initials } from '../src/parts/Face.tsx';
import { filled } from '../src/parts/BalanceBar.tsx';
import { isInAppBrowser } from '../src/parts/inAppBrowser.ts';
import { rich } from '../src/words/rich.ts';

test('a face has up to two letters, also of names from elsewhere, and a dot without a name', () => {
  expect(initials('Ana Moreno')).toBe('AM');
  expect(initials('Joan')).toBe('J');
  expect(initials('Rosa & Biel')).toBe('RB');
  expect(initials('محمد علي')).toBe('مع');
  expect(initials('𝒜na 😀')).toBe('𝒜');
  expect(initials('')).toBe('·');
});

test('a name inside a sentence stays an element of its own, whatever it contains', () => {
  const name = h('bdi', null, 'Ana');
  const sentence = ({ who, sum }: { who: string; sum: string }): string => [sum, 'from', who].join(' ');
  expect(rich(sentence, { who: name, sum: '12' })).toEqual(['12 from ', name, '']);
});

test('the bar is empty at even and full at either bound', () => {
  const balance = { waitingIn: 0, waitingOut: 0, spendable: 0, lowestBalance: -100, highestBalance: 200 };
  expect(filled({ ...balance, shown: 0 })).toBe(0);
  expect(filled({ ...balance, shown: -100 })).toBe(1);
  expect(filled({ ...balance, shown: 50 })).toBe(0.25);
  expect(filled({ ...balance, shown: -300 })).toBe(1);
  expect(filled({ ...balance, shown: 10, highestBalance: 0 })).toBe(0);
});

test('another app’s browser is recognised, a real one is not', () => {
  expect(
    isInAppBrowser('Mozilla/5.0 (Linux; Android 14; wv) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36'),
  ).toBe(true);
  expect(isInAppBrowser('Mozilla/5.0 (iPhone) AppleWebKit/605 [FBAN/FBIOS;FBAV/445]')).toBe(true);
  expect(
    isInAppBrowser('Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36'),
  ).toBe(false);
});
