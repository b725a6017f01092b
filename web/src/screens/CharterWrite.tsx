import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { useLocation } from 'preact-iso';
import { useAllWords, useApp, useCircle } from '../app/app.ts';
import { useAsk } from '../app/useAsk.ts';
import { Notice } from '../parts/Notice.tsx';
import { Refused } from '../parts/Refused.tsx';
import { Screen } from '../parts/Screen.tsx';

/** Writing the charter. What others wrote meanwhile is kept; the text as it then stands is shown. */
export default function CharterWrite(): VNode {
  const app = useApp();
  const m = useAllWords();
  const circle = useCircle();
  const { route } = useLocation();
  const { busy, refusal, ask } = useAsk();
  const [base] = useState(circle.governing.charter);
  const [text, setText] = useState(base);
  const save = async (): Promise<void> => {
    const answer = await ask((intents) => intents.writeCharter(base, text));
    if (!answer.ok) return;
    const view = app.engine.peek().view.peek();
    const isAsWritten = view.stage === 'circle' && view.view.governing.charter.trim() === text.trim();
    app.toast.value = { text: isAsWritten ? m.charter_saved() : m.charter_merged() };
    route('/circle/charter', true);
  };
  return (
    <Screen title={m.charter()} back="/circle/charter" bar={false}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void save();
        }}
      >
        <Notice drawing="book" tone="calm">
          <p>{m.charter_for_good()}</p>
        </Notice>
        <div class="field">
          <label for="charter">{m.charter_text()}</label>
          <textarea
            id="charter"
            rows={14}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </div>
        <Refused refusal={refusal} />
        <div class="pair">
          <button class="button broad" type="submit" disabled={busy || text === base} aria-busy={busy}>
            {m.charter_save()}
          </button>
          <a class="button second" href="/circle/charter">
            {m.cancel()}
          </a>
        </div>
      </form>
    </Screen>
  );
}
