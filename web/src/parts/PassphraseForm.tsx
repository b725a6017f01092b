import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import type { Refusal } from '@corridor/peer';
import { useApp, useWords } from '../app/app.ts';
import { PassphraseField } from './PassphraseField.tsx';
import { Refused } from './Refused.tsx';

/** Shorter ones are guessed by whoever holds the phone for an evening. */
const MIN_LENGTH = 8;

interface Props {
  /** Whether there is a lock already: then a change takes the passphrase in force. */
  readonly isSet: boolean;
  /** The passphrase from now on; null: the lock is off. */
  readonly onChange: (passphrase: string | null) => void;
}
/** Sets, changes or takes off the app lock. */
export function PassphraseForm({ isSet, onChange }: Props): VNode {
  const app = useApp();
  const m = useWords();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const tooShort = next.length > 0 && next.length < MIN_LENGTH;
  const isReady = next.length >= MIN_LENGTH && (!isSet || current !== '');
  const set = async (passphrase: string | null): Promise<void> => {
    setBusy(true);
    const answer = await app.engine.value.intents.setLock(passphrase, isSet ? current : null);
    setBusy(false);
    setRefusal(answer.ok ? null : answer.refusal);
    if (!answer.ok) return;
    setCurrent('');
    setNext('');
    onChange(passphrase);
    app.toast.value = {
      text: passphrase === null ? m.lock_removed() : isSet ? m.lock_changed() : m.lock_set(),
    };
  };
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) void set(next);
      }}
    >
      {isSet && (
        <PassphraseField
          id="current"
          label={m.lock_current()}
          hint={m.lock_current_hint()}
          autoComplete="current-password"
          value={current}
          onValue={setCurrent}
        />
      )}
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
        <button class="button wide" type="submit" disabled={busy || !isReady} aria-busy={busy}>
          {isSet ? m.lock_change_button() : m.lock_set_button()}
        </button>
        {isSet && (
          <button
            class="button second wide"
            type="button"
            disabled={busy || current === ''}
            onClick={() => void set(null)}
          >
            {m.lock_remove_button()}
          </button>
        )}
      </div>
    </form>
  );
}
