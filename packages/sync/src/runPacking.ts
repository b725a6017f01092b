/** Fills messages with runs of items, up to a number of bytes, and never a byte over it. */
import { MAX_FEED_BYTES } from './feedCode.ts';
import { MAX_RUNS, MAX_RUN_ITEMS } from './limits.ts';
import { itemBytes } from './messageCodec.ts';
import type { SealedItem } from './shelf.ts';

/** A message's type and the number of its runs. */
const MESSAGE_HEAD = 1 + 3;
/** A run's name, first seq and number of items. */
const RUN_HEAD = MAX_FEED_BYTES + 5 + 2;

export interface RunPacker {
  /** Bytes that items of one more run may take; not above 0 if there is no room for one. */
  readonly room: () => number;
  /** Takes the first of `items` that fit as one run, and says how many those are. */
  readonly take: (items: readonly SealedItem[]) => number;
  /** Takes a run of nothing. */
  readonly takeEmpty: () => void;
}

/** Packs one message of at most `maxBytes`. */
export const createRunPacker = (maxBytes: number): RunPacker => {
  let used = MESSAGE_HEAD;
  let runs = 0;
  const room = (): number => (runs < MAX_RUNS ? maxBytes - used - RUN_HEAD : 0);
  return {
    room,
    take: (items) => {
      let left = room();
      let count = 0;
      for (const item of items) {
        const bytes = itemBytes(item);
        if (bytes > left || count === MAX_RUN_ITEMS) break;
        left -= bytes;
        count++;
      }
      if (count === 0) return 0;
      used = maxBytes - left;
      runs++;
      return count;
    },
    takeEmpty: () => {
      used += RUN_HEAD;
      runs++;
    },
  };
};
