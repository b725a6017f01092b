import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import type { Refusal } from '@corridor/peer';
import { useApp, useCircle, useWords } from '../app/app.ts';
import { BookFile } from '../parts/BookFile.tsx';
import { BringIn } from '../parts/BringIn.tsx';
import { Drawing } from '../parts/Drawing.tsx';
import { Refused } from '../parts/Refused.tsx';
import { Screen } from '../parts/Screen.tsx';
import { saveFile } from '../parts/sharing.ts';

/** The whole book as a file to take away, and a saved one brought in. */
export default function YourData(): VNode {
  const app = useApp();
  const m = useWords();
  const circle = useCircle();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const exportLog = async (): Promise<void> => {
    setBusy(true);
    const answer = await app.engine.value.intents.exportLog();
    setBusy(false);
    setRefusal(answer.ok ? null : answer.refusal);
    if (!answer.ok) return;
    const name = circle.name.replace(/[^\p{L}\p{N}]+/gu, '-').toLowerCase() || 'circle';
    saveFile(`${name}-${new Date().toISOString().slice(0, 10)}.circle`, answer.value, 'application/x-ndjson');
    app.toast.value = { text: m.exported() };
  };
  return (
    <Screen title={m.your_data()} back="/me">
      <h2 class="group">{m.export_title()}</h2>
      <div class="stack">
        <p>{m.export_text()}</p>
        <p class="small quiet">{m.export_open()}</p>
        <Refused refusal={refusal} />
        <button
          class="button wide"
          type="button"
          disabled={busy}
          aria-busy={busy}
          onClick={() => void exportLog()}
        >
          <Drawing name="save" />
          {m.export_button()}
        </button>
      </div>
      <h2 class="group">{m.bring_in_title()}</h2>
      <div class="stack">
        <p>{m.bring_in_text()}</p>
        <BookFile
          heading="h3"
          does={(book, file) => <BringIn key={book.newestAt} book={book} file={file} />}
        />
      </div>
    </Screen>
  );
}
