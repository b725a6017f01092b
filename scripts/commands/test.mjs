import { ensureChromium } from '../ensureChromium.mjs';
import { runPlaywright } from '../runPlaywright.mjs';
import { runVitest } from '../runVitest.mjs';
import { checkCommand } from './check.mjs';

/** What `test:long` asks of the property tests (runs), of the simulator (seeds) and of the killed browsers (kills). */
const LONG = { CORRIDOR_RUNS: '100000', CORRIDOR_SEEDS: '500000' };
const LONG_STORIES = { CORRIDOR_KILLS: '200' };

/**
 * Everything: the check, the unit, property and simulator tests, and the browser tests. All parts run, also
 * when an early one fails; the last line says how many tests passed and failed.
 * @param {string} root
 * @param {readonly string[]} args none are taken
 */
export const testCommand = async (root, args) => {
  if (args.length > 0) {
    console.error(
      'npm test takes no arguments. For one part: npm run check, npm run e2e -- NAME, npx vitest run PATH.',
    );
    return 2;
  }
  if ((await ensureChromium(root)) === undefined) return 2;
  const started = performance.now();
  const checkCode = await checkCommand(root, []);
  const unit = await runVitest(root, []);
  const browser = await runPlaywright(root, []);
  const minutes = ((performance.now() - started) / 60_000).toFixed(1);
  console.log('');
  console.log(`check: ${checkCode === 0 ? 'clean' : 'NOT clean (its findings are above)'}`);
  console.log(`unit, property and simulator tests: ${unit.passed} passed, ${unit.failed} failed.`);
  console.log(
    `browser tests: ${browser.passed} passed, ${browser.failed} failed. ${minutes} minutes in all.`,
  );
  const failed = unit.failed + browser.failed + (checkCode === 0 ? 0 : 1);
  console.log(`${unit.passed + browser.passed} passed, ${failed} failed`);
  return failed === 0 && unit.code === 0 && browser.code === 0 ? 0 : 1;
};

/**
 * The unit, property and simulator tests with a hundred times the runs, and 200 kills of the browser: hours. Files
 * named choose among the former, and leave the browsers out.
 * @param {string} root
 * @param {readonly string[]} args passed on to Vitest
 */
export const longTestCommand = async (root, args) => {
  const unit = await runVitest(root, args, LONG);
  const browser =
    args.length === 0
      ? await runPlaywright(root, ['killed'], LONG_STORIES)
      : { code: 0, passed: 0, failed: 0 };
  console.log(`${unit.passed + browser.passed} passed, ${unit.failed + browser.failed} failed`);
  return unit.code === 0 && browser.code === 0 ? 0 : 1;
};
