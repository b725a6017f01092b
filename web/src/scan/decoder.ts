import type { DecodeReply, DecodeRequest } from './messages.ts';

/** Finds a code in a picture. One picture at a time: the next is asked for when the answer is there. */
export interface Decoder {
  /** The text of the code; null when there is none. Rejects when the decoder could not be loaded. */
  decode(picture: ImageData, still: boolean): Promise<string | null>;
  stop(): void;
}

/** Starts the decoding worker. */
export const startDecoder = (): Decoder => {
  const worker = new Worker(new URL('./decoder.worker.ts', import.meta.url), { type: 'module' });
  const waiting = new Map<
    number,
    { resolve: (text: string | null) => void; reject: (fault: Error) => void }
  >();
  let next = 0;
  worker.addEventListener('message', ({ data }: MessageEvent<DecodeReply>) => {
    waiting.get(data.id)?.resolve(data.text);
    waiting.delete(data.id);
  });
  worker.addEventListener('error', (event) => {
    for (const { reject } of waiting.values()) reject(new Error(event.message || 'decoder'));
    waiting.clear();
  });
  return {
    decode: (picture, still) =>
      new Promise((resolve, reject) => {
        const id = next++;
        waiting.set(id, { resolve, reject });
        const { width, height } = picture;
        const pixels = picture.data.buffer as ArrayBuffer;
        const request: DecodeRequest = { id, width, height, pixels, still };
        worker.postMessage(request, [pixels]);
      }),
    stop: () => worker.terminate(),
  };
};
