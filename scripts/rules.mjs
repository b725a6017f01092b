/** Reads which rules docs/SPEC.md states and puts off, and where tests and comments cite them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sourceFiles } from './sourceFiles.mjs';

const ID = /\b[EFPLCBWXKSI]\d+\b/g;
/** A bracket that holds rule ids and nothing else: [E5], [P5, P6]. An index like `rows[E5]` follows a word. */
const CITATION = /(?<![\w)\]])\[([EFPLCBWXKSI]\d+(?:\s*[,;/–-]\s*[EFPLCBWXKSI]\d+)*)\]/g;
const TITLE =
  /\b(?:test|it|describe)(?:\.\w+)*(?:\.each\b[\s\S]{0,2000}?\))?\s*\(\s*(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)"|`((?:\\.|[^`\\])*)`)/g;

/** @param {string} bracketed */
const idsIn = (bracketed) => bracketed.match(ID) ?? [];

/**
 * @param {string} text
 * @returns {string[]}
 */
const citedIn = (text) => [...text.matchAll(CITATION)].flatMap((match) => idsIn(match[1] ?? ''));

/**
 * The rules of the specification: each stated once as `**[E1] …**`, and put off as `- [E1] reason`.
 * @param {string} root
 * @returns {{ stated: string[], notYet: Map<string, string> }}
 */
export const readSpec = (root) => {
  const text = readFileSync(join(root, 'docs/SPEC.md'), 'utf8');
  const stated = [...text.matchAll(/^\*\*\[([A-Z]\d+)\]/gm)].map((match) => match[1] ?? '');
  const [, later = ''] = text.split(/^## Not yet$/m);
  const notYet = [...later.matchAll(/^- \[([A-Z]\d+)\] *(.*)$/gm)].map(
    (match) => /** @type {const} */ ([match[1] ?? '', match[2] ?? '']),
  );
  return { stated, notYet: new Map(notYet) };
};

/**
 * @typedef {object} Citation
 * @property {string} id
 * @property {string} path
 */

/**
 * Every citation of a rule in sources and documents, and those that stand in the title of a test.
 * @param {string} root
 * @returns {{ everywhere: Citation[], titles: Citation[] }}
 */
export const readCitations = (root) => {
  const paths = ['packages', 'relay', 'web', 'e2e', 'scripts', 'bench'].flatMap((folder) =>
    sourceFiles(root, folder, ['.ts', '.tsx', '.mjs']),
  );
  const sources = paths.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
  return {
    everywhere: sources.flatMap(({ path, text }) => citedIn(text).map((id) => ({ id, path }))),
    titles: sources.flatMap(({ path, text }) =>
      [...text.matchAll(TITLE)]
        .flatMap((match) => citedIn(match[1] ?? match[2] ?? match[3] ?? ''))
        .map((id) => ({ id, path })),
    ),
  };
};
