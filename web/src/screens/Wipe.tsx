import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { useLocation } from 'preact-iso';
import type { Refusal } from '@corridor/peer';
import { useApp, useCircle, useWords } from '../app/app.ts';
import { HoldButton } from '../parts/HoldButton.tsx';
import { Notice } from '../parts/Notice.tsx';
import { Refused } from '../parts/Refused.tsx';
import { Screen } from '../parts/Screen.tsx';

/** One gesture takes everything off this phone. What stays elsewhere is said before, not after [S4]. */
export default function Wipe(): VNode {
  const app = useApp();
  const m = useWords();
  const circle = useCircle();
  const { route } = useLocation();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const wipe = async (): Promise<void> => {
    setBusy(true);
    const answer = await app.engine.value.intents.wipe();
    setBusy(false);
    if (!answer.ok) {
      setRefusal(answer.refusal);
      return;
    }
    if (app.isDemo.peek()) app.leaveDemo();
    else {
      localStorage.clear();
      sessionStorage.clear();
    }
    app.asked.value = null;
    app.asking.value = null;
    route('/', true);
  };
  return (
    <Screen title={m.wipe_title()} back="/me" bar={false}>
      <h2 class="group">{m.wipe_goes()}</h2>
      <ul class="stack tight points">
        <li>{m.wipe_goes_signing()}</li>
        <li>{m.wipe_goes_copy()}</li>
        <li>{m.wipe_goes_choices()}</li>
      </ul>
      <h2 class="group">{m.wipe_stays()}</h2>
      <ul class="stack tight points">
        <li>{m.wipe_stays_book()}</li>
        <li>{m.wipe_stays_balance()}</li>
        <li>{m.wipe_stays_files()}</li>
      </ul>
      {circle.keeper.isThisDevice && (
        <Notice drawing="book">
          <p>{m.wipe_keeper()}</p>
        </Notice>
      )}
      <Refused refusal={refusal} />
      <div class="foot wipe">
        <HoldButton yes={m.wipe_yes()} disabled={busy} onDone={() => void wipe()}>
          {m.wipe_button()}
        </HoldButton>
      </div>
    </Screen>
  );
}
