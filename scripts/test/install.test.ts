/** What `npm start` and `npm test` find out before they do anything. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { contentStamp } from '../contentStamp.mjs';
import { isInstalled } from '../ensureInstalled.mjs';

const folder = mkdtempSync(join(tmpdir(), 'corridor-install-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Packages = Record<string, { version?: string; optional?: boolean; link?: boolean }>;
const WANTED: Packages = {
  '': {},
  'packages/own': { version: '0.1.0' },
  'node_modules/@own/own': { link: true },
  'node_modules/a': { version: '1.2.3' },
  'node_modules/only-on-another-system': { version: '1.0.0', optional: true },
};
const write = (name: string, packages: Packages): void =>
  writeFileSync(join(folder, name), JSON.stringify({ packages }));

beforeEach(() => {
  rmSync(join(folder, 'node_modules'), { recursive: true, force: true });
  write('package-lock.json', WANTED);
});
const install = (packages: Packages): void => {
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  write('node_modules/.package-lock.json', packages);
};
const INSTALLED: Packages = {
  'packages/own': { version: '0.1.0' },
  'node_modules/@own/own': { link: true },
  'node_modules/a': { version: '1.2.3' },
};

test('a fresh clone is not installed', () => {
  expect(isInstalled(folder)).toBe(false);
});

test("what somebody's own npm ci made is taken as it is", () => {
  install(INSTALLED);
  expect(isInstalled(folder)).toBe(true);
});

test('a version that moved, or a package that is missing, asks for an install', () => {
  install({ ...INSTALLED, 'node_modules/a': { version: '1.2.2' } });
  expect(isInstalled(folder)).toBe(false);
  install({ 'packages/own': { version: '0.1.0' }, 'node_modules/@own/own': { link: true } });
  expect(isInstalled(folder)).toBe(false);
});

test('a build stamp changes with a name, a content, and an absence, and with nothing else', () => {
  writeFileSync(join(folder, 'one'), 'text');
  const before = contentStamp(folder, ['one', 'two']);
  writeFileSync(join(folder, 'one'), 'text');
  expect(contentStamp(folder, ['one', 'two'])).toBe(before);
  writeFileSync(join(folder, 'two'), '');
  expect(contentStamp(folder, ['one', 'two'])).not.toBe(before);
  writeFileSync(join(folder, 'one'), 'test');
  expect(contentStamp(folder, ['one'])).not.toBe(before);
});
