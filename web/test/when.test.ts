import { dateFormat } from '../src/words/formatters.ts';
import { expect, test } from 'vitest';
import { clockTime, dayAndTime, dayHeading, daysBetween, shortWhen } from '../src/words/when.ts';

const at = (text: string): number => Math.floor(new Date(text).getTime() / 1000);
const now = at('2026-11-21T14:02:00');

test('dates as a neighbour says them', () => {
  expect(clockTime(now, 'en-GB')).toBe('14:02');
  expect(dayAndTime(at('2026-11-21T10:42:00'), now, 'en-GB')).toBe('Sat 21 Nov, 10:42');
  expect(dayAndTime(at('2025-11-21T10:42:00'), now, 'en-GB')).toContain('2025');
  expect(dayHeading(now, now, 'en-GB')).toBe('Today');
  expect(dayHeading(at('2026-11-20T23:00:00'), now, 'es-ES')).toBe('Ayer');
  expect(dayHeading(at('2026-11-17T23:00:00'), now, 'en-GB')).toMatch(/Tuesday.*17 November/);
});

test('"last heard" is a time today, a weekday this week, else a date', () => {
  expect(shortWhen(at('2026-11-21T08:05:00'), now, 'en-GB')).toBe('08:05');
  expect(shortWhen(at('2026-11-17T08:05:00'), now, 'en-GB')).toBe('Tuesday');
  expect(shortWhen(at('2026-10-02T08:05:00'), now, 'en-GB')).toBe('2 Oct 2026');
});

test('days are counted by the calendar, also over midnight, a leap day, and a clock that runs ahead', () => {
  expect(daysBetween(at('2026-11-20T23:59:00'), at('2026-11-21T00:01:00'))).toBe(1);
  expect(daysBetween(at('2028-02-28T12:00:00'), at('2028-03-01T12:00:00'))).toBe(2);
  expect(dayHeading(at('2026-11-22T09:00:00'), now, 'en-GB')).toBe('Today');
});

test('a formatter is made once for each language and form, and again after a change of time zone', () => {
  const hours = { hour: '2-digit' } as const;
  const first = dateFormat('en-GB', hours);
  expect(dateFormat('en-GB', { ...hours })).toBe(first);
  expect(dateFormat('es-ES', hours)).not.toBe(first);
  expect(dateFormat('en-GB', { hour: 'numeric' })).not.toBe(first);
  const zone = process.env['TZ'];
  process.env['TZ'] = new Date().getTimezoneOffset() === 0 ? 'Asia/Tokyo' : 'UTC';
  expect(dateFormat('en-GB', hours)).not.toBe(first);
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});
