import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { useAllWords, useCircle } from '../app/app.ts';
import { useAsk } from '../app/useAsk.ts';
import { Notice } from '../parts/Notice.tsx';
import { Refused } from '../parts/Refused.tsx';
import { Screen } from '../parts/Screen.tsx';
import { WORDS, WordsField, wordsIn } from '../parts/WordsField.tsx';
import '../style/recovery.css';

/** Tries the words as a new phone would. Nothing is changed, whatever comes of it. */
export default function RecoveryPractise(): VNode {
  const m = useAllWords();
  const { recovery } = useCircle().governing;
  const { busy, refusal, ask } = useAsk();
  const [text, setText] = useState('');
  const [works, setWorks] = useState(false);
  const words = wordsIn(text);
  const practise = async (): Promise<void> => {
    const answer = await ask((intents) => intents.practiseRecovery(words.join(' ')));
    setWorks(answer.ok);
    if (answer.ok) setText('');
  };
  if (recovery.wordsAt === null) {
    return (
      <Screen title={m.recovery_practise()} back="/me/recovery">
        <div class="stack">
          <p class="quiet">{m.recovery_practise_none()}</p>
          <a class="button second" href="/me/recovery/words">
            {m.recovery_make()}
          </a>
        </div>
      </Screen>
    );
  }
  return (
    <Screen title={m.recovery_practise()} back="/me/recovery" bar={false}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (words.length === WORDS && !busy) void practise();
        }}
      >
        <p>{m.recovery_practise_text()}</p>
        <WordsField
          value={text}
          onValue={(next) => {
            setText(next);
            setWorks(false);
          }}
        />
        {works && (
          <Notice drawing="ticks" tone="calm" role="status">
            <p>{m.recovery_works()}</p>
          </Notice>
        )}
        <Refused refusal={refusal} />
        <button class="button wide" type="submit" disabled={busy || words.length !== WORDS} aria-busy={busy}>
          {m.recovery_check()}
        </button>
        {works && (
          <a class="button second wide" href="/me/recovery">
            {m.done()}
          </a>
        )}
      </form>
    </Screen>
  );
}
