/** Opening a whole book from nothing, against checking every signature and against the floor. */
import { runJob } from '../job.ts';
import type { ColdOpenAnswer, ColdOpenQuestion, ColdOpenRound } from '../jobs/coldOpen.ts';
import { ratioOf, sampleOf } from '../measure.ts';
import { row, sampleRow, type Row } from '../row.ts';
import type { Section } from '../section.ts';

const HEAP_MEGABYTES = 8_192;

interface Goals {
  /** How many times faster than a check of every signature, without and with decryption. */
  readonly plain?: number;
  readonly sealed?: number;
}
function rowsOf(answer: ColdOpenAnswer, feeds: number, goals: Goals): readonly Row[] {
  const { rounds, engine, signatures } = answer;
  const each = (pick: (round: ColdOpenRound) => number): number[] => rounds.map(pick);
  const open = each((round) => round.open);
  const sealedOpen = each((round) => round.open + round.unseal);
  const every = each((round) => round.everySignature);
  const floor = each((round) => round.hashAlone);
  const sealedFloor = each((round) => round.hashAlone + round.decryptAlone);
  const stages = sampleOf(open);
  const part = (pick: (round: ColdOpenRound) => number): string =>
    `${sampleOf(each(pick)).median.toFixed(2)} s`;
  const at = `${feeds} feeds`;
  return [
    sampleRow(`${at}: open, no decryption`, stages, 's', {
      note: `decode ${part((r) => r.decode)}, verify and fold ${part((r) => r.fold)}, of that ${signatures} signatures ${part((r) => r.checks)}`,
    }),
    sampleRow(`${at}: open, with decryption`, sampleOf(sealedOpen), 's', {
      note: `opening the sealed entries ${part((r) => r.unseal)}`,
    }),
    sampleRow(`${at}: a check of every signature, nothing else`, sampleOf(every), 's', {
      note: `${engine} with 64 in flight, the fastest engine here`,
    }),
    sampleRow(`${at}: floor, hashing alone`, sampleOf(floor), 's'),
    sampleRow(`${at}: floor, decrypting and hashing alone`, sampleOf(sealedFloor), 's'),
    sampleRow(`${at}: times faster than every signature, no decryption`, ratioOf(every, open), '×', {
      ...(goals.plain === undefined ? {} : { atLeast: goals.plain }),
    }),
    sampleRow(`${at}: times faster than every signature, with decryption`, ratioOf(every, sealedOpen), '×', {
      ...(goals.sealed === undefined ? {} : { atLeast: goals.sealed }),
    }),
    sampleRow(`${at}: open ÷ floor, no decryption`, ratioOf(open, floor), '×', { atMost: 2 }),
    sampleRow(`${at}: open ÷ floor, with decryption`, ratioOf(sealedOpen, sealedFloor), '×', { atMost: 2 }),
  ];
}

export const coldOpenSection: Section = {
  name: 'open',
  title: '1 · Cold open',
  async run({ quick }) {
    const entries = quick ? 2_000 : 100_000;
    const rows: Row[] = [
      row('entries: payments, claims, votes with receipts, “I have it”', entries, 'entries'),
    ];
    for (const [feeds, goals] of [
      [50, { plain: 20, sealed: 5 }],
      [500, {}],
    ] as const) {
      const question: ColdOpenQuestion = { entries, feeds, rounds: quick ? 1 : 5 };
      rows.push(
        ...rowsOf(await runJob<ColdOpenAnswer>('jobs/coldOpen', question, HEAP_MEGABYTES), feeds, goals),
      );
    }
    return rows;
  },
};
