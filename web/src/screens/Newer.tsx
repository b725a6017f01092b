import type { VNode } from 'preact';
import { useApp, useWords } from '../app/app.ts';
import { Screen } from '../parts/Screen.tsx';

/** A code or link that a later version made. */
export function Newer(): VNode {
  const app = useApp();
  const m = useWords();
  const take = (): void => {
    const update = app.update.peek();
    if (update) update();
    else location.assign('/');
  };
  return (
    <Screen title={m.newer_title()} back="/" bar={false}>
      <p>{m.newer_text()}</p>
      <div class="foot">
        <button class="button wide" type="button" onClick={take}>
          {m.update_now()}
        </button>
      </div>
    </Screen>
  );
}
