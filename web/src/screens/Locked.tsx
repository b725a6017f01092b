import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import type { Refusal } from '@corridor/peer';
import { useApp, useWords } from '../app/app.ts';
import { LanguageSwitch } from '../parts/LanguageSwitch.tsx';
import { Refused } from '../parts/Refused.tsx';
import { Screen } from '../parts/Screen.tsx';

/** The app lock: nothing of the circle is on the screen, or open in memory, until the passphrase is right. */
export function Locked(): VNode {
  const app = useApp();
  const m = useWords();
  const [passphrase, setPassphrase] = useState('');
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const unlock = async (): Promise<void> => {
    setBusy(true);
    const answer = await app.engine.value.intents.unlock(passphrase);
    setBusy(false);
    setRefusal(answer.ok ? null : answer.refusal);
  };
  return (
    <Screen title={m.locked_title()} aside={<LanguageSwitch />}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void unlock();
        }}
      >
        <div class="field">
          <label for="passphrase">{m.passphrase()}</label>
          <input
            id="passphrase"
            type="password"
            autoComplete="current-password"
            value={passphrase}
            onInput={(event) => setPassphrase(event.currentTarget.value)}
          />
        </div>
        <Refused refusal={refusal} />
        <button class="button wide" type="submit" disabled={busy || passphrase === ''} aria-busy={busy}>
          {m.unlock()}
        </button>
        <p class="small quiet">{m.locked_forgotten()}</p>
      </form>
    </Screen>
  );
}
