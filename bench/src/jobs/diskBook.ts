/** Writes a book, seals it, and leaves it in a file for processes that must not have written it themselves. */
import { writeBook } from '../book.ts';
import { answerJob } from '../job.ts';
import { benchKeys } from '../sealedBook.ts';
import { bookUpdate, keepUpdate } from '../sealedDisk.ts';

export interface DiskBookQuestion {
  readonly entries: number;
  readonly feeds: number;
}
export interface DiskBookAnswer {
  readonly file: string;
  readonly entries: number;
}
answerJob(async ({ entries, feeds }: DiskBookQuestion): Promise<DiskBookAnswer> => {
  const book = await writeBook({ entries, feeds });
  return { file: keepUpdate(await bookUpdate(book, await benchKeys(book))), entries: book.entries.length };
});
