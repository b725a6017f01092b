import type { VNode } from 'preact';
import type { PasskeyHint } from '@corridor/peer';
import { useApp, useWords } from '../app/app.ts';
import { usePhoneUnlock } from '../app/usePhoneUnlock.ts';
import { Drawing } from './Drawing.tsx';
import { PhoneTrouble } from './PhoneTrouble.tsx';

/** The first way to unlock where it was chosen: the phone looks at its owner, and the app opens. */
export function UnlockByPhone({ passkey }: { readonly passkey: PasskeyHint }): VNode {
  const app = useApp();
  const m = useWords();
  const phone = usePhoneUnlock();
  const unlock = (): Promise<boolean> =>
    phone.run(
      ({ askPasskey }, signal) => askPasskey(passkey, signal),
      async (computed) => {
        const answer = await app.engine.value.intents.unlockByPasskey(computed);
        computed.fill(0);
        return answer;
      },
    );
  return (
    <div class="stack">
      <button
        class="button wide"
        type="button"
        disabled={phone.busy}
        aria-busy={phone.busy}
        onClick={() => void unlock()}
      >
        <Drawing name="phone" />
        {m.phone_unlock()}
      </button>
      <PhoneTrouble phone={phone} />
    </div>
  );
}
