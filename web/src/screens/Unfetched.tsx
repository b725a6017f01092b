import type { VNode } from 'preact';
import { useWords } from '../app/app.ts';
import { Screen } from '../parts/Screen.tsx';

/** In place of a screen whose code didn't come. */
export function Unfetched(): VNode {
  const m = useWords();
  return (
    <Screen title={m.unfetched_title()} back="/">
      <div class="stack">
        <p role="alert">{m.unfetched_text()}</p>
        <button class="button wide" type="button" onClick={() => location.reload()}>
          {m.load_again()}
        </button>
      </div>
    </Screen>
  );
}
