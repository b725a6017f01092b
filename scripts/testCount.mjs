import { existsSync, readFileSync } from 'node:fs';

/**
 * @typedef {object} TestCount
 * @property {number} passed
 * @property {number} failed
 */

/**
 * Reads a reporter's JSON.
 * @param {string} path
 * @returns {Readonly<Record<string, unknown>> | undefined} undefined when the runner wrote none
 */
const reportAt = (path) => {
  if (!existsSync(path)) return undefined;
  try {
    return /** @type {Record<string, unknown>} */ (JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
};
/** @param {unknown} value */
const count = (value) => (typeof value === 'number' ? value : 0);

/**
 * A run that ends in an error counts as a failure even where no test is to blame: a file that does not load,
 * a rejection nobody caught, no test found.
 * @param {TestCount} counted
 * @param {number} code the runner's exit code
 * @returns {TestCount}
 */
const withExitCode = (counted, code) =>
  code !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted;

/**
 * @param {string} path of Vitest's JSON report
 * @param {number} code
 */
export const vitestCount = (path, code) => {
  const report = reportAt(path);
  return withExitCode(
    { passed: count(report?.['numPassedTests']), failed: count(report?.['numFailedTests']) },
    code,
  );
};

/**
 * A test that passes only when repeated is counted as failed.
 * @param {string} path of Playwright's JSON report
 * @param {number} code
 */
export const playwrightCount = (path, code) => {
  const stats = /** @type {Record<string, unknown> | undefined} */ (reportAt(path)?.['stats']);
  return withExitCode(
    { passed: count(stats?.['expected']), failed: count(stats?.['unexpected']) + count(stats?.['flaky']) },
    code,
  );
};
