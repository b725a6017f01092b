import { NEED_CATEGORIES, THOUSANDTHS } from '@corridor/community';
import type { FoodName, NeedName } from '@corridor/community';
import type { Need } from '@corridor/peer';
import type { Format } from '../app/format.ts';
import type { DrawingName } from '../parts/drawings.ts';
import type { Words } from './language.ts';

const DRAWINGS: Readonly<Record<NeedName, DrawingName>> = {
  food: 'food',
  care: 'care',
  power: 'power',
  water: 'water',
  trips: 'trip',
  repairs: 'repair',
  shelter: 'bed',
};
/** What a trade can have met, each with its drawing. */
export const NEEDS = NEED_CATEGORIES.map(({ category, name }) => ({
  category,
  name,
  drawing: DRAWINGS[name],
}));

export { FOODS, THOUSANDTHS } from '@corridor/community';
export type { FoodName, NeedName } from '@corridor/community';

export const needName = (m: Words, name: NeedName): string => {
  switch (name) {
    case 'food':
      return m.need_food();
    case 'care':
      return m.need_care();
    case 'power':
      return m.need_power();
    case 'water':
      return m.need_water();
    case 'trips':
      return m.need_trips();
    case 'repairs':
      return m.need_repairs();
    case 'shelter':
      return m.need_shelter();
  }
};

/** "4,800 kcal", "2 hours": the quantity with its unit; `count` bends the word, `shown` is written. */
export const quantityText = (m: Words, name: NeedName, count: number, shown: string): string => {
  switch (name) {
    case 'food':
      return m.quantity_kcal({ shown });
    case 'care':
      return m.quantity_hours({ count, shown });
    case 'power':
      return m.quantity_kwh({ shown });
    case 'water':
      return m.quantity_litres({ count, shown });
    case 'trips':
      return m.quantity_trips({ count, shown });
    case 'repairs':
      return m.quantity_repairs({ count, shown });
    case 'shelter':
      return m.quantity_nights({ count, shown });
  }
};

/** "2 loaves of bread": what the note says when a food was chosen by the piece. */
export const foodText = (m: Words, name: FoodName, count: number, shown: string): string => {
  const inputs = { count, shown };
  switch (name) {
    case 'bread':
      return m.food_bread(inputs);
    case 'eggs':
      return m.food_eggs(inputs);
    case 'meal':
      return m.food_meal(inputs);
    case 'milk':
      return m.food_milk(inputs);
    case 'vegetables':
      return m.food_vegetables(inputs);
    case 'potatoes':
      return m.food_potatoes(inputs);
    case 'fruit':
      return m.food_fruit(inputs);
    case 'cheese':
      return m.food_cheese(inputs);
    case 'beans':
      return m.food_beans(inputs);
    case 'jam':
      return m.food_jam(inputs);
  }
};

export const foodName = (m: Words, name: FoodName): string => {
  switch (name) {
    case 'bread':
      return m.food_name_bread();
    case 'eggs':
      return m.food_name_eggs();
    case 'meal':
      return m.food_name_meal();
    case 'milk':
      return m.food_name_milk();
    case 'vegetables':
      return m.food_name_vegetables();
    case 'potatoes':
      return m.food_name_potatoes();
    case 'fruit':
      return m.food_name_fruit();
    case 'cheese':
      return m.food_name_cheese();
    case 'beans':
      return m.food_name_beans();
    case 'jam':
      return m.food_name_jam();
  }
};

/** "Food: 4,800 kcal" */
export const needText = (m: Words, format: Format, need: Need): string => {
  const known = NEEDS.find(({ category }) => category === need.category);
  const count = need.quantity / THOUSANDTHS;
  if (!known) return m.need_other({ quantity: format.number(count) });
  return m.need_met({
    need: needName(m, known.name),
    quantity: quantityText(m, known.name, count, format.number(count)),
  });
};
