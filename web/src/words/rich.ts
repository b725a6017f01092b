import { isValidElement } from 'preact';
import type { ComponentChildren, VNode } from 'preact';

/** A message of any language: what it needs goes in by name, a sentence comes out. */
export type Message<I> = (inputs: I) => string;

const MARK = '\u0001';

/** A sentence in which some inputs are elements (a name in its own <bdi>, an amount that must not wrap). */
export const rich = <I extends Record<string, unknown>>(
  message: (inputs: { [K in keyof I]: NonNullable<unknown> }) => string,
  inputs: I,
): ComponentChildren[] => {
  const elements: VNode[] = [];
  const flat = Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => {
      if (!isValidElement(value)) return [name, value];
      elements.push(value);
      return [name, `${MARK}${elements.length - 1}${MARK}`];
    }),
  );
  // fromEntries forgets the names; they are the ones that came in
  const sentence = message(flat as { [K in keyof I]: NonNullable<unknown> });
  return sentence.split(MARK).map((part, index) => (index % 2 === 1 ? elements[Number(part)] : part));
};
