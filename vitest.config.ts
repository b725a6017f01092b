/**
 * Unit, property and simulator tests. A config of its own: the app's build plugins (Paraglide's among them, which
 * keeps a watcher open) stay out, and browser tests belong to Playwright.
 */
import { defineConfig } from 'vitest/config';

/** `npm run test:long` runs for hours; otherwise a test that takes a minute and a half hangs. */
const isLong = process.env['CORRIDOR_RUNS'] !== undefined || process.env['CORRIDOR_SEEDS'] !== undefined;
const LONG_MS = 24 * 60 * 60 * 1000;

export default defineConfig({
  test: {
    include: [
      'packages/*/test/**/*.test.ts',
      'relay/test/**/*.test.ts',
      'web/test/**/*.test.ts',
      'scripts/test/**/*.test.ts',
    ],
    environment: 'node',
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: isLong ? LONG_MS : 90_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    expect: { requireAssertions: false },
  },
});
