import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dayOf, readMeetings, writtenMeetings, type Meeting } from '../src/words/meetings.ts';

const MILL: Meeting = {
  date: '2026-12-06',
  place: 'The mill',
  agenda: 'Bread prices\nThe roof',
  minutes: 'Ten dors an hour.\n\nPere mends the roof.',
};
test('a meeting reads as it was written, beside others and what begins like a mark', () => {
  const odd: Meeting = { date: '', place: 'School yard', agenda: '# 1 flour\n## 2\n\\ 3', minutes: '' };
  const text = writtenMeetings([MILL, odd]);
  expect(text.split('\n')[0]).toBe('# 2026-12-06 The mill');
  expect(readMeetings(text)).toEqual([MILL, odd]);
  expect(writtenMeetings(readMeetings(text))).toBe(text);
});
test('what somebody else wrote there is read as far as it goes, and nothing of it is lost', () => {
  expect(readMeetings('')).toEqual([]);
  expect(readMeetings('We meet on Sunday.\n# 2026-12-06\nBread')).toEqual([
    { date: '', place: '', agenda: 'We meet on Sunday.', minutes: '' },
    { date: '2026-12-06', place: '', agenda: 'Bread', minutes: '' },
  ]);
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('#', ' ', '\n', '\\', 'a', '2026-12-06') }), (text) => {
      const once = readMeetings(text);
      expect(readMeetings(writtenMeetings(once))).toEqual(once);
    }),
  );
});
test('a day of the calendar is told from what only looks like one', () => {
  expect(new Date((dayOf('2026-12-06') ?? 0) * 1000).getDate()).toBe(6);
  expect([dayOf(''), dayOf('2026-02-30'), dayOf('2026-13-01')]).toEqual([null, null, null]);
});
