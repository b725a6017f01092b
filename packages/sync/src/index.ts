export * from './faults.ts';
export * from './limits.ts';
export * from './messages.ts';
export * from './session.ts';
export * from './shelf.ts';
