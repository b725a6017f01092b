import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TILE, weave } from '../src/parts/weave.ts';

const hex = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString('hex'));

test('a circle keeps its strip: another version of the app draws the same one', () => {
  const strip = JSON.stringify(weave('00112233445566778899aabbccddeeff'.repeat(2)));
  expect(createHash('sha256').update(strip).digest('hex').slice(0, 16)).toBe('23ff731172a1eac8');
});

test('another circle draws another strip', () => {
  const strips = new Set<string>();
  fc.assert(
    fc.property(hex, (circle) => {
      strips.add(JSON.stringify(weave(circle)));
    }),
    { numRuns: 500, seed: 7 },
  );
  expect(strips.size).toBeGreaterThan(490);
});

test('the bricks fill the tile, so that it repeats without a seam, and none lies on another', () => {
  fc.assert(
    fc.property(hex, (circle) => {
      for (const row of [0, 1]) {
        const bricks = weave(circle).filter(({ y }) => y >= row * 8 && y < row * 8 + 8);
        let x = 0;
        for (const brick of bricks) {
          expect(brick.x).toBe(x);
          x += brick.width + 1;
        }
        expect(x).toBe(TILE.width);
      }
    }),
  );
});
