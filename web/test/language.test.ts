import { expect, test } from 'vitest';
import { chooseLanguage, formatTag } from '../src/words/language.ts';
import { stretch, stretchText } from '../src/words/stretch.ts';

test('the chosen language comes first, then the browser’s, then English', () => {
  expect(chooseLanguage([null, 'ca-ES', 'es-MX', 'en'])).toBe('es');
  expect(chooseLanguage(['en', 'es'])).toBe('en');
  expect(chooseLanguage(['ar', 'zz', null])).toBe('en');
  expect(chooseLanguage(['en-XA'])).toBe('en-XA');
});

test('numbers are written as the browser’s own region of that language writes them', () => {
  expect(formatTag('es', ['en-US', 'es-MX'])).toBe('es-MX');
  expect(formatTag('es', ['en-US'])).toBe('es');
  expect(formatTag('en', ['es-ES'])).toBe('en-GB');
});

test('the pseudo-language is longer by 40 % and marks every sentence', () => {
  expect(stretchText('Scan or pay')).toMatch(/^\[Sçáñ ór páý ~+\]$/);
  expect(stretchText('Scan or pay').length).toBeGreaterThanOrEqual(Math.ceil('Scan or pay'.length * 1.4));
  const words = stretch({ hello: ({ name }: { name: string }) => `Hello ${name}` });
  expect(words.hello({ name: 'Ana' })).toMatch(/^\[Hélló Áñá/);
});
