import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readCitations, readSpec } from '../rules.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const spec = readSpec(root);
const citations = readCitations(root);

/** The rules the design numbers: a letter and how many there are. */
const FAMILIES = { E: 7, F: 4, P: 9, C: 5, B: 4, W: 2, X: 6, K: 3, S: 4, I: 18 } as const;
const wanted = [
  'L0',
  ...Array.from({ length: 4 }, (_, at) => `L${at + 1}`),
  ...Object.entries(FAMILIES).flatMap(([letter, count]) =>
    Array.from({ length: count }, (_, at) => `${letter}${at + 1}`),
  ),
];

test('the specification states each rule once, and no other', () => {
  expect([...spec.stated].sort()).toEqual([...wanted].sort());
});

test('each rule is in the title of a test, or listed as not yet with a reason', () => {
  const tested = new Set(citations.titles.map(({ id }) => id));
  expect(spec.stated.filter((id) => !tested.has(id) && !spec.notYet.has(id))).toEqual([]);
  expect([...spec.notYet].filter(([, reason]) => reason.trim().length < 10)).toEqual([]);
});

test('what is listed as not yet is a rule, and no test claims it', () => {
  const stated = new Set(spec.stated);
  expect([...spec.notYet.keys()].filter((id) => !stated.has(id))).toEqual([]);
  expect(citations.titles.filter(({ id }) => spec.notYet.has(id))).toEqual([]);
});

test('every rule that code or a test cites exists', () => {
  const stated = new Set(spec.stated);
  expect(citations.everywhere.filter(({ id }) => !stated.has(id))).toEqual([]);
});
