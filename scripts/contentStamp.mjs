import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * One hash over the names and contents of files: changes when any of them does, whatever their dates say.
 * @param {string} root
 * @param {readonly string[]} paths relative to root; missing ones count as absent
 */
export const contentStamp = (root, paths) => {
  const hash = createHash('sha256');
  for (const path of paths) {
    if (!existsSync(join(root, path))) continue;
    const bytes = readFileSync(join(root, path));
    hash.update(`${path}\n${bytes.length}\n`).update(bytes);
  }
  return hash.digest('hex');
};

/** Stamps live in node_modules: they speak of this machine's copy, and a fresh install starts afresh.
 * @param {string} root
 * @param {string} name
 */
const stampFile = (root, name) => join(root, 'node_modules', '.cache', 'corridor', `${name}.stamp`);

/**
 * @param {string} root
 * @param {string} name
 * @returns {string | undefined} what was kept last
 */
export const readStamp = (root, name) =>
  existsSync(stampFile(root, name)) ? readFileSync(stampFile(root, name), 'utf8') : undefined;

/**
 * @param {string} root
 * @param {string} name
 * @param {string} stamp
 */
export const keepStamp = (root, name, stamp) => {
  mkdirSync(dirname(stampFile(root, name)), { recursive: true });
  writeFileSync(stampFile(root, name), stamp);
};
