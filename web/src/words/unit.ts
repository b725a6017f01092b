import { pluralRules } from './formatters.ts';

/**
 * The unit's name as the circle wrote it: one word ("hours"), or two forms with a slash, for one and for several
 * ("dor/dors"), because no dictionary knows how a village bends its own word.
 */
const forms = (name: string): readonly [one: string, several: string] => {
  const [one = '', several = one] = name.split('/').map((form) => form.trim());
  return [one, several === '' ? one : several];
};

/** The form of the unit that goes with an amount in this language: "1 dor", "0.50 dors", "12 dors". */
export const unitWord = (name: string, minor: number, decimals: number, tag: string): string => {
  const [one, several] = forms(name);
  const value = Math.abs(minor) / 10 ** decimals;
  return pluralRules(tag, {}).select(value) === 'one' ? one : several;
};

/** The unit on its own, as a heading says it. */
export const unitName = (name: string): string => forms(name)[1];

/** How the founding form writes both forms down. A slash inside a form would read as two. */
export const joinForms = (one: string, several: string): string => {
  const [first, second] = [one, several].map((form) => form.replaceAll('/', ' ').trim());
  return first === '' || first === second ? (second ?? '') : `${first}/${second}`;
};
