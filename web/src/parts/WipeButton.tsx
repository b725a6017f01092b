import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { useLocation } from 'preact-iso';
import type { Refusal } from '@corridor/peer';
import { useApp, useWords } from '../app/app.ts';
import { HoldButton } from './HoldButton.tsx';
import { Refused } from './Refused.tsx';

/** The one gesture: held, everything goes; the app starts anew by itself once it is gone [S4]. */
export function WipeButton(): VNode {
  const app = useApp();
  const m = useWords();
  const { route } = useLocation();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const wipe = async (): Promise<void> => {
    setBusy(true);
    app.toast.value = null;
    const answer = await app.engine.value.intents.wipe();
    setBusy(false);
    setRefusal(answer.ok ? null : answer.refusal);
    if (!answer.ok) return;
    app.asked.value = null;
    app.asking.value = null;
    if (!app.isDemo.peek()) return;
    app.leaveDemo();
    route('/', true);
  };
  return (
    <div class="stack tight wipe">
      <Refused refusal={refusal} />
      <HoldButton yes={m.wipe_yes()} disabled={busy} onDone={() => void wipe()}>
        {m.wipe_button()}
      </HoldButton>
    </div>
  );
}
