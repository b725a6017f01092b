/** Names, lists of names and amounts as they stand inside a sentence: each an element of its own direction. */
import type { VNode } from 'preact';
import type { Format } from '../app/format.ts';
import { listFormat, numberFormat } from './formatters.ts';
import type { Words } from './language.ts';

/** A name; "someone" while it is not here. */
export const named = (m: Words, name: string): VNode => <bdi>{name || m.someone()}</bdi>;

/** "Ana, Joan and Rosa & Biel": joined as the language joins. */
export const listed = (m: Words, format: Format, names: readonly string[]): VNode => (
  <bdi>
    {listFormat(format.style.tag, { type: 'conjunction' })
      .formatToParts(names.map((name) => name || m.someone()))
      .map(({ type, value }, at) => (type === 'element' ? <bdi key={at}>{value}</bdi> : value))}
  </bdi>
);

/** "12.50 dors", "−150 dors"; `sign: 'plus'` writes +, as limits have it. */
export const sum = (format: Format, minor: number, sign: 'none' | 'plus' = 'none'): VNode => (
  <bdi class="figures">
    {`${sign === 'plus' && minor > 0 ? '+' : ''}${format.short(minor)} ${format.unitOf(minor)}`}
  </bdi>
);

/** Thousandths as a percentage: 5 → "0.5%". */
export const percent = (format: Format, permille: number): string =>
  numberFormat(format.style.tag, { style: 'percent', maximumFractionDigits: 1 }).format(permille / 1000);
