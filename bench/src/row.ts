/** One line of the table: what was measured in this run, and what it was meant to be. */
export interface Goal {
  readonly words: string;
  readonly met: boolean;
}
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Lowest and highest of the repetitions, in the row's unit. */
  readonly spread: { readonly lowest: number; readonly highest: number; readonly count: number } | null;
  readonly goal: Goal | null;
  /** What one must know to read the number. */
  readonly note: string | null;
}
import type { Sample } from './measure.ts';

interface More {
  readonly atMost?: number;
  readonly atLeast?: number;
  readonly note?: string;
}
const goalOf = (value: number, unit: string, { atMost, atLeast }: More): Goal | null => {
  if (atMost !== undefined) return { words: `≤ ${atMost} ${unit}`, met: value <= atMost };
  if (atLeast !== undefined) return { words: `≥ ${atLeast} ${unit}`, met: value >= atLeast };
  return null;
};
/** A row of one number. */
export const row = (name: string, value: number, unit: string, more: More = {}): Row => ({
  name,
  value,
  unit,
  spread: null,
  goal: goalOf(value, unit, more),
  note: more.note ?? null,
});
/** A row of a repeated measurement: its median stands for it. */
export const sampleRow = (name: string, sample: Sample, unit: string, more: More = {}): Row => ({
  ...row(name, sample.median, unit, more),
  spread: { lowest: sample.lowest, highest: sample.highest, count: sample.count },
});
