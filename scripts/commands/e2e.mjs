import { runPlaywright } from '../runPlaywright.mjs';

/**
 * The browser tests alone.
 * @param {string} root
 * @param {readonly string[]} args passed on to Playwright
 */
export const e2eCommand = async (root, args) => {
  const outcome = await runPlaywright(root, args);
  return outcome.code;
};
