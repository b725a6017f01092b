import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { contentStamp, keepStamp, readStamp } from './contentStamp.mjs';
import { binFolder, exec, projectEnv } from './exec.mjs';
import { sourceFiles } from './sourceFiles.mjs';

const OUT = 'web/src/paraglide';

/**
 * Compiles the app's sentences to functions, unless the compiled ones are up to date. Types and lint need them.
 * @param {string} root
 * @returns {Promise<boolean>} false: the compiler refused, and its message was printed
 */
export const compileMessages = async (root) => {
  if (!existsSync(join(root, 'web/project.inlang/settings.json'))) return true;
  const inputs = [
    ...sourceFiles(root, 'web/messages', ['']),
    'web/project.inlang/settings.json',
    'package-lock.json',
  ];
  const stamp = contentStamp(root, inputs);
  if (readStamp(root, 'messages') === stamp && existsSync(join(root, OUT, 'messages.js'))) return true;
  const { code, output } = await exec(
    join(binFolder(root), 'paraglide-js'),
    // The same options as in vite.config.ts: types and lint must see what the app is built from.
    [
      ...['compile', '--project', 'web/project.inlang', '--outdir', OUT, '--silent'],
      ...['--output-structure', 'locale-modules', '--strategy', 'globalVariable', 'baseLocale'],
    ],
    { cwd: root, env: projectEnv(root), quiet: true },
  );
  if (code !== 0) {
    console.error(`The app's sentences (web/messages) could not be compiled:\n${output}`);
    return false;
  }
  keepStamp(root, 'messages', stamp);
  return true;
};
