import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { useLocation } from 'preact-iso';
import { useAllWords, useApp, useCircle } from '../app/app.ts';
import { useAsk } from '../app/useAsk.ts';
import { Drawing } from '../parts/Drawing.tsx';
import { printPaper } from '../parts/printPaper.ts';
import { RecoverySheet } from '../parts/RecoverySheet.tsx';
import type { SheetContent } from '../parts/RecoverySheet.tsx';
import { Refused } from '../parts/Refused.tsx';
import { Screen } from '../parts/Screen.tsx';

/** Makes twelve words and shows them once. They live in this screen only: going away is forgetting them. */
export default function RecoveryWords(): VNode {
  const app = useApp();
  const m = useAllWords();
  const { recovery } = useCircle().governing;
  const { route } = useLocation();
  const { busy, refusal, ask } = useAsk();
  const [sheet, setSheet] = useState<SheetContent | null>(null);
  const make = async (): Promise<void> => {
    const answer = await ask((intents) => intents.makeRecoveryWords());
    if (!answer.ok) return;
    setSheet({ ...answer.value, madeAt: Math.floor(Date.now() / 1000) });
    app.said.value = m.recovery_write_down();
  };
  if (sheet) {
    return (
      <Screen title={m.recovery_your_words()} bar={false}>
        <p class="lead no-print">{m.recovery_write_down()}</p>
        <RecoverySheet content={sheet} />
        <div class="foot no-print">
          <div class="pair">
            <button class="button second" type="button" onClick={() => printPaper('a5')}>
              <Drawing name="print" />
              {m.recovery_print_a5()}
            </button>
            <button class="button second" type="button" onClick={() => printPaper('a4')}>
              <Drawing name="print" />
              {m.recovery_print_a4()}
            </button>
          </div>
          <button
            class="button wide"
            type="button"
            onClick={() => {
              setSheet(null);
              app.toast.value = { text: m.recovery_written_done() };
              route('/me/recovery/practise', true);
            }}
          >
            {m.recovery_written()}
          </button>
        </div>
      </Screen>
    );
  }
  const again = recovery.wordsAt !== null;
  return (
    <Screen title={m.recovery_words()} back="/me/recovery" bar={false}>
      <ul class="stack tight points">
        <li>{m.recovery_words_text_1()}</li>
        <li>{m.recovery_words_text_2()}</li>
        <li>{m.recovery_words_text_3()}</li>
        {again && <li>{m.recovery_words_again()}</li>}
      </ul>
      <Refused refusal={refusal} />
      <div class="foot">
        <button
          class="button wide"
          type="button"
          disabled={busy}
          aria-busy={busy}
          onClick={() => void make()}
        >
          {again ? m.recovery_make_again() : m.recovery_make()}
        </button>
      </div>
    </Screen>
  );
}
