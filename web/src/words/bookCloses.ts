import type { BookView } from '@corridor/peer';
import type { Format } from '../app/format.ts';
import type { AllWords } from './language.ts';

const DAY = 86_400;

/** When the book closes next: short for the list of facts, and as a sentence. `alone`: one phone keeps it. */
export function bookCloses(
  m: AllWords,
  format: Format,
  { days, since }: Pick<BookView, 'days' | 'since'>,
  alone: boolean,
  now: number,
): { readonly short: string; readonly sentence: string } {
  if (days === 0) return { short: m.book_closes_asked(), sentence: m.book_closes_asked_text() };
  const counted = { count: days, shown: format.number(days) };
  if (since === null) return { short: m.book_unknown(), sentence: m.rule_book_days(counted) };
  const at = since + days * DAY;
  if (at <= now)
    return {
      short: m.book_closes_due(),
      sentence: alone ? m.book_closes_due_alone() : m.book_closes_due_text(),
    };
  const day = format.day(at);
  return { short: day, sentence: m.book_closes_itself({ day }) };
}
