import { join } from 'node:path';
import { exec, projectEnv, projectNode } from '../exec.mjs';

/**
 * A command that is one program of the project, with the arguments it was given.
 * @param {string} main path below the root
 * @returns {(root: string, args: readonly string[]) => Promise<number>}
 */
const program = (main) => async (root, args) => {
  const { code } = await exec(projectNode(root), [join(root, main), ...args], {
    cwd: root,
    env: projectEnv(root),
  });
  return code;
};

export const relayCommand = program('relay/src/main.ts');
export const peerCommand = program('packages/peer/src/node/main.ts');
