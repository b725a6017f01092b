/** What the documents point at is there. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { sourceFiles } from '../sourceFiles.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const documents = ['README.md', 'ARCHITECTURE.md', 'CHANGELOG.md', ...sourceFiles(root, 'docs', ['.md'])];

test('every link between documents leads to a file', () => {
  const broken = documents.flatMap((path) =>
    [...readFileSync(join(root, path), 'utf8').matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)]
      .map((match) => match[1] ?? '')
      .filter((target) => !/^[a-z]+:/.test(target) && !existsSync(join(root, dirname(path), target)))
      .map((target) => `${path}: ${target}`),
  );
  expect(broken).toEqual([]);
});

test('every source file that the documents name exists', () => {
  const broken = documents.flatMap((path) =>
    [...readFileSync(join(root, path), 'utf8').matchAll(/`([\w./-]+\/[\w.-]+\.(?:ts|tsx|mjs|json))`/g)]
      .map((match) => match[1] ?? '')
      .filter((name) => !existsSync(join(root, name)) && !existsSync(join(root, 'packages', name)))
      .map((name) => `${path}: ${name}`),
  );
  expect(broken).toEqual([]);
});

test('no document names a path of the machine it was written on', () => {
  const places = /\/(?:work|root|home)\/|\.\.\/shared/;
  expect(documents.filter((path) => places.test(readFileSync(join(root, path), 'utf8')))).toEqual([]);
});
