export * from './council.ts';
export * from './acts.ts';
export * from './histories.ts';
export * from './historyWorld.ts';
export * from './village.ts';
export * from './books.ts';
