import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { useLocation, useRoute } from 'preact-iso';
import { useAllWords, useApp, useCircle } from '../app/app.ts';
import { useAsk } from '../app/useAsk.ts';
import { Notice } from '../parts/Notice.tsx';
import { Refused } from '../parts/Refused.tsx';
import { Screen } from '../parts/Screen.tsx';
import { readMeetings, writtenMeetings, type Meeting } from '../words/meetings.ts';

const NEW: Meeting = { date: '', place: '', agenda: '', minutes: '' };

/** Calls a meeting, or writes its minutes. What others wrote meanwhile about other meetings stays. */
export default function MeetingWrite(): VNode {
  const app = useApp();
  const m = useAllWords();
  const circle = useCircle();
  const { route } = useLocation();
  const at = useRoute().params['at'] ?? '';
  const { busy, refusal, ask } = useAsk();
  const [base] = useState(circle.governing.meetings);
  const [known] = useState(() => readMeetings(base));
  const [before] = useState(() => known[Number(at)] ?? NEW);
  const [meeting, setMeeting] = useState(before);
  const put = (change: Partial<Meeting>): void => setMeeting({ ...meeting, ...change });
  const isNew = before === NEW;
  const isChanged = (Object.keys(NEW) as (keyof Meeting)[]).some((key) => meeting[key] !== before[key]);
  const save = async (): Promise<void> => {
    const next = isNew ? [...known, meeting] : known.map((one) => (one === before ? meeting : one));
    const answer = await ask((intents) => intents.writeMeetings(base, writtenMeetings(next)));
    if (!answer.ok) return;
    app.toast.value = { text: m.charter_saved() };
    route('/circle/meetings', true);
  };
  return (
    <Screen title={isNew ? m.meeting_new() : m.meeting()} back="/circle/meetings" bar={false}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (isChanged && !busy) void save();
        }}
      >
        <Notice drawing="book" tone="calm">
          <p>{m.charter_for_good()}</p>
        </Notice>
        <div class="field">
          <label for="day">{m.meeting_day()}</label>
          <input
            id="day"
            type="date"
            required
            max="9999-12-31"
            value={meeting.date}
            onInput={(event) => put({ date: event.currentTarget.value })}
          />
        </div>
        <div class="field">
          <label for="place">{m.meeting_place()}</label>
          <input
            id="place"
            maxLength={120}
            value={meeting.place}
            onInput={(event) => put({ place: event.currentTarget.value })}
          />
        </div>
        <div class="field">
          <label for="agenda">{m.meeting_agenda()}</label>
          <textarea
            id="agenda"
            rows={5}
            value={meeting.agenda}
            onInput={(event) => put({ agenda: event.currentTarget.value })}
          />
        </div>
        <div class="field">
          <label for="minutes">{m.meeting_minutes()}</label>
          <textarea
            id="minutes"
            rows={8}
            aria-describedby="minutes-hint"
            value={meeting.minutes}
            onInput={(event) => put({ minutes: event.currentTarget.value })}
          />
          <p class="hint" id="minutes-hint">
            {m.meeting_minutes_hint()}
          </p>
        </div>
        <Refused refusal={refusal} />
        <div class="pair">
          <button class="button broad" type="submit" disabled={busy || !isChanged} aria-busy={busy}>
            {m.charter_save()}
          </button>
          <a class="button second" href="/circle/meetings">
            {m.cancel()}
          </a>
        </div>
      </form>
    </Screen>
  );
}
