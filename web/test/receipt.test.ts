import { describe, expect, test } from 'vitest';
import type { CircleView, LineView } from '@corridor/peer';
import { createFormat } from '../src/app/format.ts';
import { readReceiptLink, receiptLink } from '../src/app/receiptLink.ts';
import { startDemo } from '../src/engine/demo.ts';
import { receiptFileName, receiptFileText } from '../src/parts/receiptFile.ts';
import { layOutReceipt } from '../src/parts/receiptLayout.ts';
import type { Font } from '../src/parts/receiptLayout.ts';
import { receiptText, receiptWords } from '../src/parts/receiptWords.ts';
import { plainWords } from './plainWords.ts';

const words = plainWords('en');
const AT = Date.UTC(2026, 10, 21, 10, 42) / 1000;
const NOW = AT + 3600;
const format = createFormat({ name: 'dor/dors', decimals: 2 }, 'en-GB', NOW);
const circle = (): CircleView => {
  const view = startDemo('en', [], 'https://corridor.example').view.peek();
  if (view.stage !== 'circle') throw new Error(view.stage);
  return view.view;
};
const line = (view: CircleView, change: Partial<LineView> = {}): LineView => {
  const incoming = view.lines.find(({ direction }) => direction === 'in');
  if (!incoming) throw new Error('nobody paid');
  const fields = {
    payerName: 'Ben',
    payeeName: 'Ana',
    amount: 1200,
    memo: 'Jam',
    need: null,
    at: AT,
  } as const;
  return { ...incoming, ...fields, code: 'K7QM 2F9D', state: 'final', ...change };
};
const read = (change: Partial<LineView> = {}) => {
  const view = circle();
  const one = line(view, change);
  return { view, one, said: receiptWords(words, format, view, one, NOW) };
};

describe('a receipt that leaves the phone', () => {
  test('names both people, the day with its year, and how far it had come by when', () => {
    const text = receiptText(read().said);
    expect(text).toContain('Ben paid Ana: 12.00 dors');
    expect(text).toContain('For: Jam');
    expect(text).toMatch(/When: Sat 21 Nov 2026, \d\d:42/);
    expect(text).toContain('Receipt: K7QM 2F9D');
    expect(text).toMatch(/As of Sat 21 Nov 2026, \d\d:42: Final/);
    expect(text).toContain('Valldor');
  });

  test('says of a payment that only its payer holds that it is not handed over, and of a gift that it is one', () => {
    expect(receiptText(read({ state: 'on-this-phone' }).said)).toContain('Signed, not handed over');
    expect(receiptText(read({ amount: 0, memo: '' }).said)).toMatch(/^Ben gave to Ana: Gift\nWhen: /);
  });

  test('as a file it carries what can be checked, and leads whoever has the book to the entry', () => {
    const { view, one, said } = read();
    const link = receiptLink('https://corridor.example', one.id);
    const text = receiptFileText(words, said, view, one, link);
    for (const part of [one.id, view.circle, one.code, '2026-11-21T10:42:00Z', '12.00 dors', 'Final'])
      expect(text).toContain(part);
    expect(readReceiptLink(text)).toBe(one.id);
    expect(receiptFileName(one)).toBe('corridor-K7QM-2F9D');
  });

  test('a link to a receipt is told from other links and texts', () => {
    const id = '0123456789abcdef'.repeat(4);
    expect(readReceiptLink(`See https://corridor.example/#r=${id}.`)).toBe(id);
    for (const other of [`#r=${id}0`, `#r=${id.slice(1)}`, `#p=${id}`, id, 'CORRIDOR:ABC', ''])
      expect(readReceiptLink(other), other).toBeNull();
  });
});

describe('the picture of a receipt', () => {
  /** Letters of one width: whatever fits so, fits with real ones nearby. */
  const measure = (text: string, { size }: Font): number => text.length * size * 0.6;
  const LONG = 'Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogoch';

  test('shows every fact of it inside the paper, one below the other', () => {
    const { view, said } = read();
    const { texts, boxes, width, height } = layOutReceipt(said, view.circle, 'A note.', measure);
    const shown = texts.map(({ text }) => text.trim()).join(' ');
    for (const part of ['Valldor', '12.00', 'dors', 'Ben paid Ana', 'Jam', 'K7QM 2F9D', 'Final', 'A note.'])
      expect(shown).toContain(part);
    for (const { x, y, width: wide, height: high } of boxes) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x + wide).toBeLessThanOrEqual(width);
      expect(y + high).toBeLessThanOrEqual(height);
    }
  });

  test.each([
    ['a long name', { payerName: LONG, payeeName: `${LONG} ${LONG}` }],
    ['a long note', { memo: 'Jam and two cheeses, '.repeat(12) }],
    ['a large amount', { amount: 109_951_162_777 }],
  ])('holds %s: nothing is cut off and nothing is lost', (_, change) => {
    const { view, said } = read(change);
    const { texts, width, height } = layOutReceipt(said, view.circle, 'A note.', measure);
    for (const { text, x, y, font } of texts) {
      expect(x).toBeGreaterThanOrEqual(32);
      expect(x + measure(text, font)).toBeLessThanOrEqual(width - 32 + 0.01);
      expect(y).toBeLessThan(height);
    }
    const letters = (text: string): string => text.replace(/\s/g, '');
    const shown = letters(texts.map(({ text }) => text).join(''));
    for (const part of [said.who, said.figure, ...said.facts.map(({ value }) => value)])
      expect(shown).toContain(letters(part));
  });
});
