import type { Stream } from '@libp2p/interface';
import { createFrameDecoder, encodeFrame } from './framing.ts';
import { MAX_FRAME_BYTES, MAX_QUEUED_BYTES } from './limits.ts';

/** Whole messages over one libp2p stream. */
export interface MessageStream {
  /** False when the stream is over, the message is too long, or the queue would pass MAX_QUEUED_BYTES. */
  send(message: Uint8Array): boolean;
  /** Bytes accepted and not yet handed to the connection. */
  queued(): number;
  /** Ends the stream at once in both directions; `ended` is told. */
  abort(reason: string): void;
}

export interface MessageStreamEvents {
  readonly message: (bytes: Uint8Array<ArrayBuffer>) => void;
  /** Once, when no more messages will come or go. */
  readonly ended: (reason: string) => void;
}

/**
 * Frames messages on `stream`. The queue is our own: the stream's has no bound, and its onDrain() resolves
 * at once after its first use, so the writer waits for the 'drain' event.
 */
export function overStream(stream: Stream, events: MessageStreamEvents): MessageStream {
  const decoder = createFrameDecoder();
  const queue: Uint8Array[] = [];
  let queuedBytes = 0;
  let over = false;

  const end = (reason: string): void => {
    if (over) return;
    over = true;
    queue.length = 0;
    queuedBytes = 0;
    events.ended(reason);
  };
  const abort = (reason: string): void => {
    if (over) return;
    stream.abort(new Error(reason));
    end(reason);
  };
  const pump = (): void => {
    while (!over && !stream.writableNeedsDrain) {
      const frame = queue.shift();
      if (frame === undefined) return;
      queuedBytes -= frame.length;
      try {
        stream.send(frame);
      } catch {
        abort('the stream no longer takes bytes');
      }
    }
  };

  stream.addEventListener('message', ({ data }) => {
    if (over) return;
    const pushed = decoder.push(data.subarray());
    if (!pushed.ok) {
      abort(`a frame of ${pushed.fault.bytes} bytes`);
      return;
    }
    for (const message of pushed.value) {
      if (over) return;
      events.message(message);
    }
  });
  // The stream empties its own buffer in a microtask of this event: ours comes after it.
  stream.addEventListener('drain', () => queueMicrotask(pump));
  stream.addEventListener('remoteCloseWrite', () => abort('the other side closed the stream'));
  stream.addEventListener('close', ({ error }) => end(error?.message ?? 'closed'));
  if (stream.status !== 'open') queueMicrotask(() => end('closed'));

  return {
    send(message) {
      if (over || message.length > MAX_FRAME_BYTES) return false;
      if (queuedBytes + stream.writeBufferLength + message.length > MAX_QUEUED_BYTES) return false;
      const frame = encodeFrame(message);
      queue.push(frame);
      queuedBytes += frame.length;
      pump();
      return !over;
    },
    queued: () => queuedBytes + stream.writeBufferLength,
    abort,
  };
}
