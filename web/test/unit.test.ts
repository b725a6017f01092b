import { expect, test } from 'vitest';
import { joinForms, unitName, unitWord } from '../src/words/unit.ts';

test('the unit bends with the amount as the language bends it', () => {
  expect(unitWord('dor/dors', 100, 2, 'en-GB')).toBe('dor');
  expect(unitWord('dor/dors', -100, 2, 'en-GB')).toBe('dor');
  expect(unitWord('dor/dors', 50, 2, 'en-GB')).toBe('dors');
  expect(unitWord('dor/dors', 1200, 2, 'en-GB')).toBe('dors');
  expect(unitWord('dor/dors', 0, 2, 'en-GB')).toBe('dors');
  expect(unitWord('dor/dores', 1, 0, 'es-ES')).toBe('dor');
  // in French nought and a half are singular
  expect(unitWord('dor/dors', 0, 2, 'fr-FR')).toBe('dor');
});

test('a unit with one form keeps it', () => {
  expect(unitWord('kWh', 100, 2, 'en-GB')).toBe('kWh');
  expect(unitWord('kWh', 300, 2, 'en-GB')).toBe('kWh');
  expect(unitName('dor/dors')).toBe('dors');
  expect(unitName('kWh')).toBe('kWh');
  expect(unitName('dor/')).toBe('dor');
});

test('the founding form joins both forms, and a slash inside one does not make a third', () => {
  expect(joinForms('dor', 'dors')).toBe('dor/dors');
  expect(joinForms('', 'dors')).toBe('dors');
  expect(joinForms('kWh', 'kWh')).toBe('kWh');
  expect(joinForms('h/day', 'hours')).toBe('h day/hours');
});
