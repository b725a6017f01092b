import { layOutReceipt } from './receiptLayout.ts';
import type { Font, ReceiptLayout } from './receiptLayout.ts';
import type { ReceiptWords } from './receiptWords.ts';

/** Pixels for each unit of the layout: sharp on a phone, and about 100 kB. */
const SCALE = 2;
/** The teeth of the torn edge are about so wide, with a gap between them, as on the screen. */
const TOOTH = 16;
const GAP = 2;

const draw = (
  context: CanvasRenderingContext2D,
  layout: ReceiptLayout,
  css: (font: Font) => string,
): void => {
  for (const { x, y, width, height, colour } of layout.boxes) {
    context.fillStyle = colour;
    context.fillRect(x, y, width, height);
  }
  const { tear } = layout;
  context.fillStyle = tear.colour;
  const teeth = Math.round(tear.width / TOOTH);
  const step = tear.width / teeth;
  for (let tooth = 0; tooth < teeth; tooth++) {
    context.beginPath();
    context.arc(tear.x + (tooth + 0.5) * step, tear.y, (step - GAP) / 2, 0, Math.PI);
    context.fill();
  }
  for (const { text, x, y, font, colour } of layout.texts) {
    context.font = css(font);
    context.fillStyle = colour;
    context.fillText(text, x, y);
  }
};

/** The receipt as a picture, drawn on this phone. `note` says what a picture is worth. Throws where there is no canvas. */
export const receiptPicture = async (words: ReceiptWords, circle: string, note: string): Promise<Blob> => {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas to draw on');
  const family = getComputedStyle(document.body).fontFamily;
  const css = ({ size, weight }: Font): string => `${weight} ${size}px ${family}`;
  // a canvas waits for no letters; those of the names may not have come yet
  const every = [words.circle, words.who, note, ...words.facts.map(({ value }) => value)].join(' ');
  await document.fonts.load(css({ size: 17, weight: 400 }), every).catch(() => undefined);
  const layout = layOutReceipt(words, circle, note, (text, font) => {
    context.font = css(font);
    return context.measureText(text).width;
  });
  canvas.width = layout.width * SCALE;
  canvas.height = layout.height * SCALE;
  context.scale(SCALE, SCALE);
  draw(context, layout, css);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture was made'))), 'image/png'),
  );
};
