export * from './histories.ts';
export * from './village.ts';
