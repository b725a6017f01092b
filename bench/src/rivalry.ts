/** What everybody is asked: append so many values of that size one by one, then bring all to a second, empty replica. */
import type { Cost } from './measure.ts';

export interface RivalQuestion {
  readonly entries: number;
  /** Bytes of one value: as many as one unsigned payment has, so that all carry the same. */
  readonly valueBytes: number;
  /** Corridor always seals; the others where they can and are asked to. */
  readonly encrypted: boolean;
}
export interface RivalAnswer {
  readonly append: Cost;
  /** Both replicas' work together, verification included. */
  readonly replicate: Cost;
  readonly arrived: number;
}
/** A value of that length, different each time: hex digits, so that it is the same bytes as text and as binary. */
export const valueOf = (index: number, length: number): string =>
  (Math.imul(index + 1, 0x9e3779b1) >>> 0)
    .toString(16)
    .padStart(8, '0')
    .repeat(Math.ceil(length / 8))
    .slice(0, length);
