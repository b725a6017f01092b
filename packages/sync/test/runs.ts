/** How often a property is tried: 1,000 times, or as often as `npm run test:long` says. */
export const RUNS = Number(process.env['CORRIDOR_RUNS'] ?? 1_000);
