import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { sourceFiles } from '../sourceFiles.mjs';

/** Scopes whose folder must be made anew in the copy, because it points back into the project. */
const OWN_SCOPE = '@corridor';
const NOT_LINKED = new Set(['.cache', '.package-lock.json', '.corridor-stamp', OWN_SCOPE]);

/** Links what is installed in `from` into `to`, one by one, so that the copy can add to it. */
const linkModules = (from: string, to: string): void => {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    if (!NOT_LINKED.has(name)) symlinkSync(join(from, name), join(to, name));
  }
};

/**
 * A copy of everything that was written (nothing that was made) in a folder of its own, with the same packages
 * installed. Own packages lead to the copy.
 */
export const copyProject = (root: string): { readonly folder: string; readonly remove: () => void } => {
  const folder = mkdtempSync(join(tmpdir(), 'corridor-copy-'));
  for (const path of sourceFiles(root, '', [''])) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(root, path), join(folder, path));
  }
  linkModules(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const name of readdirSync(join(root, 'packages'))) {
    const nested = join(root, 'packages', name, 'node_modules');
    if (readdirSync(join(root, 'packages', name)).includes('node_modules')) {
      linkModules(nested, join(folder, 'packages', name, 'node_modules'));
    }
    mkdirSync(join(folder, 'node_modules', OWN_SCOPE), { recursive: true });
    symlinkSync(join(folder, 'packages', name), join(folder, 'node_modules', OWN_SCOPE, name));
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
};
