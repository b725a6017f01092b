import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildApp } from '../buildApp.mjs';
import { contentStamp, keepStamp, readStamp } from '../contentStamp.mjs';
import { ensureChromium } from '../ensureChromium.mjs';
import { exec, outerEnv, projectEnv, projectNode } from '../exec.mjs';

/**
 * Installs what the comparison measures (its own lockfile, outside the product) and runs the measurements.
 * @param {string} root
 * @param {readonly string[]} args passed on to the measurements
 */
export const benchCommand = async (root, args) => {
  const stamp = contentStamp(root, ['bench/package.json', 'bench/package-lock.json']);
  if (readStamp(root, 'bench') !== stamp || !existsSync(join(root, 'bench/node_modules'))) {
    console.log('Installing what the measurements compare with (bench/package-lock.json).');
    const { code } = await exec('npm', ['ci', '--prefix', 'bench', '--no-audit', '--no-fund'], {
      cwd: root,
      env: outerEnv(),
    });
    if (code !== 0) {
      console.error('npm could not install the packages of bench; its message is above.');
      return 2;
    }
    keepStamp(root, 'bench', stamp);
  }
  const chromium = await ensureChromium(root);
  if (chromium === undefined) return 2;
  if (!(await buildApp(root))) return 1;
  const { code } = await exec(projectNode(root), [join(root, 'bench/src/main.ts'), ...args], {
    cwd: root,
    env: projectEnv(root, { CHROMIUM_PATH: chromium }),
  });
  return code;
};
