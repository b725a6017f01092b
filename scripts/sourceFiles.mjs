import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Folders that hold what was made, not what was written. */
const MADE = new Set([
  'node_modules',
  'dist',
  'paraglide',
  'results',
  'test-results',
  'playwright-report',
  'coverage',
  '.git',
  '.corridor',
]);

/**
 * All written files below a folder whose names end in one of `endings`, sorted, relative to `root`.
 * @param {string} root
 * @param {string} folder relative to root; '' for all
 * @param {readonly string[]} endings
 * @returns {string[]}
 */
export const sourceFiles = (root, folder, endings) => {
  let rows;
  try {
    rows = readdirSync(join(root, folder), { withFileTypes: true });
  } catch {
    return [];
  }
  return rows
    .flatMap((row) => {
      const path = folder === '' ? row.name : `${folder}/${row.name}`;
      if (row.isDirectory()) return MADE.has(row.name) ? [] : sourceFiles(root, path, endings);
      return row.isFile() && endings.some((ending) => row.name.endsWith(ending)) ? [path] : [];
    })
    .sort();
};
