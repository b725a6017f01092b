/** What it costs that several keep the book and the circle decides. */
import { runJob } from '../job.ts';
import type { CrowdAnswer, CrowdQuestion } from '../jobs/crowd.ts';
import type { DecisionsAnswer, DecisionsQuestion } from '../jobs/decisions.ts';
import type { StartAnswer, StartQuestion } from '../jobs/start.ts';
import type { VotesAnswer, VotesQuestion } from '../jobs/votes.ts';
import { ratioOf, sampleOf } from '../measure.ts';
import { row, sampleRow, type Row } from '../row.ts';
import type { Section } from '../section.ts';

/** One way, on a line between two towns. */
const HOP_MS = 50;
/** What the crowd's process may take for its heap: less than a phone's browser gives one page. */
const CROWD_MEGABYTES = 512;
const MEGABYTE = 2 ** 20;

async function votesAt(witnesses: number, quick: boolean): Promise<readonly Row[]> {
  const question: VotesQuestion = { witnesses, payments: quick ? 128 : 2_048, rounds: quick ? 1 : 5 };
  const answer = await runJob<VotesAnswer>('jobs/votes', question);
  const votes = (rates: readonly number[]) => sampleOf(rates.map((rate) => rate * witnesses));
  const note = (entries: number): string => `${entries} witness entries for ${question.payments} payments`;
  return [
    sampleRow(
      `${witnesses} witnesses, 64 payments at a time: votes`,
      votes(answer.batched),
      'per CPU-second',
      {
        note: `${note(answer.batchedEntries)}; all witnesses' signing and one phone's checking`,
      },
    ),
    sampleRow(
      `${witnesses} witnesses, 64 payments at a time: certified and settled`,
      sampleOf(answer.batched),
      'per CPU-second',
    ),
    sampleRow(
      `${witnesses} witnesses, one payment at a time: votes`,
      votes(answer.single),
      'per CPU-second',
      {
        note: note(answer.singleEntries),
      },
    ),
    sampleRow(
      `${witnesses} witnesses: many to an entry ÷ one by one`,
      ratioOf(answer.batched, answer.single),
      '×',
    ),
  ];
}
async function decisionsAt(witnesses: number): Promise<readonly Row[]> {
  const ask = async (preferredIsAway: boolean): Promise<number> => {
    const question: DecisionsQuestion = { witnesses, hop: HOP_MS, preferredIsAway };
    return (await runJob<DecisionsAnswer>('jobs/decisions', question)).ms;
  };
  return [
    row(
      `${witnesses} witnesses: wished → decided everywhere`,
      (await ask(false)) / (2 * HOP_MS),
      'round trips',
      {
        atMost: 2,
        note: `a clock of its own, ${2 * HOP_MS} ms for a round trip; computing is not counted`,
      },
    ),
    row(`${witnesses} witnesses, the one whose turn it is away: the same`, (await ask(true)) / 1000, 's', {
      note: 'of that 4 s of waiting for it',
    }),
  ];
}

export const decidesSection: Section = {
  name: 'decides',
  title: '8 · The circle decides',
  async run({ quick }) {
    const rows: Row[] = [];
    for (const witnesses of [4, 7]) rows.push(...(await votesAt(witnesses, quick)));
    for (const witnesses of [4, 7]) rows.push(...(await decisionsAt(witnesses)));

    const start: StartQuestion = { members: 500, entries: quick ? 2_000 : 100_000, rounds: quick ? 2 : 15 };
    const { after, empty, bytesAfter, bytesEmpty, entries } = await runJob<StartAnswer>('jobs/start', start);
    rows.push(
      sampleRow('start from an opening after many entries', sampleOf(after.map((s) => s * 1000)), 'CPU-ms', {
        note: `${entries.toLocaleString('en')} older entries of ${start.members} members; ${bytesAfter.toLocaleString('en')} bytes`,
      }),
      sampleRow('the same circle, nothing ever written', sampleOf(empty.map((s) => s * 1000)), 'CPU-ms', {
        note: `${bytesEmpty.toLocaleString('en')} bytes`,
      }),
      sampleRow('after many entries ÷ after none', ratioOf(after, empty), '×', { atMost: 1.5 }),
    );

    const crowd: CrowdQuestion = { members: quick ? 200 : 5_000 };
    const big = await runJob<CrowdAnswer>('jobs/crowd', crowd, CROWD_MEGABYTES);
    const members = `${crowd.members.toLocaleString('en')} members`;
    rows.push(
      row(`${members}: heap with the closed book and the next one open`, big.bytes / MEGABYTE, 'MiB', {
        atMost: CROWD_MEGABYTES / 2,
        note: `${big.entries.toLocaleString('en')} entries, in a process that may have ${CROWD_MEGABYTES} MiB`,
      }),
      row(`${members}: a payment each, written and settled`, big.foldSeconds, 'CPU-s'),
      row(`${members}: closing, all four series and the decision`, big.closeSeconds, 'CPU-s'),
      row(`${members}: opening the next book`, big.openSeconds, 'CPU-s', {
        note: `${big.openingBytes.toLocaleString('en')} bytes`,
      }),
    );
    return rows;
  },
};
