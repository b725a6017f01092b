/** The erasable texts we ask for [E6]: a bounded number at once, the rest as answers come. */
import type { TextHash } from '@corridor/ledger';
import { MAX_TEXTS_ASKED, MAX_TEXTS_PER_MESSAGE, MAX_TEXTS_QUEUED } from './limits.ts';
import { encodeMessage } from './messageCodec.ts';
import type { TextAnswer } from './messages.ts';

export interface TextRequests {
  /** Beyond {@link MAX_TEXTS_QUEUED} the rest is left out; the host asks again. */
  readonly add: (hashes: readonly TextHash[]) => void;
  /** WANT_TEXT messages that may go now. */
  readonly next: () => readonly Uint8Array[];
  /** False: one of them was never asked for. */
  readonly receive: (texts: readonly TextAnswer[]) => boolean;
  readonly waiting: () => boolean;
}

export const createTextRequests = (): TextRequests => {
  const queue = new Set<TextHash>();
  const asked = new Set<TextHash>();
  return {
    add: (hashes) => {
      for (const hash of hashes) if (!asked.has(hash) && queue.size < MAX_TEXTS_QUEUED) queue.add(hash);
    },
    next: () => {
      const messages: Uint8Array[] = [];
      while (queue.size > 0 && asked.size < MAX_TEXTS_ASKED) {
        const count = Math.min(MAX_TEXTS_PER_MESSAGE, MAX_TEXTS_ASKED - asked.size);
        const hashes = [...queue].slice(0, count);
        for (const hash of hashes) {
          queue.delete(hash);
          asked.add(hash);
        }
        messages.push(encodeMessage({ type: 'wantText', hashes }));
      }
      return messages;
    },
    receive: (texts) => texts.every((text) => asked.delete(text.hash)),
    waiting: () => asked.size > 0,
  };
};
