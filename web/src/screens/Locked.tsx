import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import type { LockView, Refusal } from '@corridor/peer';
import { useApp, useWords } from '../app/app.ts';
import { LanguageSwitch } from '../parts/LanguageSwitch.tsx';
import { Refused } from '../parts/Refused.tsx';
import { Screen } from '../parts/Screen.tsx';
import { UnlockByPhone } from '../parts/UnlockByPhone.tsx';
import { WipeButton } from '../parts/WipeButton.tsx';
import { WipeWords } from '../parts/WipeWords.tsx';

/** The app lock: nothing of the circle is on the screen, or open in memory, until one of the ways in is gone. */
export function Locked({ lock: { passkey } }: { readonly lock: LockView }): VNode {
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
      {passkey !== null && (
        <>
          <UnlockByPhone passkey={passkey} />
          <h2 class="group">{m.locked_or_passphrase()}</h2>
        </>
      )}
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
        <button
          class={passkey === null ? 'button wide' : 'button second wide'}
          type="submit"
          disabled={busy || passphrase === ''}
          aria-busy={busy}
        >
          {m.unlock()}
        </button>
        <p class="small quiet">{m.locked_forgotten()}</p>
      </form>
      <section class="foot">
        <h2 class="group">{m.wipe_title()}</h2>
        <details>
          <summary>{m.wipe_what()}</summary>
          <WipeWords />
        </details>
        <WipeButton />
      </section>
    </Screen>
  );
}
