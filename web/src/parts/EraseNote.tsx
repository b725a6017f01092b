import type { LineView } from '@corridor/peer';
import type { VNode } from 'preact';
import { useLocation } from 'preact-iso';
import { useApp, useCircle, useWords } from '../app/app.ts';
import { useAsk } from '../app/useAsk.ts';
import { AskPair } from './AskPair.tsx';
import { Refused } from './Refused.tsx';
import { Sheet } from './Sheet.tsx';

interface Props {
  readonly line: LineView;
  readonly onClose: () => void;
}
/** Asks once more before a note goes: nothing brings it back to this phone [E6]. */
export function EraseNote({ line, onClose }: Props): VNode {
  const app = useApp();
  const m = useWords();
  const { lines } = useCircle();
  const { route } = useLocation();
  const { busy, refusal, ask } = useAsk();
  const erase = async (): Promise<void> => {
    const answer = await ask((intents) => intents.eraseNote(line.id));
    if (!answer.ok) return;
    app.toast.value = { text: m.note_erased() };
    onClose();
    // An older receipt was asked for once and would go on showing it.
    if (!lines.some(({ id }) => id === line.id)) route('/', true);
  };
  return (
    <Sheet title={m.note_erase_question()} onClose={onClose}>
      <div class="stack">
        <p class="quote">
          <bdi>{line.memo}</bdi>
        </p>
        <p>{m.note_erase_text()}</p>
        <Refused refusal={refusal} />
        <AskPair label={m.erase()} busy={busy} onYes={() => void erase()} onNo={onClose} />
      </div>
    </Sheet>
  );
}
