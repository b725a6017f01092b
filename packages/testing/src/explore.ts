export * from './explore/closingCase.ts';
export * from './explore/closingCases.ts';
export * from './explore/closingPlay.ts';
