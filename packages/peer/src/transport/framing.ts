import type { Result } from '@corridor/ledger';
import { MAX_FRAME_BYTES } from './limits.ts';

const HEADER_BYTES = 4;

export type FrameFault = { readonly fault: 'frame-too-long'; readonly bytes: number };

/** One frame: the message's length in 4 bytes, big end first, then the message. */
export function encodeFrame(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(HEADER_BYTES + message.length);
  new DataView(frame.buffer).setUint32(0, message.length);
  frame.set(message, HEADER_BYTES);
  return frame;
}

export interface FrameDecoder {
  /**
   * Takes bytes as they come and returns the messages that are now whole, each in a buffer of its own.
   * A length above {@link MAX_FRAME_BYTES} is a fault before anything is allocated for it [I16].
   */
  push(bytes: Uint8Array): Result<readonly Uint8Array<ArrayBuffer>[], FrameFault>;
}

export function createFrameDecoder(maxBytes: number = MAX_FRAME_BYTES): FrameDecoder {
  const header = new Uint8Array(HEADER_BYTES);
  const headerView = new DataView(header.buffer);
  let headerFilled = 0;
  let body: Uint8Array<ArrayBuffer> | undefined;
  let bodyFilled = 0;

  return {
    push(bytes) {
      const messages: Uint8Array<ArrayBuffer>[] = [];
      let at = 0;
      while (at < bytes.length) {
        if (body === undefined) {
          const part = bytes.subarray(at, at + HEADER_BYTES - headerFilled);
          header.set(part, headerFilled);
          headerFilled += part.length;
          at += part.length;
          if (headerFilled < HEADER_BYTES) break;
          const length = headerView.getUint32(0);
          if (length > maxBytes) return { ok: false, fault: { fault: 'frame-too-long', bytes: length } };
          body = new Uint8Array(length);
          bodyFilled = 0;
        }
        const part = bytes.subarray(at, at + body.length - bodyFilled);
        body.set(part, bodyFilled);
        bodyFilled += part.length;
        at += part.length;
        if (bodyFilled === body.length) {
          messages.push(body);
          body = undefined;
          headerFilled = 0;
        }
      }
      return { ok: true, value: messages };
    },
  };
}
