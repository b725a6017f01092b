/** The same appends and the same replication, everybody in memory, each in a process of its own. */
import { runJob } from '../job.ts';
import { sampleOf, type Sample } from '../measure.ts';
import { row, sampleRow, type Row } from '../row.ts';
import type { RivalAnswer, RivalQuestion } from '../rivalry.ts';
import type { Section } from '../section.ts';

/** Bytes of a value: about one unsigned payment. */
const VALUE_BYTES = 240;

interface Rival {
  readonly name: string;
  readonly script: string;
  readonly entries: number;
  readonly quickEntries: number;
}
const CORRIDOR: Rival = { name: 'Corridor', script: 'rivals/corridor', entries: 10_000, quickEntries: 500 };
const RIVALS: readonly Rival[] = [
  // Its time per entry does not fall with their number, so fewer are enough.
  { name: 'OrbitDB 4', script: 'rivals/orbitdb', entries: 1_000, quickEntries: 50 },
  { name: 'hypercore 10', script: 'rivals/hypercore', entries: 10_000, quickEntries: 500 },
  { name: 'cojson 0.20', script: 'rivals/cojson', entries: 10_000, quickEntries: 500 },
];
/** [issue 2] how many times OrbitDB's replication. */
const TIMES_ORBITDB = 50;

interface Pace {
  readonly append: Sample;
  readonly replicate: Sample;
}
async function paceOf({ name, script, entries, quickEntries }: Rival, quick: boolean): Promise<Pace> {
  const question: RivalQuestion = { entries: quick ? quickEntries : entries, valueBytes: VALUE_BYTES };
  const append: number[] = [];
  const replicate: number[] = [];
  for (let i = 0; i < (quick ? 1 : 3); i++) {
    const answer = await runJob<RivalAnswer>(script, question);
    if (answer.arrived !== question.entries)
      throw new Error(`${name}: ${answer.arrived} of ${question.entries} arrived`);
    append.push(question.entries / answer.append.cpu);
    replicate.push(question.entries / answer.replicate.cpu);
  }
  return { append: sampleOf(append), replicate: sampleOf(replicate) };
}

const UNIT = 'entries per CPU-second';
const ratioRow = (name: string, ours: Sample, theirs: Sample, atLeast: number): Row =>
  row(name, ours.median / theirs.median, '×', { atLeast });

export const rivalsSection: Section = {
  name: 'rivals',
  title: 'Beside OrbitDB 4, hypercore 10 and cojson',
  async run({ quick }) {
    const ours = await paceOf(CORRIDOR, quick);
    const rows = [
      sampleRow('Corridor: append (draft, sign, seal, journal, fold)', ours.append, UNIT),
      sampleRow('Corridor: replicate (send, open, verify, fold, keep)', ours.replicate, UNIT),
    ];
    for (const rival of RIVALS) {
      const theirs = await paceOf(rival, quick);
      const times = rival.name.startsWith('OrbitDB') ? TIMES_ORBITDB : 1;
      rows.push(
        sampleRow(`${rival.name}: append`, theirs.append, UNIT),
        sampleRow(`${rival.name}: replicate and verify`, theirs.replicate, UNIT),
        ratioRow(`Corridor ÷ ${rival.name}: append`, ours.append, theirs.append, 1),
        ratioRow(`Corridor ÷ ${rival.name}: replicate`, ours.replicate, theirs.replicate, times),
      );
    }
    return rows;
  },
};
