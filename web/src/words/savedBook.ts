import type { BookFault, Refusal } from '@corridor/peer';
import type { Format } from '../app/format.ts';
import type { Words } from './language.ts';

const reasonText = (m: Words, reason: BookFault['reason'], line: string): string => {
  switch (reason) {
    case 'too-big':
      return m.saved_book_too_big();
    case 'newer':
      return m.saved_book_newer();
    case 'not-a-book':
      return m.saved_book_none();
    case 'cut-off':
      return m.saved_book_cut_off({ line });
    case 'unreadable':
      return m.saved_book_unreadable({ line });
    case 'bad-signature':
      return m.saved_book_bad_signature({ line });
    case 'too-costly':
      return m.saved_book_too_costly({ line });
    case 'unknown-author':
      return m.saved_book_unknown_author({ line });
    case 'hangs-on-nothing':
      return m.saved_book_gap({ line });
    case 'against-the-rules':
      return m.saved_book_against_rules({ line });
    case 'belongs-to-nothing':
      return m.saved_book_stray_text({ line });
  }
};

/** What is wrong with a file, in which line, and that nothing came of it (or what was checked before is kept). */
export const savedBookText = (m: Words, values: Refusal['values'], format: Format): string => {
  const line = format.number(Number(values['line'] ?? 1));
  const reason = reasonText(m, (values['reason'] ?? 'not-a-book') as BookFault['reason'], line);
  return `${reason} ${values['kept'] ? m.saved_book_partly() : m.saved_book_safe()}`;
};
