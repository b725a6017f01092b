import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { playwrightCount, vitestCount } from '../testCount.mjs';

const folder = mkdtempSync(join(tmpdir(), 'corridor-count-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const report = (text: string): string => {
  const path = join(folder, `${text.length}.json`);
  writeFileSync(path, text);
  return path;
};

test('the counts are what the reporters wrote', () => {
  const unit = report(JSON.stringify({ numPassedTests: 12, numFailedTests: 3, numPendingTests: 1 }));
  expect(vitestCount(unit, 1)).toEqual({ passed: 12, failed: 3 });
  const browser = report(JSON.stringify({ stats: { expected: 5, unexpected: 1, flaky: 0, skipped: 0 } }));
  expect(playwrightCount(browser, 1)).toEqual({ passed: 5, failed: 1 });
});

test('a test that passed only the second time has failed', () => {
  const browser = report(JSON.stringify({ stats: { expected: 5, unexpected: 0, flaky: 2 } }));
  expect(playwrightCount(browser, 0)).toEqual({ passed: 5, failed: 2 });
});

test('a run that broke off counts as a failure, with or without a report', () => {
  expect(vitestCount(report(JSON.stringify({ numPassedTests: 12, numFailedTests: 0 })), 1)).toEqual({
    passed: 12,
    failed: 1,
  });
  expect(vitestCount(join(folder, 'missing.json'), 1)).toEqual({ passed: 0, failed: 1 });
  expect(playwrightCount(report('{ broken'), 1)).toEqual({ passed: 0, failed: 1 });
});
