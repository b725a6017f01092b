import type { VNode } from 'preact';
import { useWords } from '../app/app.ts';
import { Screen } from '../parts/Screen.tsx';

/** While the ledger on this phone is being opened. */
export function Starting(): VNode {
  const m = useWords();
  return (
    <Screen title="Corridor">
      <p class="quiet" role="status">
        {m.starting()}
      </p>
    </Screen>
  );
}
