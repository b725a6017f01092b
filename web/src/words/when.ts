import { dateFormat, relativeFormat } from './formatters.ts';

/** Times as a neighbour says them: "14:02", "Sat 21 Nov, 10:42", "Tuesday". Unix seconds in. */
const DAY = 86_400;

const dayNumber = (at: number): number => {
  const date = new Date(at * 1000);
  return Math.floor(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 1000 / DAY);
};

/** Whole days between two moments, by the calendar of this phone. */
export const daysBetween = (at: number, now: number): number => dayNumber(now) - dayNumber(at);

export const clockTime = (at: number, tag: string): string =>
  dateFormat(tag, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at * 1000);

/** "Sat 21 Nov, 10:42"; the year only when it is another. */
export const dayAndTime = (at: number, now: number, tag: string): string => {
  const year = new Date(at * 1000).getFullYear() === new Date(now * 1000).getFullYear();
  const day = dateFormat(tag, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    ...(year ? {} : { year: 'numeric' }),
  }).format(at * 1000);
  return `${day.replace(/(?<=\p{L}),(?= \d)/u, '')}, ${clockTime(at, tag)}`;
};

/** "Sat 21 Nov 2026, 10:42": for what leaves the phone and may be read years later. */
export const fullDayAndTime = (at: number, tag: string): string => dayAndTime(at, 0, tag);

/** "21 Nov 2026" */
export const fullDay = (at: number, tag: string): string =>
  dateFormat(tag, { day: 'numeric', month: 'short', year: 'numeric' }).format(at * 1000);

/** "14:02" today, "Tuesday" within the week, else the date. */
export const shortWhen = (at: number, now: number, tag: string): string => {
  const days = daysBetween(at, now);
  if (days <= 0) return clockTime(at, tag);
  if (days < 7) return dateFormat(tag, { weekday: 'long' }).format(at * 1000);
  return fullDay(at, tag);
};

/** The heading of a day in a list. */
export const dayHeading = (at: number, now: number, tag: string): string => {
  const days = daysBetween(at, now);
  if (days <= 1) {
    const word = relativeFormat(tag, { numeric: 'auto' }).format(-Math.max(days, 0), 'day');
    return word.charAt(0).toLocaleUpperCase(tag) + word.slice(1);
  }
  const text = dateFormat(tag, { weekday: 'long', day: 'numeric', month: 'long' }).format(at * 1000);
  return text.charAt(0).toLocaleUpperCase(tag) + text.slice(1);
};
