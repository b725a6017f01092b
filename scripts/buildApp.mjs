import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { contentStamp, keepStamp, readStamp } from './contentStamp.mjs';
import { binFolder, exec, projectEnv } from './exec.mjs';
import { sourceFiles } from './sourceFiles.mjs';

/** Where the built app lies; the relay serves this folder unless told otherwise. */
const APP_FOLDER = 'web/dist';

/** @param {string} root */
const inputs = (root) => [
  ...['ledger', 'sync', 'community', 'peer'].flatMap((name) =>
    sourceFiles(root, `packages/${name}`, ['']).filter((path) => !path.includes('/test/')),
  ),
  ...sourceFiles(root, 'web', ['']).filter((path) => !path.startsWith('web/test/')),
  'package-lock.json',
  'package.json',
  'tsconfig.base.json',
  'vite.config.ts',
];

/**
 * Builds the app, unless the built one was made from exactly these sources.
 * @param {string} root
 * @returns {Promise<boolean>} false: the build failed, and its message was printed
 */
export const buildApp = async (root) => {
  const stamp = contentStamp(root, inputs(root));
  if (readStamp(root, 'app') === stamp && existsSync(join(root, APP_FOLDER, 'index.html'))) return true;
  console.log('Building the app.');
  const started = performance.now();
  const { code } = await exec(join(binFolder(root), 'vite'), ['build', '--logLevel', 'warn'], {
    cwd: root,
    env: projectEnv(root, { NODE_ENV: 'production' }),
  });
  if (code !== 0) {
    console.error('The app could not be built; the message above says where.');
    return false;
  }
  console.log(`Built in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
  keepStamp(root, 'app', stamp);
  return true;
};
