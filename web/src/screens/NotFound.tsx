import type { VNode } from 'preact';
import { useWords } from '../app/app.ts';
import { Screen } from '../parts/Screen.tsx';

/** An address that leads nowhere. */
export function NotFound(): VNode {
  const m = useWords();
  return (
    <Screen title={m.not_found_title()} back="/">
      <div class="stack">
        <p>{m.not_found_text()}</p>
        <a class="button" href="/">
          {m.to_home()}
        </a>
      </div>
    </Screen>
  );
}
