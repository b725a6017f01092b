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
  readonly encrypted: boolean;
  /** How many times its replication Corridor's should be. */
  readonly times: number;
}
const MANY = { entries: 10_000, quickEntries: 500 };
const CORRIDOR: Rival = { name: 'Corridor', script: 'rivals/corridor', ...MANY, encrypted: true, times: 1 };
const RIVALS: readonly Rival[] = [
  {
    name: 'OrbitDB 4, in clear',
    script: 'rivals/orbitdb',
    // Its time per entry does not fall with their number, so fewer are enough.
    entries: 1_000,
    quickEntries: 50,
    encrypted: false,
    times: 50,
  },
  { name: 'hypercore 10, in clear', script: 'rivals/hypercore', ...MANY, encrypted: false, times: 1 },
  { name: 'hypercore 10, encrypted', script: 'rivals/hypercore', ...MANY, encrypted: true, times: 1 },
  { name: 'cojson 0.20, in clear', script: 'rivals/cojson', ...MANY, encrypted: false, times: 1 },
  { name: 'cojson 0.20, encrypted', script: 'rivals/cojson', ...MANY, encrypted: true, times: 1 },
];
interface Pace {
  readonly append: Sample;
  readonly replicate: Sample;
}
async function paceOf(
  { name, script, entries, quickEntries, encrypted }: Rival,
  quick: boolean,
): Promise<Pace> {
  const question: RivalQuestion = {
    entries: quick ? quickEntries : entries,
    valueBytes: VALUE_BYTES,
    encrypted,
  };
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
      rows.push(
        sampleRow(`${rival.name}: append`, theirs.append, UNIT),
        sampleRow(`${rival.name}: replicate and verify`, theirs.replicate, UNIT),
        ratioRow(`Corridor ÷ ${rival.name}: append`, ours.append, theirs.append, 1),
        ratioRow(`Corridor ÷ ${rival.name}: replicate`, ours.replicate, theirs.replicate, rival.times),
      );
    }
    return rows;
  },
};
