import { expect, test } from 'vitest';
import { sentencesOf } from '../splitWords.ts';

const COMPILED = `import * as registry from "../registry.js"
/** @typedef {{}} Inputs */

export const bread = /** @type {Inputs} */ () => {
	return \`Bread: export const jam = 1\`
};

export const loaves = (i) => {const plural = registry.plural("en", i?.count, {});
	if (plural === "one") return \`a loaf\`;
	return \`loaves\`
};

export const jam = () => {
	return \`Jam\`
};
`;

test('a language in two parts is the whole of it: each sentence in one, what comes before in both', () => {
  const first = sentencesOf(COMPILED, (name) => name !== 'loaves');
  const later = sentencesOf(COMPILED, (name) => name === 'loaves');
  expect([...first.matchAll(/^export const (\w+)/gm)].map(([, name]) => name)).toEqual(['bread', 'jam']);
  expect([...later.matchAll(/^export const (\w+)/gm)].map(([, name]) => name)).toEqual(['loaves']);
  for (const part of [first, later]) expect(part).toMatch(/^import \* as registry/);
  expect(first).toContain('Bread: export const jam = 1');
  expect(sentencesOf(COMPILED, () => true)).toBe(COMPILED);
});
