import { isValidElement } from 'preact';
import type { ComponentChildren, VNode } from 'preact';

const MARK = '\u0001';

/** A sentence in which some inputs are elements (a name in its own <bdi>, an amount that must not wrap). */
export const rich = <Name extends string>(
  message: (inputs: Readonly<Record<Name, string>>) => string,
  inputs: Readonly<Record<Name, VNode | string>>,
): ComponentChildren[] => {
  const elements: VNode[] = [];
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries<VNode | string>(inputs)) {
    if (isValidElement(value)) {
      flat[name] = `${MARK}${elements.length}${MARK}`;
      elements.push(value);
    } else if (typeof value === 'string') flat[name] = value;
  }
  const sentence = message(flat as Readonly<Record<Name, string>>);
  return sentence.split(MARK).map((part, index) => (index % 2 === 1 ? elements[Number(part)] : part));
};

/** The same sentence as plain text: for what is said aloud, and for titles. */
export const plainText = (children: ComponentChildren): string => {
  if (Array.isArray(children)) return children.map((child: ComponentChildren) => plainText(child)).join('');
  if (isValidElement(children))
    return plainText((children.props as { children?: ComponentChildren }).children);
  return typeof children === 'string' || typeof children === 'number' ? String(children) : '';
};
