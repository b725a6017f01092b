import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { useLock, useWords } from '../app/app.ts';
import { PassphraseForm } from '../parts/PassphraseForm.tsx';
import { PhoneUnlockChoice } from '../parts/PhoneUnlockChoice.tsx';
import { Screen } from '../parts/Screen.tsx';

/** The app lock: the passphrase, and beside it the phone's own lock [S4]. */
export default function PhoneLock(): VNode {
  const m = useWords();
  const { isSet, passkey } = useLock();
  const [known, setKnown] = useState<string | null>(null);
  return (
    <Screen title={m.app_lock()} back="/me">
      {isSet ? (
        <>
          <p class="lead">{m.lock_is_on()}</p>
          <PhoneUnlockChoice passkey={passkey} known={known} />
          <h2 class="group">{m.lock_change()}</h2>
        </>
      ) : (
        <p>{m.lock_text()}</p>
      )}
      <div class={isSet ? undefined : 'push'}>
        <PassphraseForm isSet={isSet} onChange={setKnown} />
      </div>
    </Screen>
  );
}
