import type { VNode } from 'preact';
import { useAllWords } from '../app/app.ts';

/** The two answers at the end of a question's sheet: to do it, and to leave it. */
export function AskPair({
  label,
  busy,
  onYes,
  onNo,
}: {
  readonly label: string;
  readonly busy: boolean;
  readonly onYes: () => void;
  readonly onNo: () => void;
}): VNode {
  const m = useAllWords();
  return (
    <div class="pair">
      <button class="button broad" type="button" disabled={busy} aria-busy={busy} onClick={onYes}>
        {label}
      </button>
      <button class="button second" type="button" onClick={onNo}>
        {m.cancel()}
      </button>
    </div>
  );
}
