import type { VNode } from 'preact';
import { useAllWords, useCircle } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import { useAsk } from '../app/useAsk.ts';
import { bookNumber } from '../words/actSentence.ts';
import { Refused } from './Refused.tsx';

const COUNTS = [1, 2, 6, 12, 24] as const;
const ALL = 'all';

/** How many closed books this phone keeps [B4]. */
export function KeepBooks(): VNode {
  const m = useAllWords();
  const format = useFormat();
  const { keeps, fetching } = useCircle().governing.book;
  const { busy, refusal, ask } = useAsk();
  const choose = async (chosen: string): Promise<void> => {
    await ask((intents) => intents.keepBooks(chosen === ALL ? null : Number(chosen)));
  };
  return (
    <div class="field push">
      <label for="keeps">{m.keep_books_title()}</label>
      <select
        id="keeps"
        value={keeps ?? ALL}
        disabled={busy}
        onChange={(event) => void choose(event.currentTarget.value)}
      >
        {[...new Set([...COUNTS, ...(keeps === null ? [] : [keeps])])]
          .sort((a, b) => a - b)
          .map((count) => (
            <option key={count} value={count}>
              {format.number(count)}
            </option>
          ))}
        <option value={ALL}>{m.keep_books_all()}</option>
      </select>
      <p class="small quiet">{m.keep_books_text()}</p>
      {fetching !== null && (
        <p class="small quiet" role="status">
          {m.keep_books_fetching({ book: bookNumber(format, fetching) })}
        </p>
      )}
      <Refused refusal={refusal} />
    </div>
  );
}
