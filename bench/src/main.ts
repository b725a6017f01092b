/**
 * `npm run bench [-- --only NAME[,NAME…]] [--quick]`: measures everything that docs and goals speak of, in this
 * run and on this machine, prints one table and keeps it as JSON. A goal that is not met is said, and is no error:
 * the exit code is 1 only when something could not be measured.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { machineFacts } from './machine.ts';
import type { Row } from './row.ts';
import { SECTIONS } from './sections.ts';
import { tableLines } from './table.ts';

const bench = dirname(dirname(fileURLToPath(import.meta.url)));

interface Measured {
  readonly name: string;
  readonly title: string;
  readonly seconds: number;
  readonly rows: readonly Row[];
  /** Why there are no rows. */
  readonly failure: string | null;
}

const { values } = parseArgs({
  options: { only: { type: 'string' }, quick: { type: 'boolean', default: false } },
  strict: true,
});
const wanted = values.only?.split(',') ?? SECTIONS.map((section) => section.name);
const unknown = wanted.filter((name) => !SECTIONS.some((section) => section.name === name));
if (unknown.length > 0) {
  console.error(
    `No such section: ${unknown.join(', ')}. Sections: ${SECTIONS.map((s) => s.name).join(', ')}`,
  );
  process.exit(2);
}

const machine = machineFacts();
console.log(`${machine.cores} cores · ${machine.cpu} · Node ${machine.node} · load ${machine.load}`);
const measured: Measured[] = [];
for (const { name, title, run } of SECTIONS.filter((section) => wanted.includes(section.name))) {
  console.log(`measuring: ${title}`);
  const before = performance.now();
  let rows: readonly Row[] = [];
  let failure: string | null = null;
  try {
    rows = await run({ quick: values.quick, root: dirname(bench) });
    // Small sizes reach no goal and miss none.
    if (values.quick) rows = rows.map((row) => ({ ...row, goal: null }));
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  measured.push({ name, title, seconds: (performance.now() - before) / 1000, rows, failure });
}

console.log('');
console.log(tableLines(measured).join('\n'));
const failed = measured.filter((section) => section.failure !== null);
for (const { title, failure } of failed) console.error(`NOT MEASURED: ${title}: ${failure}`);
const goals = measured.flatMap((section) => section.rows).filter((row) => row.goal !== null);
console.log(
  values.quick
    ? 'Quick sizes: these numbers only show that everything runs.'
    : `${goals.filter((row) => row.goal?.met).length} of ${goals.length} goals met.`,
);

const date = new Date().toISOString();
const results = join(bench, 'results');
mkdirSync(results, { recursive: true });
const file = join(results, `${date.replaceAll(/[:.]/g, '-')}${values.quick ? '-quick' : ''}.json`);
writeFileSync(
  file,
  `${JSON.stringify({ date, quick: values.quick, machine, sections: measured }, null, 2)}\n`,
);
console.log(`Kept as bench/results/${file.slice(results.length + 1)}`);
process.exitCode = failed.length > 0 ? 1 : 0;
