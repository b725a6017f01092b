/**
 * `npm run check [-- STEP…]`: everything that can be said about the sources without running them. Each step
 * prints what it found; all steps run, and one finding anywhere makes the exit code 1.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileMessages } from './compileMessages.mjs';
import { dependencyFaults } from './dependencies.mjs';
import { binFolder, exec, projectEnv } from './exec.mjs';
import { layerFaults } from './layers.mjs';
import { typeFaults } from './types.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * A step that is somebody's tool: what it printed, when it was not content.
 * @param {string} tool
 * @param {readonly string[]} args
 * @returns {() => Promise<string[]>}
 */
const toolStep = (tool, args) => async () => {
  const { code, output } = await exec(join(binFolder(root), tool), args, {
    cwd: root,
    env: projectEnv(root, { NO_COLOR: '1', FORCE_COLOR: '0' }),
    quiet: true,
  });
  return code === 0 ? [] : [output.trim() === '' ? `${tool} ended with code ${code}` : output.trimEnd()];
};

const runLint = toolStep('oxlint', [
  '--type-aware',
  '--deny-warnings',
  '--report-unused-disable-directives',
  '--format=unix',
]);
/** Where a type is missing, lint complains of every use of it: one type error, many echoes. */
const ECHO = /\berror`? typed?\b|\bof type error\b|'error' type that acts/;
const lint = async () => {
  const lines = (await runLint()).flatMap((text) => text.split('\n'));
  const own = lines.filter((line) => !ECHO.test(line));
  const echoes = lines.length - own.length;
  return echoes === 0 ? own : [...own, `(${echoes} more lines that only echo type errors)`];
};

/** @type {ReadonlyMap<string, () => Promise<string[]>>} */
const STEPS = new Map([
  ['types', () => typeFaults(root)],
  ['lint', lint],
  ['format', toolStep('prettier', ['--check', '--log-level', 'warn', '.'])],
  ['unused', toolStep('knip', ['--no-progress'])],
  [
    'unused-strict',
    toolStep('knip', ['--strict', '--no-progress', '--include', 'files,dependencies,unlisted,unresolved']),
  ],
  ['layers', async () => layerFaults(root)],
  ['dependencies', async () => dependencyFaults(root)],
]);

/**
 * @param {readonly string[]} names
 * @returns {Promise<number>}
 */
const check = async (names) => {
  const unknown = names.filter((name) => !STEPS.has(name));
  if (unknown.length > 0) {
    console.error(`No such step: ${unknown.join(', ')}. Steps: ${[...STEPS.keys()].join(', ')}`);
    return 2;
  }
  if (!(await compileMessages(root))) return 1;
  let code = 0;
  for (const [name, step] of STEPS) {
    if (names.length > 0 && !names.includes(name)) continue;
    const faults = await step();
    console.log(`check ${name}: ${faults.length === 0 ? 'ok' : 'FAILED'}`);
    if (faults.length === 0) continue;
    code = 1;
    console.log(faults.join('\n'));
  }
  return code;
};

process.exitCode = await check(process.argv.slice(2));
