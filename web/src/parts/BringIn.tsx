import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import type { BookNews, Refusal, SavedBookView } from '@corridor/peer';
import { useApp, useCircle, useWords } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import { Notice } from './Notice.tsx';
import { Refused } from './Refused.tsx';

interface Props {
  readonly book: SavedBookView;
  readonly file: Uint8Array;
}
/** What this phone lacks of a saved book, said before anything is kept; and bringing it in. */
export function BringIn({ book, file }: Props): VNode {
  const app = useApp();
  const m = useWords();
  const circle = useCircle();
  const format = useFormat();
  const [busy, setBusy] = useState(false);
  const [came, setCame] = useState<BookNews | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  if (book.belongs !== 'this-circle')
    return (
      <Notice drawing="attention" role="status">
        <p>
          {book.circleName === circle.name
            ? m.saved_book_namesake({ name: book.circleName })
            : m.saved_book_other({ name: book.circleName })}
        </p>
      </Notice>
    );
  const { entries, payments, texts } = came ?? book.news;
  const isAllHere = came === null && entries + texts === 0;
  const bring = async (): Promise<void> => {
    setBusy(true);
    const answer = await app.engine.value.intents.bringInBook(file);
    setBusy(false);
    setRefusal(answer.ok ? null : answer.refusal);
    if (!answer.ok) return;
    setCame(answer.value);
    app.said.value = m.saved_book_came();
  };
  if (isAllHere)
    return (
      <p role="status" class="lead">
        {m.saved_book_all_here()}
      </p>
    );
  return (
    <section class="stack tight">
      <h3>{came === null ? m.saved_book_news() : m.saved_book_came()}</h3>
      <dl class="facts">
        <div>
          <dt>{m.news_entries()}</dt>
          <dd>{format.number(entries)}</dd>
        </div>
        <div>
          <dt>{m.news_payments()}</dt>
          <dd>{format.number(payments)}</dd>
        </div>
        <div>
          <dt>{m.news_texts()}</dt>
          <dd>{format.number(texts)}</dd>
        </div>
      </dl>
      <Refused refusal={refusal} />
      {came === null && (
        <button
          class="button wide"
          type="button"
          disabled={busy}
          aria-busy={busy}
          onClick={() => void bring()}
        >
          {m.bring_in_button()}
        </button>
      )}
    </section>
  );
}
