import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp } from './buildApp.mjs';
import { ensureChromium } from './ensureChromium.mjs';
import { binFolder, exec, projectEnv } from './exec.mjs';
import { playwrightCount } from './testCount.mjs';

/**
 * Builds the app where needed and drives it in real browsers.
 * @param {string} root
 * @param {readonly string[]} args passed on to Playwright
 * @param {Readonly<Record<string, string>>} [extraEnv]
 * @returns {Promise<{ code: number, passed: number, failed: number }>} code 2: there is no browser
 */
export const runPlaywright = async (root, args, extraEnv = {}) => {
  const chromium = await ensureChromium(root);
  if (chromium === undefined) return { code: 2, passed: 0, failed: 1 };
  if (!(await buildApp(root))) return { code: 1, passed: 0, failed: 1 };
  const folder = mkdtempSync(join(tmpdir(), 'corridor-e2e-'));
  const report = join(folder, 'report.json');
  const { code } = await exec(
    join(binFolder(root), 'playwright'),
    ['test', '-c', 'e2e/playwright.config.ts', '--reporter=list,json', ...args],
    {
      cwd: root,
      env: projectEnv(root, {
        CHROMIUM_PATH: chromium,
        PLAYWRIGHT_JSON_OUTPUT_FILE: report,
        ...extraEnv,
      }),
    },
  );
  const counted = playwrightCount(report, code);
  rmSync(folder, { recursive: true, force: true });
  return { code, ...counted };
};
