export * from './village.ts';
