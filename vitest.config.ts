/**
 * Unit, property and simulator tests. A config of its own: the app's build plugins (Paraglide's among them, which
 * keeps a watcher open) stay out, and the tests of whole screens belong to Playwright.
 */
import { defineConfig } from 'vitest/config';

/** `npm run test:long` runs for hours; otherwise a test that takes a minute and a half hangs. */
const isLong = process.env['CORRIDOR_RUNS'] !== undefined || process.env['CORRIDOR_SEEDS'] !== undefined;
const LONG_MS = 24 * 60 * 60 * 1000;

/** These open sockets, browsers or other processes and watch real time: one file after the other, at the end. */
const ALONE = [
  'packages/peer/test/**/{transport,browser,node}/**/*.test.ts',
  'packages/peer/test/**/*[bB]rowser*.test.ts',
  'relay/test/**/*.test.ts',
  'scripts/test/locks.test.ts',
];
const ALL = [
  'packages/*/test/**/*.test.ts',
  'relay/test/**/*.test.ts',
  'web/test/**/*.test.ts',
  'scripts/test/**/*.test.ts',
];

export default defineConfig({
  test: {
    environment: 'node',
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: isLong ? LONG_MS : 90_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    projects: [
      { extends: true, test: { name: 'pure', include: ALL, exclude: ALONE, sequence: { groupOrder: 0 } } },
      {
        extends: true,
        test: { name: 'alone', include: ALONE, fileParallelism: false, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
