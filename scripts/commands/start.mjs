import { buildApp } from '../buildApp.mjs';
import { relayCommand } from './programs.mjs';

/**
 * Builds the app where needed and runs the relay that serves it; the relay prints the address to open.
 * @param {string} root
 * @param {readonly string[]} args passed on to the relay
 */
export const startCommand = async (root, args) => {
  const wantsHelp = args.includes('--help');
  if (!wantsHelp && !(await buildApp(root))) return 1;
  return relayCommand(root, args);
};
