/** Finds what a source file imports, without a compiler: TypeScript 7 offers no JS API. */

/**
 * Blanks out comments, and keeps every other character (and line break) where it is. Strings are kept:
 * import names are strings.
 * @param {string} source
 * @returns {string}
 */
const withoutComments = (source) =>
  source.replace(
    /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\[\s\S]|[^`\\])*`)|\/\/[^\n]*|\/\*[\s\S]*?\*\//g,
    (/** @type {string} */ whole, /** @type {string | undefined} */ text) =>
      text ?? whole.replace(/[^\n]/g, ' '),
  );

const FORMS = [
  /\b(?:import|export)\b(?:[\w\s{},*$]|\btype\b)*?\bfrom\s*(['"])([^'"\n]+)\1/g,
  /\bimport\s*(['"])([^'"\n]+)\1/g,
  /\bimport\s*\(\s*(['"`])([^'"`\n]+)\1/g,
  /\brequire\s*\(\s*(['"])([^'"\n]+)\1/g,
  /\bnew\s+URL\s*\(\s*(['"])([^'"\n]+\.[jt]sx?)\1\s*,\s*import\.meta\.url/g,
];

/**
 * Every module a file names: static, re-exported, type-only, dynamic, and worker URLs.
 * @param {string} source
 * @returns {{ readonly name: string, readonly line: number }[]} in order of appearance, lines from 1
 */
export const importsOf = (source) => {
  const code = withoutComments(source);
  const found = FORMS.flatMap((form) =>
    [...code.matchAll(form)].map((match) => ({ name: match[2] ?? '', at: match.index + match[0].length })),
  );
  return found
    .sort((a, b) => a.at - b.at)
    .map(({ name, at }) => ({ name, line: code.slice(0, at).split('\n').length }));
};

/**
 * The package a bare import belongs to: `@a/b/c.js` → `@a/b`, `x/y` → `x`.
 * @param {string} name
 */
export const packageOf = (name) =>
  name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
