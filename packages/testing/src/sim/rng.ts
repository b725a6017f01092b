/** Seeded chance (sfc32): the same seed gives the same world on every machine. Not for secrets. */
export interface Rng {
  /** In [0, 1). */
  next(): number;
  /** An integer in [0, end). */
  below(end: number): number;
  /** An integer in [from, to]. */
  between(from: number, to: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  bytes(length: number): Uint8Array;
  /** A stream of its own: what one part of the world draws does not move the others. */
  fork(): Rng;
}

export function createRng(seed: number): Rng {
  let a = 0x9e3779b9 ^ seed;
  let b = 0x243f6a88 ^ Math.imul(seed, 0x85ebca6b);
  let c = 0xb7e15162;
  let d = 1;
  const word = (): number => {
    const sum = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 12; i++) word();
  const rng: Rng = {
    next: () => word() / 2 ** 32,
    below: (end) => Math.floor((word() / 2 ** 32) * end),
    between: (from, to) => from + rng.below(to - from + 1),
    chance: (probability) => rng.next() < probability,
    pick(list) {
      if (list.length === 0) throw new RangeError('nothing to pick from');
      return list[rng.below(list.length)] as (typeof list)[number];
    },
    bytes(length) {
      const bytes = new Uint8Array(length);
      for (let i = 0; i < length; i++) bytes[i] = word() & 255;
      return bytes;
    },
    fork: () => createRng(word()),
  };
  return rng;
}
