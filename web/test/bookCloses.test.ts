import { expect, test } from 'vitest';
import { createFormat } from '../src/app/format.ts';
import { bookCloses } from '../src/words/bookCloses.ts';
import { plainWords } from './plainWords.ts';

const NOW = 1_795_000_000;
const DAY = 86_400;
const format = createFormat({ name: 'dor', decimals: 2 }, 'en', NOW);
const said = (days: number, since: number | null, alone = false) =>
  bookCloses(plainWords('en'), format, { days, since }, alone, NOW);

test('[B1] the screen says when the book closes next, in words', () => {
  const day = format.day(NOW + 19 * DAY);
  expect(said(31, NOW - 12 * DAY)).toEqual({
    short: day,
    sentence: `On ${day} the book closes by itself: all balances are carried over, and the next book begins.`,
  });
  expect(said(31, NOW - 31 * DAY)).toMatchObject({
    short: 'now',
    sentence: expect.stringContaining('enough of the stewards') as string,
  });
  expect(said(31, NOW - 40 * DAY, true).sentence).toContain('the phone that keeps it closes it by itself');
});
test('[B1] a book of which nobody knows the beginning, and one that closes only when asked', () => {
  expect(said(31, null)).toEqual({
    short: 'not known',
    sentence: 'A book is closed after 31 days, and the next one begins.',
  });
  expect(said(0, NOW).sentence).toBe('It is closed when somebody asks for it and enough stewards agree.');
});
