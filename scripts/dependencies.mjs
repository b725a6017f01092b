/** The dependency lock: exact versions, few of them, and a reason for each in ARCHITECTURE.md. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_RUNTIME_DEPENDENCIES } from './layerRules.mjs';

/**
 * @typedef {object} Manifest
 * @property {readonly string[]} [workspaces]
 * @property {Readonly<Record<string, string>>} [dependencies]
 * @property {Readonly<Record<string, string>>} [devDependencies]
 * @property {Readonly<Record<string, string>>} [optionalDependencies]
 * @property {Readonly<Record<string, string>>} [peerDependencies]
 * @property {Readonly<Record<string, unknown>>} [overrides]
 */

const EXACT = /^(?:npm:(?:@[\w.-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+(?:-[\w.]+)?$/;

/**
 * @param {string} root
 * @param {string} folder
 * @returns {Manifest}
 */
const manifestIn = (root, folder) =>
  /** @type {Manifest} */ (JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')));

/**
 * Folders of the workspaces that make up the product (tests and measurements are not shipped).
 * @param {string} root
 */
const workspaceFolders = (root) =>
  (manifestIn(root, '').workspaces ?? [])
    .flatMap((pattern) =>
      pattern.endsWith('/*')
        ? readdirSync(join(root, pattern.slice(0, -2))).map((name) => `${pattern.slice(0, -2)}/${name}`)
        : [pattern],
    )
    .filter((folder) => existsSync(join(root, folder, 'package.json')));

/**
 * Third-party packages that the product's packages list as dependencies, all together, sorted.
 * @param {string} root
 * @returns {string[]}
 */
const runtimeDependencies = (root) => {
  const names = workspaceFolders(root).flatMap((folder) =>
    Object.keys(manifestIn(root, folder).dependencies ?? {}),
  );
  return [...new Set(names)].filter((name) => !name.startsWith('@corridor/')).sort();
};

/**
 * @param {string} root
 * @returns {string[]}
 */
const unpinned = (root) =>
  ['', 'bench', ...workspaceFolders(root)]
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .flatMap((folder) => {
      const manifest = manifestIn(root, folder);
      const rows = [
        manifest.dependencies,
        manifest.devDependencies,
        manifest.optionalDependencies,
        manifest.peerDependencies,
        manifest.overrides,
      ].flatMap((group) => Object.entries(group ?? {}));
      return rows
        .filter(([, version]) => typeof version === 'string' && !EXACT.test(version))
        .map(
          ([name, version]) =>
            `${join(folder, 'package.json')}: ${name} is not pinned ("${String(version)}")`,
        );
    });

/**
 * Everything that is wrong with what the project depends on.
 * @param {string} root
 * @returns {string[]}
 */
export const dependencyFaults = (root) => {
  const names = runtimeDependencies(root);
  const map = existsSync(join(root, 'ARCHITECTURE.md'))
    ? readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')
    : '';
  const [, reasons = ''] = map.split(/^## What we depend on$/m);
  const listed = [...reasons.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1] ?? '');
  return [
    ...unpinned(root),
    ...names
      .filter((name) => !listed.includes(name))
      .map((name) => `ARCHITECTURE.md: no line says why ${name}`),
    ...listed
      .filter((name) => !names.includes(name))
      .map((name) => `ARCHITECTURE.md: ${name} is listed, and nothing depends on it`),
    ...(names.length > MAX_RUNTIME_DEPENDENCIES
      ? [`${names.length} direct runtime dependencies; at most ${MAX_RUNTIME_DEPENDENCIES} are allowed`]
      : []),
  ];
};
