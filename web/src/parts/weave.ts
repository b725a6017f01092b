/**
 * The weave: a strip of bricks drawn from the circle's id. Decoration and check in one: two phones of one circle
 * show the same strip, a circle made to look alike shows another.
 */
export interface Brick {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** 0 green, 1 pale green, 2 marigold. */
  readonly tone: 0 | 1 | 2;
}
/** Bricks in one tile: 24 columns in 2 rows. */
const COLUMNS = 24;
const ROWS = 2;
/** A tile is this wide and high, in the strip's own units; the strip repeats it. */
export const TILE = { width: COLUMNS * 8.5, height: 16 } as const;

const TONES = [0, 1, 2, 0] as const;

/** Bit `n` of a hex string, 0 beyond its end. */
const bitAt = (hex: string, n: number): number => {
  const nibble = Number.parseInt(hex.charAt(n >> 2) || '0', 16);
  return ((Number.isNaN(nibble) ? 0 : nibble) >> (3 - (n & 3))) & 1;
};

/** The bricks of one tile. Three bits of the id decide each: two its tone, one whether it lies or stands. */
export const weave = (circle: string): readonly Brick[] => {
  const bricks: Brick[] = [];
  for (let row = 0; row < ROWS; row++) {
    let x = 0;
    for (let column = 0; column < COLUMNS; column++) {
      const at = 3 * (row * COLUMNS + column);
      const tone = TONES[(bitAt(circle, at) << 1) | bitAt(circle, at + 1)] ?? 0;
      // one lies, the next stands, as in the weave of a basket; the bit swaps a pair
      const lies = ((column + row + bitAt(circle, at - (at % 6) + 2)) & 1) === 0;
      const width = lies ? 11 : 4;
      bricks.push({ x, y: row * 8 + (lies ? 1 : 0), width, height: lies ? 6 : 8, tone });
      x += width + 1;
    }
  }
  return bricks;
};

/** Where there is no circle yet, the app's own strip. */
export const PRODUCT_WEAVE = '2b7e151628aed2a6abf7158809cf4f3c762e7160f38b4da56a784d9045190cfe';
