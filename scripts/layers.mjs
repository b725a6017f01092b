/** The layer lock: reads every import of every source and says which point upwards or outwards. */
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, posix } from 'node:path';
import { importsOf, packageOf } from './imports.mjs';
import { LAYERS, NODE_FOLDERS, PURE_LAYERS } from './layerRules.mjs';
import { sourceFiles } from './sourceFiles.mjs';

/** @param {string} path */
const layerOf = (path) => Object.keys(LAYERS).find((layer) => path.startsWith(`${layer}/`));

/**
 * Why this import may not stand in this file; undefined when it may.
 * @param {string} path of the importing file, relative to the root
 * @param {string} name the imported module as written
 * @returns {string | undefined}
 */
const whyNot = (path, name) => {
  const layer = layerOf(path);
  if (layer === undefined) return undefined;
  const inSource = path.startsWith(`${layer}/src/`);
  if (name.startsWith('.')) {
    const target = posix.normalize(posix.join(posix.dirname(path), name));
    // Tests take single files of the testing package: its index would load what a browser cannot.
    if (!inSource && target.startsWith('packages/testing/src/')) return undefined;
    if (!target.startsWith(`${layer}/`)) return `leaves ${layer} by a relative path`;
    return inSource && target.startsWith(`${layer}/test/`) ? 'is a test, and this is not' : undefined;
  }
  if (!inSource) return undefined;
  if (isBuiltin(name)) {
    if (PURE_LAYERS.includes(layer)) return `names Node, and ${layer} is pure`;
    return NODE_FOLDERS.some((folder) => path.startsWith(folder))
      ? undefined
      : 'names Node outside Node folders';
  }
  const rule = LAYERS[layer];
  if (rule === undefined) return undefined;
  if (name.startsWith('@corridor/')) {
    return rule.own.includes(name) ? undefined : `is not below ${layer}`;
  }
  if (rule.others === null || rule.others.includes(packageOf(name))) return undefined;
  return `is not among the packages ${layer} may name`;
};

/**
 * Checks every source file of every layer.
 * @param {string} root
 * @returns {string[]} one line for each import that must go
 */
export const layerFaults = (root) =>
  Object.keys(LAYERS)
    .flatMap((layer) => sourceFiles(root, layer, ['.ts', '.tsx', '.js', '.mjs']))
    .flatMap((path) =>
      importsOf(readFileSync(join(root, path), 'utf8')).flatMap(({ name, line }) => {
        const why = whyNot(path, name);
        return why === undefined ? [] : [`${path}:${line}: '${name}' ${why}`];
      }),
    );
