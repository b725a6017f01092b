import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { useApp, useWords } from '../app/app.ts';
import { Screen } from '../parts/Screen.tsx';

/** The disk did not give up everything: what that means, and two things to do about it. */
export function NotWiped({ remains }: { readonly remains: readonly string[] }): VNode {
  const app = useApp();
  const m = useWords();
  const [busy, setBusy] = useState(false);
  const again = async (): Promise<void> => {
    setBusy(true);
    await app.engine.value.intents.wipe();
    setBusy(false);
  };
  return (
    <Screen title={m.not_wiped_title()}>
      <div class="stack">
        <p role="alert">{remains.includes('signing') ? m.not_wiped_signing() : m.not_wiped_rest()}</p>
        <p>{m.not_wiped_how()}</p>
        <button
          class="button wide"
          type="button"
          disabled={busy}
          aria-busy={busy}
          onClick={() => void again()}
        >
          {m.try_again()}
        </button>
      </div>
    </Screen>
  );
}
