/** One more entry in a small and in a large book: the ledger alone, no Y.Doc, no signing, no storage. */
import { runJob } from '../job.ts';
import type { AppendAnswer, AppendQuestion } from '../jobs/append.ts';
import { sampleOf } from '../measure.ts';
import { row, sampleRow } from '../row.ts';
import type { Section } from '../section.ts';

const FEEDS = 50;
/** A million entries with everything the fold knows of them. */
const HEAP_MEGABYTES = 12_288;

export const appendSection: Section = {
  name: 'append',
  title: '2 · Append and fold, per new entry',
  async run({ quick }) {
    const ask = async (entries: number): Promise<AppendAnswer> => {
      const question: AppendQuestion = { entries, feeds: FEEDS, count: 1_000, rounds: quick ? 2 : 9 };
      return runJob<AppendAnswer>('jobs/append', question, HEAP_MEGABYTES);
    };
    const small = await ask(1_000);
    const large = await ask(quick ? 20_000 : 1_000_000);
    const [less, more] = [sampleOf(small.microseconds), sampleOf(large.microseconds)];
    return [
      sampleRow(`at ${small.entries.toLocaleString('en')} entries: encode, id, fold`, less, 'µs', {
        atMost: 20,
      }),
      sampleRow(`at ${large.entries.toLocaleString('en')} entries: encode, id, fold`, more, 'µs', {
        atMost: 20,
      }),
      row('large ÷ small', more.median / less.median, '×', { atMost: 1.5 }),
    ];
  },
};
