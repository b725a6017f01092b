/** A seeded sequence, so that every run measures the same books. */
export interface Dice {
  /** An integer from 0 up to and without `end`. */
  below(end: number): number;
  bytes(length: number): Uint8Array;
}
/** Mulberry-like 32-bit steps: good enough to spread payments over people. */
export function createDice(seed: number): Dice {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let x = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
    return (x ^ (x >>> 15)) >>> 0;
  };
  return {
    below: (end) => next() % end,
    bytes: (length) => Uint8Array.from({ length }, () => next() & 255),
  };
}
