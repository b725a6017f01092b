import { numberFormat } from './formatters.ts';

/** Amounts are integers of minor units everywhere; these turn them into words and back. */
export interface AmountStyle {
  /** The tag for Intl, e.g. "es-ES". */
  readonly tag: string;
  /** Digits after the point: minor units per unit = 10^decimals. */
  readonly decimals: number;
}

const MINUS = '\u2212';

/** 4250 → "42.50". The minus is U+2212; `sign: 'always'` writes the plus too, as lists do. */
export const formatAmount = (
  minor: number,
  style: AmountStyle,
  sign: 'minus' | 'always' | 'never' = 'minus',
): string => {
  const digits = { minimumFractionDigits: style.decimals, maximumFractionDigits: style.decimals };
  const size = numberFormat(style.tag, digits).format(Math.abs(minor) / 10 ** style.decimals);
  if (sign === 'never' || minor === 0) return size;
  if (minor < 0) return MINUS + size;
  return sign === 'always' ? `+${size}` : size;
};

/** 15000 → "150", 4250 → "42.50": round figures without their zeros, for limits and chips. */
export const formatShort = (minor: number, style: AmountStyle): string =>
  formatAmount(minor, minor % 10 ** style.decimals === 0 ? { ...style, decimals: 0 } : style).replace(
    formatAmount(minor, { ...style, decimals: 0 }),
    formatAmount(Math.trunc(minor / 10 ** style.decimals), { ...style, decimals: 0 }),
  );

/** The sign between whole units and parts in this language. */
export const decimalSign = (tag: string): string =>
  numberFormat(tag, {})
    .formatToParts(1.5)
    .find((part) => part.type === 'decimal')?.value ?? '.';

/** Reads what a person typed; null when it is no amount (letters, too many decimals, 2^40 or more). */
export const parseAmount = (text: string, decimals: number): number | null => {
  const match = /^(\d{0,12})(?:[.,](\d*))?$/.exec(text.trim());
  const [, whole = '', parts = ''] = match ?? [];
  if (!match || (whole === '' && parts === '') || parts.length > decimals) return null;
  const minor = Number(whole + parts.padEnd(decimals, '0'));
  return minor < 2 ** 40 ? minor : null;
};

/** What stands in the amount field for an amount: plain digits, no grouping. */
export const amountText = (minor: number, style: AmountStyle): string => {
  const digits = String(minor).padStart(style.decimals + 1, '0');
  if (style.decimals === 0) return digits;
  return digits.slice(0, -style.decimals) + decimalSign(style.tag) + digits.slice(-style.decimals);
};

/** The field's text after a keypad key: a digit, the decimal sign, or 'erase'. Keys that make no amount do nothing. */
export const pressKey = (text: string, key: string, style: AmountStyle): string => {
  if (key === 'erase') return text.slice(0, -1);
  const next = text === '0' && /^\d$/.test(key) ? key : text + key;
  const complete = /[.,]$/.test(next) ? `${next}0` : next;
  if (style.decimals === 0 && /[.,]/.test(next)) return text;
  return parseAmount(complete, style.decimals) === null
    ? text
    : next === key && /[.,]/.test(key)
      ? `0${key}`
      : next;
};
