import { useState } from 'preact/hooks';
import type { ComponentChildren, VNode } from 'preact';
import type { Refusal, SavedBookView } from '@corridor/peer';
import { useApp, useWords } from '../app/app.ts';
import { BookFacts } from './BookFacts.tsx';
import { Drawing } from './Drawing.tsx';
import { Refused } from './Refused.tsx';

/** More than any book the engine reads: a film that was chosen by mistake need not fit into memory. */
const READ_AT_MOST = 64 * 2 ** 20 + 1;

interface Props {
  /** The level of the book's own heading on this screen. */
  readonly heading: 'h2' | 'h3';
  /** What can be done with a book that was found good. */
  readonly does: (book: SavedBookView, file: Uint8Array) => ComponentChildren;
}
/** Chooses a file, has all of it checked, and says what it is. Keeps nothing. */
export function BookFile({ heading, does }: Props): VNode {
  const app = useApp();
  const m = useWords();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [read, setRead] = useState<{ readonly book: SavedBookView; readonly file: Uint8Array } | null>(null);
  const open = async (chosen: File): Promise<void> => {
    setBusy(true);
    app.said.value = m.saved_book_reading();
    setRead(null);
    setRefusal(null);
    try {
      const file = new Uint8Array(await chosen.slice(0, READ_AT_MOST).arrayBuffer());
      const answer = await app.engine.value.intents.readSavedBook(file);
      if (answer.ok) setRead({ book: answer.value, file });
      else setRefusal(answer.refusal);
    } catch {
      // taken away while it was read: a memory card, a cloud folder without network
      setRefusal({ code: 'saved-book', values: { line: 1, reason: 'cut-off' } });
    }
    setBusy(false);
  };
  return (
    <div class="stack">
      <label class="button second wide chooses" aria-busy={busy}>
        <Drawing name="book" />
        {m.choose_file()}
        <input
          type="file"
          disabled={busy}
          onChange={(event) => {
            const chosen = event.currentTarget.files?.[0];
            event.currentTarget.value = '';
            if (chosen) void open(chosen);
          }}
        />
      </label>
      {busy && <p>{m.saved_book_reading()}</p>}
      <Refused refusal={refusal} />
      {read && (
        <>
          <BookFacts book={read.book} heading={heading} />
          {does(read.book, read.file)}
        </>
      )}
    </div>
  );
}
