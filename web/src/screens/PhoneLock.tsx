import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import type { Refusal } from '@corridor/peer';
import { useApp, useWords } from '../app/app.ts';
import { PassphraseField } from '../parts/PassphraseField.tsx';
import { Refused } from '../parts/Refused.tsx';
import { Screen } from '../parts/Screen.tsx';

/** Shorter ones are guessed by whoever holds the phone for an evening. */
const MIN_LENGTH = 8;

/** Sets, changes or takes off the app lock. */
export default function PhoneLock(): VNode {
  const app = useApp();
  const m = useWords();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const tooShort = next.length > 0 && next.length < MIN_LENGTH;
  const set = async (passphrase: string | null): Promise<void> => {
    setBusy(true);
    const answer = await app.engine.value.intents.setLock(passphrase, current === '' ? null : current);
    setBusy(false);
    setRefusal(answer.ok ? null : answer.refusal);
    if (!answer.ok) return;
    setCurrent('');
    setNext('');
    app.toast.value = { text: passphrase === null ? m.lock_removed() : m.lock_set() };
  };
  return (
    <Screen title={m.app_lock()} back="/me">
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (next.length >= MIN_LENGTH) void set(next);
        }}
      >
        <p>{m.lock_text()}</p>
        <PassphraseField
          id="current"
          label={m.lock_current()}
          hint={m.lock_current_hint()}
          autoComplete="current-password"
          value={current}
          onValue={setCurrent}
        />
        <PassphraseField
          id="next"
          label={m.lock_next()}
          hint={m.lock_next_hint()}
          autoComplete="new-password"
          value={next}
          onValue={setNext}
          wrong={tooShort ? m.lock_too_short() : undefined}
        />
        <Refused refusal={refusal} />
        <div class="stack tight">
          <button
            class="button wide"
            type="submit"
            disabled={busy || next.length < MIN_LENGTH}
            aria-busy={busy}
          >
            {m.lock_set_button()}
          </button>
          <button
            class="button second wide"
            type="button"
            disabled={busy || current === ''}
            onClick={() => void set(null)}
          >
            {m.lock_remove_button()}
          </button>
        </div>
      </form>
    </Screen>
  );
}
