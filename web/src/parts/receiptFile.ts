import type { CircleView, LineView } from '@corridor/peer';
import type { Words } from '../words/language.ts';
import { receiptText } from './receiptWords.ts';
import type { ReceiptWords } from './receiptWords.ts';

/** "corridor-K7QM-2F9D", before the point. */
export const receiptFileName = (line: LineView): string => `corridor-${line.code.replace(' ', '-')}`;

/**
 * The receipt as a file that people and programs can read: what the text says, and the whole names of entry and
 * circle, and the time without a place. An entry's name is the hash of all that is in it, so whoever has the book
 * finds that entry or none.
 */
export const receiptFileText = (
  m: Words,
  words: ReceiptWords,
  circle: CircleView,
  line: LineView,
  link: string,
): string =>
  [
    words.title,
    '',
    receiptText(words),
    '',
    `${m.file_entry()}: ${line.id}`,
    `${m.file_circle()}: ${circle.circle}`,
    `${m.file_time()}: ${new Date(line.at * 1000).toISOString().replace('.000Z', 'Z')}`,
    '',
    m.file_check(),
    link,
    '',
  ].join('\n');
