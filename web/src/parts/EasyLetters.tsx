import { useRef, useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { useApp, useWords } from '../app/app.ts';

/** The family of `fonts.css` that the choice puts in front. */
const LETTERS = '1em "Atkinson Hyperlegible Next Variable"';

/** The choice of letters that are harder to mix up. They are fetched when somebody wants them. */
export function EasyLetters(): VNode {
  const app = useApp();
  const m = useWords();
  // what is ticked, also while the letters are still on their way
  const [ticked, setTicked] = useState(app.settings.easyLetters.peek());
  const latest = useRef(ticked);
  const choose = async (easy: boolean): Promise<void> => {
    setTicked(easy);
    latest.current = easy;
    try {
      // first the letters, then the change: no text may be missing meanwhile
      if (easy) await document.fonts.load(LETTERS);
    } catch {
      app.toast.value = { text: m.unfetched_text() };
    }
    if (latest.current === easy) app.settings.easyLetters.value = easy;
  };
  return (
    <label class="choice">
      <input
        type="checkbox"
        checked={ticked}
        onChange={(event) => void choose(event.currentTarget.checked)}
      />
      <span>
        {m.easy_letters()}
        <small>{m.easy_letters_hint()}</small>
      </span>
    </label>
  );
}
