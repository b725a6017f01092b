import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { exec } from './exec.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const FIXED_PATHS = [
  '/usr/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** @param {string} path */
const runs = (path) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/**
 * Where a Chromium or Chrome is on this machine.
 * @returns {string | undefined}
 */
const findChromium = () => {
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [...FIXED_PATHS, ...onPath].find(runs);
};

const canInstall = () =>
  process.getuid?.() === 0 && existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get');

/**
 * Finds the browser that the tests drive. As root on Debian it installs Debian's own when there is none.
 * @param {string} root
 * @returns {Promise<string | undefined>} its path; undefined: there is none, and what to do was printed
 */
export const ensureChromium = async (root) => {
  const asked = process.env.CHROMIUM_PATH;
  if (asked !== undefined && asked !== '') {
    if (runs(asked)) return asked;
    console.error(`CHROMIUM_PATH is ${asked}, and there is no program there.`);
    return undefined;
  }
  const found = findChromium();
  if (found !== undefined) return found;
  if (canInstall()) {
    console.log('Installing Chromium from Debian (the browser tests need it, and there is none).');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const update = await exec('apt-get', ['update', '-q'], { cwd: root, env });
    const install =
      update.code === 0
        ? await exec('apt-get', ['install', '-y', '-q', 'chromium'], { cwd: root, env })
        : update;
    const installed = findChromium();
    if (install.code === 0 && installed !== undefined) return installed;
    console.error('apt-get could not install chromium; its message is above.');
    return undefined;
  }
  console.error(
    'The browser tests need Chromium or Chrome, and none was found. Install it (on Debian or Ubuntu: ' +
      '"sudo apt-get install chromium"), or set CHROMIUM_PATH to its program.',
  );
  return undefined;
};
