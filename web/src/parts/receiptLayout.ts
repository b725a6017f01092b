/** Where everything of a receipt's picture goes. Pure: how wide a text is, the caller knows. */
import type { ReceiptWords } from './receiptWords.ts';
import { TILE, weave } from './weave.ts';

export interface Font {
  readonly size: number;
  readonly weight: number;
}
export interface PlacedText {
  readonly text: string;
  readonly x: number;
  /** The line of writing. */
  readonly y: number;
  readonly font: Font;
  readonly colour: string;
}
export interface PlacedBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly colour: string;
}
export interface ReceiptLayout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly PlacedBox[];
  readonly texts: readonly PlacedText[];
  /** The slip's torn edge: half circles from here downwards. */
  readonly tear: { readonly x: number; readonly y: number; readonly width: number; readonly colour: string };
}
export type Measure = (text: string, font: Font) => number;

/** Light, whatever the phone shows: paper is. As in tokens.css. */
const COLOURS = { ground: '#f3f6f1', paper: '#ffffff', ink: '#16221c', quiet: '#4a5a51' } as const;
const TONES = ['#155e4b', '#7fb5a1', '#f2b233'] as const;

const WIDTH = 360;
const EDGE = 16;
const LEFT = 2 * EDGE;
const INNER = WIDTH - 4 * EDGE;
const FIGURE: Font = { size: 46, weight: 680 };
const LEAD: Font = { size: 20, weight: 400 };
const BODY: Font = { size: 17, weight: 400 };
const SMALL: Font = { size: 14, weight: 400 };
const LEAST_FIGURE = 20;

/** A text in lines that fit: broken between words, and inside one only where it is too long by itself. */
const wrap = (text: string, width: number, font: Font, measure: Measure): readonly string[] => {
  const lines: string[] = [];
  let line = '';
  const put = (piece: string): void => {
    if (measure(line + piece, font) <= width) line += piece;
    else {
      if (line.trim() !== '') lines.push(line.trimEnd());
      line = piece.trimStart();
    }
  };
  for (const word of text.split(/(?<=\s)/)) {
    if (measure(word.trimEnd(), font) <= width) put(word);
    else for (const letter of word) put(letter);
  }
  return line.trim() === '' ? lines : [...lines, line.trimEnd()];
};

const weaveBoxes = (circle: string, x: number, y: number, width: number): readonly PlacedBox[] => {
  const boxes: PlacedBox[] = [];
  for (let tile = 0; tile * TILE.width < width; tile++)
    for (const brick of weave(circle)) {
      const left = tile * TILE.width + brick.x;
      const seen = Math.min(brick.width, width - left);
      if (seen > 0)
        boxes.push({
          x: x + left,
          y: y + brick.y,
          width: seen,
          height: brick.height,
          colour: TONES[brick.tone],
        });
    }
  return boxes;
};

/** Puts the texts one below the other, as the slip on the screen has them. */
export const layOutReceipt = (
  words: ReceiptWords,
  circle: string,
  note: string,
  measure: Measure,
): ReceiptLayout => {
  const texts: PlacedText[] = [];
  let y = EDGE + TILE.height;
  const write = (text: string, font: Font, colour: string, gap: number): void => {
    y += gap;
    for (const part of wrap(text, INNER, font, measure)) {
      y += font.size * 1.3;
      texts.push({ text: part, x: LEFT, y, font, colour });
    }
  };
  const fact = (label: string, value: string): void => {
    const width = measure(value, BODY);
    if (measure(label, BODY) + EDGE + width > INNER) {
      write(label, SMALL, COLOURS.quiet, 10);
      write(value, BODY, COLOURS.ink, 0);
      return;
    }
    write(label, BODY, COLOURS.quiet, 10);
    texts.push({ text: value, x: LEFT + INNER - width, y, font: BODY, colour: COLOURS.ink });
  };
  write(words.circle, SMALL, COLOURS.quiet, 8);
  const unitWidth = words.unit === '' ? 0 : measure(` ${words.unit}`, LEAD);
  let figure = FIGURE;
  while (measure(words.figure, figure) + unitWidth > INNER && figure.size > LEAST_FIGURE)
    figure = { ...figure, size: figure.size - 2 };
  write(words.figure, figure, COLOURS.ink, 0);
  const end = LEFT + measure(words.figure, figure);
  if (end + unitWidth <= LEFT + INNER)
    texts.push({ text: ` ${words.unit}`, x: end, y, font: LEAD, colour: COLOURS.ink });
  else write(words.unit, LEAD, COLOURS.ink, 0);
  write(words.who, LEAD, COLOURS.ink, 6);
  y += 8;
  for (const { label, value } of words.facts) fact(label, value);
  write(note, SMALL, COLOURS.quiet, 18);
  const bottom = Math.ceil(y + EDGE);
  const paper = { x: EDGE, y: EDGE, width: WIDTH - 2 * EDGE };
  const height = bottom + 8 + EDGE;
  return {
    width: WIDTH,
    height,
    boxes: [
      { x: 0, y: 0, width: WIDTH, height, colour: COLOURS.ground },
      { ...paper, height: bottom - EDGE, colour: COLOURS.paper },
      ...weaveBoxes(circle, paper.x, paper.y, paper.width),
    ],
    texts,
    tear: { x: EDGE, y: bottom, width: paper.width, colour: COLOURS.paper },
  };
};
