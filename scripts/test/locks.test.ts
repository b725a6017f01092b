/**
 * The locks hold: one violation of each kind is planted in a copy of the project, and the check must name it.
 * That the check is content without them is what `npm run check` itself shows.
 */
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exec } from '../exec.mjs';
import { copyProject } from './copyProject.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const copy = copyProject(root);
afterAll(copy.remove);

const plant = (path: string, text: string): void => {
  mkdirSync(dirname(join(copy.folder, path)), { recursive: true });
  writeFileSync(join(copy.folder, path), text);
};
type Manifest = Record<string, Record<string, string> | undefined>;
const plantDependency = (folder: string, group: string, name: string, version: string): void => {
  const path = join(copy.folder, folder, 'package.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
  writeFileSync(
    path,
    JSON.stringify({ ...manifest, [group]: { ...manifest[group], [name]: version } }, null, 2),
  );
};

/** What each step printed, under its name; only of steps that found something. */
const findings = new Map<string, string>();

beforeAll(async () => {
  plant('packages/ledger/src/plantedUpward.ts', "export * from '@corridor/sync';\n");
  plant('packages/ledger/src/plantedNode.ts', "export { readFileSync } from 'node:fs';\n");
  plant('packages/ledger/src/plantedStranger.ts', "export { Doc } from 'yjs';\n");
  plant('packages/ledger/src/plantedRelative.ts', "export * from '../../sync/src/index.ts';\n");
  plant('packages/sync/src/plantedDom.ts', 'export type Planted = HTMLElement;\n');
  plant('packages/community/src/plantedClock.ts', 'export const planted = () => setTimeout(() => {}, 1);\n');
  plant('packages/community/src/plantedSideways.ts', "export * from '@corridor/sync';\n");
  plant('packages/peer/src/plantedTesting.ts', "export * from '@corridor/testing';\n");
  plant('packages/peer/src/plantedNode.ts', "export { readFileSync } from 'node:fs';\n");
  plant('relay/src/plantedLedger.ts', "export * from '@corridor/ledger';\n");
  plant('web/src/plantedSkip.ts', "export const planted = () => import('@corridor/sync');\n");
  plant('packages/sync/src/plantedAny.ts', 'export const planted = (value: any): unknown => value;\n');
  plant('packages/peer/src/plantedPromise.ts', 'export const planted = () => {\n  Promise.resolve(1);\n};\n');
  plant(
    'packages/ledger/src/plantedSwitch.ts',
    "export const planted = (word: 'in' | 'out'): void => {\n  switch (word) {\n    case 'in':\n  }\n};\n",
  );
  plant('packages/peer/src/plantedConsole.ts', "export const planted = () => console.log('x');\n");
  plant(
    'packages/ledger/test/plantedOnly.test.ts',
    "import { test } from 'vitest';\ntest.only('x', () => {});\n",
  );
  plant('packages/sync/src/plantedFormat.ts', 'export   const planted=1\n');
  plant('packages/ledger/src/plantedExport.ts', 'export const used = 1;\nexport const plantedExport = 2;\n');
  appendFileSync(
    join(copy.folder, 'packages/ledger/src/index.ts'),
    "export { used } from './plantedExport.ts';\n",
  );
  plantDependency('packages/sync', 'dependencies', 'idb', '8.0.4');
  plantDependency('packages/community', 'dependencies', 'planted-loose', '^1.2.3');
  for (let more = 0; more < 25; more++) plantDependency('relay', 'dependencies', `planted-${more}`, '1.0.0');

  const { code, output } = await exec(process.execPath, [join(copy.folder, 'scripts/check.mjs')], {
    cwd: copy.folder,
    quiet: true,
  });
  expect(code).toBe(1);
  for (const block of output.split(/^check /m).slice(1)) {
    const [, name = '', found = ''] = /^([\w-]+): FAILED\n([\s\S]*)$/.exec(block) ?? [];
    if (name !== '') findings.set(name, found);
  }
}, 300_000);

/** One line of the step's findings names the place and says what is wrong with it. */
const named = (step: string, place: string, what: RegExp): boolean =>
  (findings.get(step) ?? '').split('\n').some((line) => line.includes(place) && what.test(line));

test.each([
  ['an import upwards', 'layers', 'packages/ledger/src/plantedUpward.ts', /'@corridor\/sync' is not below/],
  ['an import sideways', 'layers', 'packages/community/src/plantedSideways.ts', /is not below/],
  [
    'the relay reading the ledger',
    'layers',
    'relay/src/plantedLedger.ts',
    /'@corridor\/ledger' is not below/,
  ],
  ['the app reaching past the peer', 'layers', 'web/src/plantedSkip.ts', /'@corridor\/sync' is not below/],
  ['tests inside the product', 'layers', 'packages/peer/src/plantedTesting.ts', /is not below/],
  ['a path into another package', 'layers', 'packages/ledger/src/plantedRelative.ts', /relative path/],
  ['Node in the ledger', 'layers', 'packages/ledger/src/plantedNode.ts', /is pure/],
  [
    'Node in the browser part of the peer',
    'layers',
    'packages/peer/src/plantedNode.ts',
    /outside Node folders/,
  ],
  ['a stranger package in the ledger', 'layers', 'packages/ledger/src/plantedStranger.ts', /may name/],
  ['Node types in the ledger', 'types', 'packages/ledger/src/plantedNode.ts', /node:fs/],
  ['a DOM type in sync', 'types', 'packages/sync/src/plantedDom.ts', /HTMLElement/],
  ['a clock in community', 'types', 'packages/community/src/plantedClock.ts', /setTimeout/],
  ['any', 'lint', 'packages/sync/src/plantedAny.ts', /no-explicit-any/],
  ['a promise nobody waits for', 'lint', 'packages/peer/src/plantedPromise.ts', /no-floating-promises/],
  [
    'a switch that forgets a case',
    'lint',
    'packages/ledger/src/plantedSwitch.ts',
    /switch-exhaustiveness-check/,
  ],
  ['a console line', 'lint', 'packages/peer/src/plantedConsole.ts', /no-console/],
  ['a test that silences the others', 'lint', 'packages/ledger/test/plantedOnly.test.ts', /no-focused-tests/],
  ['an unformatted file', 'format', 'packages/sync/src/plantedFormat.ts', /./],
  ['an unused export', 'unused', 'packages/ledger/src/plantedExport.ts', /plantedExport /],
  ['an unused file', 'unused', 'packages/sync/src/plantedFormat.ts', /./],
  ['an unused dependency', 'unused-strict', 'packages/sync/package.json', /^idb /],
  [
    'a version that is not pinned',
    'dependencies',
    'packages/community/package.json',
    /planted-loose is not pinned/,
  ],
  ['a dependency without a reason', 'dependencies', 'ARCHITECTURE.md', /says why planted-7/],
  ['too many dependencies', 'dependencies', 'direct runtime dependencies', /at most 25/],
])('%s is refused', (_, step, path, what) => {
  expect(named(step, path, what), findings.get(step) ?? `step ${step} was content`).toBe(true);
});
