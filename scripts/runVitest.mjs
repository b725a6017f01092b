import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { binFolder, exec, projectEnv } from './exec.mjs';
import { vitestCount } from './testCount.mjs';

/**
 * Runs the unit, property and simulator tests.
 * @param {string} root
 * @param {readonly string[]} args passed on to Vitest
 * @param {Readonly<Record<string, string>>} [extraEnv]
 */
export const runVitest = async (root, args, extraEnv = {}) => {
  const folder = mkdtempSync(join(tmpdir(), 'corridor-vitest-'));
  const report = join(folder, 'report.json');
  const { code } = await exec(
    join(binFolder(root), 'vitest'),
    ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...args],
    { cwd: root, env: projectEnv(root, extraEnv) },
  );
  const counted = vitestCount(report, code);
  rmSync(folder, { recursive: true, force: true });
  return { code, ...counted };
};
