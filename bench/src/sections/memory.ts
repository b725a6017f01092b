/** Memory per entry of the open replica, beside a plain Map of the same bytes. */
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { runJob } from '../job.ts';
import type { DiskBookAnswer } from '../jobs/diskBook.ts';
import type { MemoryAnswer } from '../jobs/memory.ts';
import { sampleOf } from '../measure.ts';
import { row, sampleRow } from '../row.ts';
import type { Section } from '../section.ts';

const FEEDS = 50;

export const memorySection: Section = {
  name: 'memory',
  title: '7 · Memory of the open replica',
  async run({ quick }) {
    const book = await runJob<DiskBookAnswer>('jobs/diskBook', {
      entries: quick ? 2_000 : 100_000,
      feeds: FEEDS,
    });
    try {
      const perEntry = { replica: [] as number[], map: [] as number[] };
      const seconds: number[] = [];
      for (let i = 0; i < (quick ? 1 : 3); i++)
        for (const form of ['map', 'replica'] as const) {
          const answer = await runJob<MemoryAnswer>('jobs/memory', { file: book.file, feeds: FEEDS, form });
          if (answer.entries !== book.entries)
            throw new Error(`${answer.entries} of ${book.entries} were opened`);
          perEntry[form].push(answer.bytes / answer.entries);
          if (form === 'replica') seconds.push(answer.openSeconds);
        }
      const replica = sampleOf(perEntry.replica);
      const map = sampleOf(perEntry.map);
      return [
        sampleRow('open replica (Yjs document, ledger, indexes)', replica, 'bytes per entry'),
        sampleRow('plain Map from id to the same sealed bytes', map, 'bytes per entry'),
        row('replica ÷ Map', replica.median / map.median, '×', {
          note: `${book.entries} entries in ${FEEDS} feeds`,
        }),
        sampleRow('opening it from the disk: load, open, decode, verify, fold', sampleOf(seconds), 's'),
      ];
    } finally {
      rmSync(dirname(book.file), { recursive: true, force: true });
    }
  },
};
