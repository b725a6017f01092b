import { join } from 'node:path';
import { APP_FOLDER, buildApp } from '../buildApp.mjs';
import { exec, projectEnv, projectNode } from '../exec.mjs';

/**
 * Builds the app where needed and runs the relay that serves it; the relay prints the address to open.
 * @param {string} root
 * @param {readonly string[]} args passed on to the relay
 */
export const startCommand = async (root, args) => {
  const wantsHelp = args.includes('--help');
  if (!wantsHelp && !(await buildApp(root))) return 1;
  const { code } = await exec(
    projectNode(root),
    [join(root, 'relay/src/main.ts'), '--app', join(root, APP_FOLDER), ...args],
    { cwd: root, env: projectEnv(root) },
  );
  return code;
};
