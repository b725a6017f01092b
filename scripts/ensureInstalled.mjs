import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exec, outerEnv, projectNode } from './exec.mjs';

const PROJECT_NODE_MAJOR = 24;
/** What {@link exec} answers when there is no such program. */
const NOT_FOUND = 127;

/**
 * @typedef {object} LockedPackage
 * @property {string} [version]
 * @property {boolean} [optional]
 * @property {boolean} [devOptional]
 * @property {boolean} [link]
 */
/**
 * @param {string} path
 * @returns {Readonly<Record<string, LockedPackage>>}
 */
const packagesIn = (path) => {
  const lock = /** @type {{ packages?: Record<string, LockedPackage> }} */ (
    JSON.parse(readFileSync(path, 'utf8'))
  );
  return lock.packages ?? {};
};

/**
 * Whether node_modules holds what package-lock.json asks for, whoever installed it.
 * @param {string} root
 */
export const isInstalled = (root) => {
  const hidden = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(hidden)) return false;
  const installed = packagesIn(hidden);
  return Object.entries(packagesIn(join(root, 'package-lock.json')))
    .filter(([path]) => path.includes('node_modules/'))
    .every(([path, wanted]) => {
      const found = installed[path];
      if (found === undefined) return wanted.optional === true || wanted.devOptional === true;
      return found.version === wanted.version;
    });
};

/** @param {string} root */
const projectNodeWorks = async (root) => {
  if (!existsSync(projectNode(root))) return false;
  const { code, output } = await exec(projectNode(root), ['--version'], { cwd: root, quiet: true });
  return code === 0 && output.startsWith(`v${PROJECT_NODE_MAJOR}.`);
};

const QUIETLY = ['--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];

/**
 * `npm ci`; and where that refuses because the lockfile lacks packages for other machines (npm leaves out what
 * the registry at hand did not offer when the lockfile was made), an install that is compared with it afterwards.
 * @param {string} root
 * @returns {Promise<boolean>} false: neither worked, and the reason was printed
 */
const install = async (root) => {
  const options = { cwd: root, env: outerEnv() };
  const clean = await exec('npm', ['ci', ...QUIETLY], { ...options, quiet: true });
  if (clean.code === 0) return true;
  if (clean.code === NOT_FOUND) {
    console.error('npm was not found. Install Node.js 20.19 or newer with npm, then try again.');
    return false;
  }
  const { code } = await exec('npm', ['install', '--no-save', ...QUIETLY], options);
  if (code === 0 && isInstalled(root)) return true;
  console.error(
    `npm could not install the packages. "npm ci" said:\n${clean.output.trim()}\n` +
      'Check the network connection and try again.',
  );
  return false;
};

/**
 * Makes node_modules what package-lock.json says, and sees to it that the project's own Node runs.
 * Says what it does and why.
 * @param {string} root
 * @returns {Promise<boolean>} false: it could not, and the reason was printed
 */
export const ensureInstalled = async (root) => {
  const stampPath = join(root, 'node_modules', '.corridor-stamp');
  const stamp = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const known = existsSync(stampPath) ? readFileSync(stampPath, 'utf8').trim() : undefined;
  if (known !== stamp) {
    if (!isInstalled(root)) {
      const why = existsSync(join(root, 'node_modules'))
        ? 'node_modules does not match package-lock.json'
        : 'nothing is installed yet';
      console.log(`Installing packages (${why}). This takes a minute or two.`);
      if (!(await install(root))) return false;
    }
    writeFileSync(stampPath, `${stamp}\n`);
  }
  if (await projectNodeWorks(root)) return true;
  // npm may have kept back the install script that fetches this Node; rebuilding asks for it by name.
  await exec('npm', ['rebuild', 'node'], { cwd: root, env: outerEnv(), quiet: true });
  if (await projectNodeWorks(root)) return true;
  console.error(
    `The project's own Node ${PROJECT_NODE_MAJOR} (node_modules/.bin/node) does not run. ` +
      'If npm said that it kept back an install script, allow it with "npm approve-scripts node", ' +
      'then run "npm rebuild node" and try again.',
  );
  return false;
};
