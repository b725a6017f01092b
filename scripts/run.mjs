/**
 * The one door to the project: `npm start`, `npm test` and the rest all come through here. Plain JavaScript,
 * so that any Node from 20.19 can run it; it makes sure of the set-up, and everything else runs on the
 * project's own Node.
 */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { benchCommand } from './commands/bench.mjs';
import { checkCommand } from './commands/check.mjs';
import { e2eCommand } from './commands/e2e.mjs';
import { peerCommand, relayCommand } from './commands/programs.mjs';
import { startCommand } from './commands/start.mjs';
import { longTestCommand, testCommand } from './commands/test.mjs';
import { ensureInstalled } from './ensureInstalled.mjs';

/** Exit code when the machine lacks something: nothing was tested or started. */
const NOT_SET_UP = 2;

/** @type {ReadonlyMap<string, (root: string, args: readonly string[]) => Promise<number>>} */
const COMMANDS = new Map([
  ['start', startCommand],
  ['test', testCommand],
  ['test:long', longTestCommand],
  ['check', checkCommand],
  ['e2e', e2eCommand],
  ['bench', benchCommand],
  ['relay', relayCommand],
  ['peer', peerCommand],
]);

/**
 * @param {readonly string[]} argv
 * @returns {Promise<number>} the exit code
 */
const run = async ([name = '', ...args]) => {
  const command = COMMANDS.get(name);
  if (command === undefined) {
    console.error(`Usage: npm run ${[...COMMANDS.keys()].join(' | ')}`);
    return NOT_SET_UP;
  }
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  if (!(await ensureInstalled(root))) return NOT_SET_UP;
  return command(root, args);
};

process.exitCode = await run(process.argv.slice(2));
