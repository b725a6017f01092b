import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';

/** @param {string} root */
export const binFolder = (root) => join(root, 'node_modules', '.bin');
/**
 * The project's own Node (24), whatever Node runs the scripts.
 * @param {string} root
 */
export const projectNode = (root) => join(binFolder(root), 'node');

/**
 * The environment for the project's own programs: its Node and tools come first on PATH.
 * @param {string} root
 * @param {Readonly<Record<string, string>>} [extra]
 * @returns {NodeJS.ProcessEnv}
 */
export const projectEnv = (root, extra = {}) => ({
  ...process.env,
  PATH: `${binFolder(root)}${delimiter}${process.env.PATH ?? ''}`,
  ...extra,
});

/**
 * The environment as it was before npm put node_modules on PATH: for programs that replace node_modules.
 * @returns {NodeJS.ProcessEnv}
 */
export const outerEnv = () => ({
  ...process.env,
  PATH: (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .join(delimiter),
});

/**
 * Runs a program in the foreground and passes on the signals we get, so that it ends cleanly.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ readonly cwd: string, readonly env?: NodeJS.ProcessEnv, readonly quiet?: boolean }} options
 * @returns {Promise<{ code: number, output: string }>} exit code (127: could not be started); what a quiet one printed
 */
export const exec = (command, args, { cwd, env, quiet = false }) =>
  new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit' });
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (/** @type {string} */ text) => (output += text));
    child.stderr?.setEncoding('utf8').on('data', (/** @type {string} */ text) => (output += text));
    const pass = (/** @type {NodeJS.Signals} */ signal) => {
      // Ctrl-C in a terminal reaches the program by itself; a second one would cut its farewell short.
      if (signal === 'SIGTERM' || process.stdin.isTTY !== true) child.kill(signal);
    };
    process.on('SIGINT', pass).on('SIGTERM', pass);
    /** @param {number} code */
    const done = (code) => {
      process.off('SIGINT', pass).off('SIGTERM', pass);
      resolve({ code, output });
    };
    child.on('error', (error) => {
      output += error.message;
      done(127);
    });
    child.on('close', (code) => done(code ?? 1));
  });
