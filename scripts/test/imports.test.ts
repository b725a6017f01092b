import { expect, test } from 'vitest';
import { importsOf, packageOf } from '../imports.mjs';

const names = (source: string): string[] => importsOf(source).map(({ name }) => name);

test('every way to name a module is seen', () => {
  expect(
    names(`
import first, { type Second } from 'a';
import type { Third } from "b";
import * as fourth from './c.ts';
import 'd';
export { fifth } from 'e';
export * from '@f/g/h.js';
export type { Sixth } from 'i';
const later = () => import('./j.ts');
const worker = new Worker(new URL('../k.ts', import.meta.url), { type: 'module' });
import {
  one,
  two as three,
} from 'l';
type Far = import('m').Doc;
`),
  ).toEqual(['a', 'b', './c.ts', 'd', 'e', '@f/g/h.js', 'i', './j.ts', '../k.ts', 'l', 'm']);
});

test('comments and other strings name nothing', () => {
  expect(
    names(`
// import 'a';
/* export * from 'b'; */
const text = "http://example.org/*"; import 'c';
const quoted = 'from "d"';
const folder = new URL('../../web/dist', import.meta.url);
`),
  ).toEqual(['c']);
});

test('a finding carries the line where it stands', () => {
  expect(importsOf("\n\nimport {\n  a,\n} from 'x';\n")).toEqual([{ name: 'x', line: 5 }]);
});

test('a bare import belongs to its package', () => {
  expect(['@a/b/c.js', 'd/e', 'f'].map(packageOf)).toEqual(['@a/b', 'd', 'f']);
});
