export * from './entry.ts';
export * from './ids.ts';
export * from './limits.ts';
export * from './result.ts';
