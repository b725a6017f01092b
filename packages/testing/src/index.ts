export * from './council.ts';
export * from './histories.ts';
export * from './village.ts';
export * from './books.ts';
