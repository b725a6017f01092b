import { ensureChromium } from '../ensureChromium.mjs';
import { runPlaywright } from '../runPlaywright.mjs';
import { runVitest } from '../runVitest.mjs';
import { checkCommand } from './check.mjs';

/** What `test:long` asks of the property tests (runs) and of the simulator (seeds). */
const LONG = { CORRIDOR_RUNS: '100000', CORRIDOR_SEEDS: '500000' };

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
 * The unit, property and simulator tests with a hundred times the runs: hours.
 * @param {string} root
 * @param {readonly string[]} args passed on to Vitest
 */
export const longTestCommand = async (root, args) => {
  const outcome = await runVitest(root, args, LONG);
  console.log(`${outcome.passed} passed, ${outcome.failed} failed`);
  return outcome.code;
};
