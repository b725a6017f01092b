/** The one table, as text. */
import type { Row } from './row.ts';

/** A number with as many digits as it is worth. */
function figure(value: number): string {
  if (Number.isNaN(value)) return '—';
  const size = Math.abs(value);
  const digits = size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : 2;
  const [whole = '', fraction] = value.toFixed(digits).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
const spreadOf = ({ spread }: Row): string =>
  spread === null ? '' : `${figure(spread.lowest)}–${figure(spread.highest)} (${spread.count})`;
const verdictOf = ({ goal }: Row): string => (goal === null ? '' : goal.met ? 'yes' : 'NOT MET');

const HEAD = ['what', 'value', 'unit', 'spread (runs)', 'goal', 'met?'] as const;
/** Columns that stand to the right. */
const RIGHT = 1;

/** Lines of one table with a headline for each section. */
export function tableLines(
  sections: readonly { readonly title: string; readonly rows: readonly Row[] }[],
): readonly string[] {
  const cells = (row: Row): readonly string[] => [
    row.name,
    figure(row.value),
    row.unit,
    spreadOf(row),
    row.goal?.words ?? '',
    verdictOf(row),
  ];
  const all = [HEAD, ...sections.flatMap(({ rows }) => rows.map(cells))];
  const widths = HEAD.map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0)));
  const line = (parts: readonly string[]): string =>
    parts
      .map((part, i) => (i === RIGHT ? part.padStart(widths[i] ?? 0) : part.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  const rule = '─'.repeat(line(HEAD.map((_, i) => '─'.repeat(widths[i] ?? 0))).length);
  const lines = [line(HEAD), rule];
  for (const { title, rows } of sections) {
    lines.push(title);
    for (const row of rows) {
      lines.push(line(cells(row)));
      if (row.note !== null) lines.push(`    ${row.note}`);
    }
    lines.push('');
  }
  return lines;
}
