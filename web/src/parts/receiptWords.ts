import type { CircleView, LineView } from '@corridor/peer';
import type { Format } from '../app/format.ts';
import type { Words } from '../words/language.ts';
import { needText } from '../words/needs.ts';
import { fullDayAndTime } from '../words/when.ts';

/** A receipt for somebody else's eyes: both people by name, the year with the day, and how far it had come by when. */
export interface ReceiptWords {
  readonly title: string;
  readonly circle: string;
  /** "12.00" and "dors"; a gift has its word and no unit. */
  readonly figure: string;
  readonly unit: string;
  readonly who: string;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
}

/** How far it has come, as it reads on another phone. */
const stateWords = (m: Words, state: LineView['state']): string => {
  switch (state) {
    case 'on-this-phone':
      return m.state_signed_only();
    case 'they-have-it':
      return m.state_both_have_it();
    case 'final':
      return m.state_final();
    case 'closed':
      return m.state_closed();
    case 'needs-a-talk':
      return m.state_needs_a_talk();
    case 'cannot-count':
      return m.state_cannot_count();
    case 'overtaken':
      return m.state_overtaken();
  }
};

/** `now` in unix seconds: the state is true of this moment only, and says so. */
export const receiptWords = (
  m: Words,
  format: Format,
  circle: CircleView,
  line: LineView,
  now: number,
): ReceiptWords => {
  const people = { payer: line.payerName || m.someone(), payee: line.payeeName || m.someone() };
  const gift = line.amount === 0;
  const { tag } = format.style;
  return {
    title: `${m.receipt()} ${line.code}`,
    circle: circle.name,
    figure: gift ? m.gift() : format.amount(line.amount),
    unit: gift ? '' : format.unitOf(line.amount),
    who: gift ? m.slip_gift_others(people) : m.slip_others(people),
    facts: [
      ...(line.memo === '' ? [] : [{ label: m.slip_for(), value: line.memo }]),
      ...(line.need ? [{ label: m.slip_met(), value: needText(m, format, line.need) }] : []),
      { label: m.slip_when(), value: fullDayAndTime(line.at, tag) },
      { label: m.receipt(), value: line.code },
      { label: m.slip_as_of({ when: fullDayAndTime(now, tag) }), value: stateWords(m, line.state) },
    ],
  };
};

/** The receipt as a few lines to send. */
export const receiptText = ({ circle, figure, unit, who, facts }: ReceiptWords): string =>
  [
    `${who}: ${`${figure} ${unit}`.trim()}`,
    ...facts.map(({ label, value }) => `${label}: ${value}`),
    circle,
  ].join('\n');
