/** Runs of each property: 1,000, or what `CORRIDOR_RUNS` says (`npm run test:long`). */
export const RUNS = Number(process.env['CORRIDOR_RUNS'] ?? 1000);
