/** Long side of what is looked at: enough for a full code held at arm's length, small enough for a slow phone. */
const FRAME_SIDE = 960;
const PHOTO_SIDE = 1600;

const draw = (source: CanvasImageSource, width: number, height: number, side: number): ImageData | null => {
  const scale = Math.min(1, side / Math.max(width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context || canvas.width === 0 || canvas.height === 0) return null;
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
};

/** What the camera sees now; null before its first frame. */
export const pictureOfVideo = (video: HTMLVideoElement): ImageData | null =>
  video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA
    ? null
    : draw(video, video.videoWidth, video.videoHeight, FRAME_SIDE);

/** A photo from the phone; null when the file is no picture. */
export const pictureOfFile = async (file: Blob): Promise<ImageData | null> => {
  try {
    const bitmap = await createImageBitmap(file);
    const picture = draw(bitmap, bitmap.width, bitmap.height, PHOTO_SIDE);
    bitmap.close();
    return picture;
  } catch {
    return null;
  }
};
