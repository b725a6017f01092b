/**
 * What the circle writes together about its meetings, as one text: a line `# 2026-12-06 The mill` begins a meeting, below
 * it stands the agenda, and below a line `##` the minutes. Reads any text that somebody may have written there.
 */
export interface Meeting {
  /** As in `2026-12-06`; '' if none was written. */
  readonly date: string;
  readonly place: string;
  readonly agenda: string;
  readonly minutes: string;
}
const HEAD = /^# ?(\d{4}-\d\d-\d\d)? ?(.*)$/;
const MINUTES = '##';

const inOneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
/** Words that begin like a mark stand behind a stroke. */
const asWords = (text: string): string => text.trim().replaceAll(/^(?=[#\\])/gm, '\\');
const fromWords = (text: string): string => text.replaceAll(/^\\/gm, '').trim();

export const writtenMeetings = (meetings: readonly Meeting[]): string =>
  meetings
    .map(({ date, place, agenda, minutes }) =>
      [`# ${date} ${inOneLine(place)}`.trimEnd(), asWords(agenda), MINUTES, asWords(minutes)]
        .filter((part) => part !== '')
        .join('\n'),
    )
    .map((meeting) => `${meeting}\n`)
    .join('\n');

/** In the order in which they stand there. What stands before the first of them is the agenda of one without a date. */
export function readMeetings(text: string): readonly Meeting[] {
  const meetings: { date: string; place: string; agenda: string[]; minutes: string[] | null }[] = [];
  for (const line of text.split('\n')) {
    const head = line.startsWith(MINUTES) ? null : HEAD.exec(line);
    let last = meetings.at(-1);
    if (head !== null) {
      meetings.push({ date: head[1] ?? '', place: inOneLine(head[2] ?? ''), agenda: [], minutes: null });
      continue;
    }
    if (last === undefined) {
      if (line.trim() === '') continue;
      last = { date: '', place: '', agenda: [], minutes: null };
      meetings.push(last);
    }
    if (line === MINUTES && last.minutes === null) last.minutes = [];
    else (last.minutes ?? last.agenda).push(line);
  }
  return meetings.map(({ date, place, agenda, minutes }) => ({
    date,
    place,
    agenda: fromWords(agenda.join('\n')),
    minutes: fromWords((minutes ?? []).join('\n')),
  }));
}

/** Noon of that day in unix seconds, so that it is that day everywhere; null for no day of the calendar. */
export function dayOf(date: string): number | null {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const noon = new Date(year, month - 1, day, 12);
  const isDay = noon.getFullYear() === year && noon.getMonth() === month - 1 && noon.getDate() === day;
  return isDay ? Math.floor(noon.getTime() / 1000) : null;
}
