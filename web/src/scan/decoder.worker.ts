/** Looks for a QR code in pictures, off the page's thread: the browser's own detector where it has one. */
import decodeQR from 'qr/decode.js';
import type { DecodeReply, DecodeRequest } from './messages.ts';

interface Detector {
  detect(image: ImageData): Promise<readonly { readonly rawValue: string }[]>;
}
type DetectorClass = new (options: { formats: readonly string[] }) => Detector;

const FRAME_MS = 120;
const PHOTO_MS = 2500;

const createDetector = (): Detector | null => {
  const found: unknown = Reflect.get(globalThis, 'BarcodeDetector');
  // a shop's barcode is recognised too, so that the screen can say what it is
  return typeof found === 'function'
    ? new (found as DetectorClass)({ formats: ['qr_code', 'ean_13'] })
    : null;
};

const bySoftware = ({ width, height, pixels, still }: DecodeRequest): string | null => {
  try {
    const image = { width, height, data: new Uint8ClampedArray(pixels) };
    return decodeQR(image, { format: 'RGBA', timeLimit: still ? PHOTO_MS : FRAME_MS });
  } catch {
    return null; // the library throws where there is no code
  }
};

const startDecoder = (): void => {
  let detector = createDetector();
  const decode = async (request: DecodeRequest): Promise<string | null> => {
    if (detector) {
      try {
        const { width, height, pixels } = request;
        const [code] = await detector.detect(new ImageData(new Uint8ClampedArray(pixels), width, height));
        if (code) return code.rawValue;
      } catch {
        detector = null; // some systems have the class without the service behind it
      }
    }
    return bySoftware(request);
  };
  addEventListener('message', ({ data }: MessageEvent<DecodeRequest>) => {
    void decode(data).then((text) => {
      const reply: DecodeReply = { id: data.id, text };
      postMessage(reply);
    });
  });
};

startDecoder();
