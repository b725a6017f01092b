import { expect, test } from 'vitest';
import { isSafariTab } from '../src/parts/safariTab.ts';

const KIT = 'AppleWebKit/605.1.15 (KHTML, like Gecko)';
const PHONE = `Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) ${KIT}`;
const MAC = `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${KIT}`;
const SAFARI = `${PHONE} Version/18.5 Mobile/15E148 Safari/604.1`;

const self = { platform: 'iPhone', userAgent: SAFARI, maxTouchPoints: 5, installed: false };

test.each([
  ['Safari on an iPhone', {}],
  ['on an old iPod', { platform: 'iPod touch', userAgent: SAFARI.replaceAll('iPhone', 'iPod touch') }],
  ['on an iPad that says so', { platform: 'iPad', userAgent: SAFARI.replaceAll('iPhone', 'iPad') }],
  [
    'on an iPad that says it is a Mac',
    { platform: 'MacIntel', userAgent: `${MAC} Version/18.5 Safari/605.1.15` },
  ],
])('%s: install first', (_, change) => {
  expect(isSafariTab({ ...self, ...change })).toBe(true);
});

test.each([
  ['the app on the home screen', { installed: true }],
  [
    'Safari on a Mac',
    { platform: 'MacIntel', maxTouchPoints: 0, userAgent: `${MAC} Version/18.5 Safari/605.1.15` },
  ],
  ['Chrome on an iPhone', { userAgent: `${PHONE} CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1` }],
  ['Firefox on an iPhone', { userAgent: `${PHONE} FxiOS/127.0 Mobile/15E148 Safari/605.1.15` }],
  [
    'Edge on an iPhone',
    { userAgent: `${PHONE} Version/17.0 EdgiOS/125.0.2535.96 Mobile/15E148 Safari/605.1.15` },
  ],
  [
    'DuckDuckGo on an iPhone',
    { userAgent: `${PHONE} Version/17.5 Mobile/15E148 DuckDuckGo/7 Safari/605.1.15` },
  ],
  ['a page inside another app', { userAgent: `${PHONE} Mobile/15E148 [FBAN/FBIOS;FBAV/445]` }],
  [
    'a phone that is none of these',
    {
      platform: 'Linux armv81',
      userAgent:
        'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36',
    },
  ],
  [
    'Samsung’s browser, which names a version too',
    {
      platform: 'Linux armv8l',
      userAgent:
        'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 SamsungBrowser/25.0 Version/4.0 Chrome/121.0 Mobile Safari/537.36',
    },
  ],
])('%s: nothing to say about the home screen', (_, change) => {
  expect(isSafariTab({ ...self, ...change })).toBe(false);
});
