/**
 * What a trade can have met outside money. The number stands in entries for ever, so none is ever given to another
 * category; quantities are thousandths of the unit, so that half a kilowatt-hour is an integer.
 */
export const NEED_CATEGORIES = [
  { category: 1, name: 'food', unit: 'kcal' },
  { category: 2, name: 'care', unit: 'hour' },
  { category: 3, name: 'power', unit: 'kWh' },
  { category: 4, name: 'water', unit: 'litre' },
  { category: 5, name: 'trips', unit: 'trip' },
  { category: 6, name: 'repairs', unit: 'repair' },
  { category: 7, name: 'shelter', unit: 'night' },
] as const;
export type NeedName = (typeof NEED_CATEGORIES)[number]['name'];

/** A need holds thousandths of its unit. */
export const THOUSANDTHS = 1000;

/** Common food by the piece, litre or kilo, in kcal each, as food tables round them. */
export const FOODS = [
  { name: 'bread', kcal: 2400 },
  { name: 'eggs', kcal: 75 },
  { name: 'meal', kcal: 700 },
  { name: 'milk', kcal: 640 },
  { name: 'vegetables', kcal: 300 },
  { name: 'potatoes', kcal: 770 },
  { name: 'fruit', kcal: 550 },
  { name: 'cheese', kcal: 3900 },
  { name: 'beans', kcal: 3400 },
  { name: 'jam', kcal: 900 },
] as const;
export type FoodName = (typeof FOODS)[number]['name'];

/** Quantity in the unit of its category, from what an entry holds. */
export const inUnits = (quantity: number): number => quantity / THOUSANDTHS;
/** The name of a category; undefined for one that a later version added. */
export const needNameOf = (category: number): NeedName | undefined =>
  NEED_CATEGORIES.find((need) => need.category === category)?.name;
