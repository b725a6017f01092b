/** How this folder measures: repetitions, medians and the spread, nothing left out. */

/** Several measurements of one thing, in the order they were made. */
export interface Sample {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
  readonly count: number;
}

/** The value below which `share` of the values lie, the nearest one that was measured. Throws on none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1));
  const value = sorted[at];
  if (value === undefined) throw new RangeError('nothing was measured');
  return value;
}
/** Median (of an even count: the mean of the middle two), lowest and highest. Throws on none. */
export function sampleOf(values: readonly number[]): Sample {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.slice(Math.floor((sorted.length - 1) / 2), Math.floor(sorted.length / 2) + 1);
  if (middle.length === 0) throw new RangeError('nothing was measured');
  return {
    median: middle.reduce((sum, value) => sum + value, 0) / middle.length,
    lowest: sorted[0] ?? 0,
    highest: sorted.at(-1) ?? 0,
    count: sorted.length,
  };
}
/** One sample from two that were measured in turns: the ratio of each pair. */
export const ratioOf = (over: readonly number[], under: readonly number[]): Sample =>
  sampleOf(over.map((value, i) => value / (under[i] ?? Number.NaN)));

/** Seconds on the wall and seconds of all this process's threads together. */
export interface Cost {
  readonly wall: number;
  readonly cpu: number;
}
/** Runs a task once and says what it cost. */
export async function costOf(task: () => unknown): Promise<Cost> {
  const cpuBefore = process.cpuUsage();
  const before = performance.now();
  await task();
  const wall = (performance.now() - before) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { wall, cpu: (user + system) / 1e6 };
}

/** Lets the collector run now, where the process was started with --expose-gc. */
export function collect(): void {
  if (globalThis.gc === undefined) throw new Error('start this with --expose-gc');
  globalThis.gc();
}
