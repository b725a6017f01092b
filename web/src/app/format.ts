import type { UnitView } from '@corridor/peer';
import { formatAmount, formatShort } from '../words/amount.ts';
import type { AmountStyle } from '../words/amount.ts';
import { formatTag } from '../words/language.ts';
import { numberFormat } from '../words/formatters.ts';
import { unitName, unitWord } from '../words/unit.ts';
import { clockTime, dayAndTime, dayHeading, fullDay, shortWhen } from '../words/when.ts';
import { useApp, useCircle } from './app.ts';

/** Amounts and times in the words of this circle, this language and this phone. */
export interface Format {
  readonly style: AmountStyle;
  readonly unit: string;
  /** "42.50" */
  amount(minor: number): string;
  /** "+42.50" */
  signed(minor: number): string;
  /** "150": whole units without their zeros. */
  short(minor: number): string;
  /** "dor", "dors" */
  unitOf(minor: number): string;
  /** "12.00 dors" */
  full(minor: number): string;
  number(value: number): string;
  time(at: number): string;
  /** "21 Nov 2026" */
  day(at: number): string;
  dayAndTime(at: number): string;
  shortWhen(at: number): string;
  dayHeading(at: number): string;
}

/** The format for any unit, also one that is read from an invite. `now` in unix seconds. */
export const createFormat = (unit: UnitView, tag: string, now: number): Format => {
  const style = { tag, decimals: unit.decimals };
  const unitOf = (minor: number): string => unitWord(unit.name, minor, unit.decimals, tag);
  const amount = (minor: number): string => formatAmount(minor, style);
  return {
    style,
    unit: unitName(unit.name),
    amount,
    signed: (minor) => formatAmount(minor, style, 'always'),
    short: (minor) => formatShort(minor, style),
    unitOf,
    full: (minor) => `${amount(minor)} ${unitOf(minor)}`,
    number: (value) => numberFormat(tag, {}).format(value),
    time: (at) => clockTime(at, tag),
    day: (at) => fullDay(at, tag),
    dayAndTime: (at) => dayAndTime(at, now, tag),
    shortWhen: (at) => shortWhen(at, now, tag),
    dayHeading: (at) => dayHeading(at, now, tag),
  };
};

/** The tag that numbers and dates are written in now. */
export const useFormatTag = (): string => formatTag(useApp().language.value, navigator.languages);

/** The format of a unit that is not (yet) the circle's on screen. */
export const useFormatOf = (unit: UnitView): Format => {
  return createFormat(unit, useFormatTag(), useApp().now.value);
};
/** The format of the circle on screen. */
export const useFormat = (): Format => useFormatOf(useCircle().unit);
