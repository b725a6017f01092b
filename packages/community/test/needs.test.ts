import { expect, test } from 'vitest';
import { FOODS, inUnits, NEED_CATEGORIES, needNameOf, THOUSANDTHS } from '@corridor/community';
import { NEED_CATEGORY_END } from '@corridor/ledger';

test('[P1] every category of needs has a number of its own that an entry can hold', () => {
  const numbers = NEED_CATEGORIES.map((need) => need.category);
  expect(new Set(numbers).size).toBe(numbers.length);
  for (const number of numbers) expect(number).toBeLessThan(NEED_CATEGORY_END);
});
test('[P1] two loaves are 4,800 kcal, and half a kilowatt-hour is a whole number of thousandths', () => {
  const bread = FOODS.find((food) => food.name === 'bread');
  expect(inUnits(2 * (bread?.kcal ?? 0) * THOUSANDTHS)).toBe(4800);
  expect(Number.isInteger(0.5 * THOUSANDTHS)).toBe(true);
});
test('[P1] a category of a later version has no name here, and no wrong one', () => {
  expect(needNameOf(1)).toBe('food');
  expect(needNameOf(200)).toBeUndefined();
});
