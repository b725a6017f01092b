import { useEffect, useState } from 'preact/hooks';
import type { VNode } from 'preact';
import type { PasskeyHint } from '@corridor/peer';
import { useApp, useWords } from '../app/app.ts';
import { usePhoneUnlock } from '../app/usePhoneUnlock.ts';
import type { PasskeySupport } from '../engine/passkey.ts';
import { passkeyMissing } from '../words/passkey.ts';
import { PassphraseField } from './PassphraseField.tsx';
import { PhoneTrouble } from './PhoneTrouble.tsx';

interface Props {
  readonly passkey: PasskeyHint | null;
  /** Set on this screen just now: nobody has to type it again. */
  readonly known: string | null;
}
/** The phone's own lock beside the passphrase: added, let go, or a line that says why it can't be had here. */
export function PhoneUnlockChoice({ passkey, known }: Props): VNode | null {
  const app = useApp();
  const m = useWords();
  const phone = usePhoneUnlock();
  const [support, setSupport] = useState<PasskeySupport | null>(null);
  const [typed, setTyped] = useState('');
  const isDemo = app.isDemo.value;
  useEffect(() => {
    import('../engine/passkey.ts')
      .then(({ passkeySupport }) => passkeySupport())
      .then(setSupport, () => setSupport('no-prf'));
  }, []);
  const passphrase = known ?? typed;
  const { intents } = app.engine.value;
  const add = async (): Promise<void> => {
    const added = await phone.run(
      ({ makePasskey }, signal) => makePasskey(signal),
      async (made) => {
        const answer = await intents.setPasskey(made, passphrase);
        made.prf.fill(0);
        if (!answer.ok) (await import('../engine/passkey.ts')).dropPasskey(made);
        return answer;
      },
    );
    if (!added) return;
    setTyped('');
    app.toast.value = { text: m.phone_unlock_added() };
  };
  const letGo = async (hint: PasskeyHint): Promise<void> => {
    const gone = await phone.run(
      async ({ dropPasskey }) => ({ ok: true, value: dropPasskey }),
      async (dropPasskey) => {
        const answer = await intents.setPasskey(null, null);
        if (answer.ok) dropPasskey(hint);
        return answer;
      },
    );
    if (gone) app.toast.value = { text: m.phone_unlock_gone() };
  };
  // Asked within a moment; until then nothing is offered that may not be there.
  if (passkey === null && support === null && !isDemo) return null;
  const missing = isDemo ? m.phone_unlock_no_demo() : passkeyMissing(m, support ?? 'no-prf');
  return (
    <section>
      <h2 class="group">{m.phone_unlock()}</h2>
      {passkey !== null ? (
        <div class="stack">
          <p>{m.phone_unlock_on()}</p>
          <PhoneTrouble phone={phone} />
          <button
            class="button second wide"
            type="button"
            disabled={phone.busy}
            aria-busy={phone.busy}
            onClick={() => void letGo(passkey)}
          >
            {m.phone_unlock_stop()}
          </button>
        </div>
      ) : missing !== null ? (
        <p class="quiet">{missing}</p>
      ) : (
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            if (passphrase !== '') void add();
          }}
        >
          <p>{m.phone_unlock_text()}</p>
          {known === null && (
            <PassphraseField
              id="for-phone"
              label={m.phone_unlock_passphrase()}
              hint={m.phone_unlock_passphrase_hint()}
              autoComplete="current-password"
              value={typed}
              onValue={setTyped}
            />
          )}
          <PhoneTrouble phone={phone} />
          <button
            class="button wide"
            type="submit"
            disabled={phone.busy || passphrase === ''}
            aria-busy={phone.busy}
          >
            {m.phone_unlock_add()}
          </button>
          <p class="small quiet">{m.phone_unlock_listed()}</p>
        </form>
      )}
    </section>
  );
}
