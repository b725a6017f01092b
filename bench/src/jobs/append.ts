/** What one more entry costs the ledger, on top of a book of that size. */
import { writeBook } from '../book.ts';
import { answerJob } from '../job.ts';
import { appendCost } from '../ledger.ts';
import { collect } from '../measure.ts';

export interface AppendQuestion {
  readonly entries: number;
  readonly feeds: number;
  readonly count: number;
  readonly rounds: number;
}
export interface AppendAnswer {
  readonly entries: number;
  /** Microseconds per entry, one number a round. */
  readonly microseconds: readonly number[];
}
/** Entries made before anything is timed, so that the code is warm. */
const WARM_UP = 5_000;

answerJob(async ({ entries, feeds, count, rounds }: AppendQuestion): Promise<AppendAnswer> => {
  // The code warms up on another book: on this one it would change the size that is asked about.
  appendCost(await writeBook({ entries: 500, feeds, seed: 7 }), WARM_UP);
  const microseconds: number[] = [];
  let size = 0;
  if (entries > 10 * count * rounds) {
    // So large that the rounds themselves hardly change it.
    const book = await writeBook({ entries, feeds });
    size = book.entries.length;
    for (let i = 0; i < rounds; i++) {
      collect();
      microseconds.push(appendCost(book, count, 100 + i).microseconds);
    }
  } else
    for (let i = 0; i < rounds; i++) {
      const book = await writeBook({ entries, feeds, seed: i + 1 });
      size = book.entries.length;
      collect();
      microseconds.push(appendCost(book, count).microseconds);
    }
  return { entries: size, microseconds };
});
