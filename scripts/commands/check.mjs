import { join } from 'node:path';
import { exec, projectEnv, projectNode } from '../exec.mjs';

/**
 * Types, lint, format, unused code, layers, dependencies; or only the steps that are named.
 * @param {string} root
 * @param {readonly string[]} args
 */
export const checkCommand = async (root, args) => {
  const { code } = await exec(projectNode(root), [join(root, 'scripts/check.mjs'), ...args], {
    cwd: root,
    env: projectEnv(root),
  });
  return code;
};
