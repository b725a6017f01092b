/** The one place where amounts are added and compared [E4]. Integers of minor units; sums checked below 2^53. */
import { AMOUNT_END, SUM_END } from './limits.ts';

/** Whether a number can stand in an entry as an amount. */
export const isAmount = (value: number): boolean =>
  Number.isSafeInteger(value) && value >= 0 && value < AMOUNT_END;

/** The sum; undefined when it leaves (−2^53, 2^53), where doubles stop being integers. */
export function addAmounts(...amounts: readonly number[]): number | undefined {
  let sum = 0;
  for (const amount of amounts) {
    sum += amount;
    if (sum >= SUM_END || sum <= -SUM_END) return undefined;
  }
  return sum;
}
