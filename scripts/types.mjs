/** The type check: every tsconfig.json of the project, each with only the libraries its layer may name. */
import { dirname, join } from 'node:path';
import { binFolder, exec, projectEnv } from './exec.mjs';
import { sourceFiles } from './sourceFiles.mjs';

/** TypeScript says this when a folder's tsconfig finds no file yet. */
const NO_INPUTS = 'error TS18003';

/**
 * @param {string} root
 * @returns {Promise<string[]>} one block of compiler messages for each project that has any
 */
export const typeFaults = async (root) => {
  /** @type {string[]} */
  const faults = [];
  for (const config of sourceFiles(root, '', ['tsconfig.json'])) {
    const { code, output } = await exec(
      join(binFolder(root), 'tsc'),
      ['--noEmit', '--pretty', 'false', '-p', config],
      { cwd: root, env: projectEnv(root), quiet: true },
    );
    if (code !== 0 && !output.includes(NO_INPUTS)) faults.push(`${dirname(config)}:\n${output.trimEnd()}`);
  }
  return faults;
};
