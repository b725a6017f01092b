import type { Decoder } from './decoder.ts';
import { pictureOfVideo } from './pictures.ts';

/** Looks at frame after frame until `signal` ends it; calls `onText` for every frame with a code in it. */
export const watchVideo = async (
  video: HTMLVideoElement,
  decoder: Decoder,
  onText: (text: string) => void,
  signal: AbortSignal,
): Promise<void> => {
  const nextFrame = (): Promise<void> => new Promise((resolve) => requestAnimationFrame(() => resolve()));
  while (!signal.aborted) {
    await nextFrame();
    const picture = pictureOfVideo(video);
    if (!picture) continue;
    const text = await decoder.decode(picture, false);
    if (text !== null && !signal.aborted) onText(text);
  }
};
