import type { VNode } from 'preact';
import { useAllWords, useApp, useCircle } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import { Screen } from '../parts/Screen.tsx';
import { dayOf, readMeetings, type Meeting } from '../words/meetings.ts';
import '../style/governing.css';

/** As the author broke the lines. */
function Lines({ text }: { readonly text: string }): VNode {
  return (
    <div class="stack tight charter">
      {text.split(/\n+/).map((line, at) => (
        <p key={at}>
          <bdi>{line}</bdi>
        </p>
      ))}
    </div>
  );
}

/** When and where the circle meets, what for, and what came of it: the newest day first. */
export default function Meetings(): VNode {
  const m = useAllWords();
  const format = useFormat();
  const { now } = useApp();
  const meetings = readMeetings(useCircle().governing.meetings).map((meeting, place) => ({ meeting, place }));
  const sorted = meetings.toSorted((a, b) => (a.meeting.date < b.meeting.date ? 1 : -1));
  const title = ({ date }: Meeting): string => {
    const day = dayOf(date);
    return day === null ? m.meeting_no_day() : format.day(day);
  };
  return (
    <Screen title={m.meetings()} back="/circle">
      {sorted.length === 0 && <p class="quiet">{m.meetings_empty()}</p>}
      {sorted.map(({ meeting, place }) => {
        const day = dayOf(meeting.date);
        return (
          <section class="meeting" key={place}>
            <h2>
              {title(meeting)}
              {day !== null && day > now.value && <span class="quiet"> · {m.meeting_ahead()}</span>}
            </h2>
            {meeting.place !== '' && (
              <p>
                <bdi>{meeting.place}</bdi>
              </p>
            )}
            {meeting.agenda !== '' && (
              <>
                <h3 class="small quiet">{m.meeting_agenda()}</h3>
                <Lines text={meeting.agenda} />
              </>
            )}
            {meeting.minutes !== '' && (
              <>
                <h3 class="small quiet">{m.meeting_minutes()}</h3>
                <Lines text={meeting.minutes} />
              </>
            )}
            <p class="does">
              <a href={`/circle/meetings/${place}`}>
                {meeting.minutes === '' ? m.meeting_write_minutes() : m.meeting_change()}
              </a>
            </p>
          </section>
        );
      })}
      <div class="foot">
        <a class="button second wide" href="/circle/meetings/new">
          {m.meeting_new()}
        </a>
      </div>
    </Screen>
  );
}
