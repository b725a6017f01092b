import type { VNode } from 'preact';
import { useApp, useWords } from '../app/app.ts';
import { remainsOf } from '../engine/notWiped.ts';
import { Screen } from '../parts/Screen.tsx';
import { Notice } from '../parts/Notice.tsx';
import { NotWiped } from './NotWiped.tsx';

/** The engine's word for "another tab of this browser holds the ledger". */
const OTHER_TAB = 'other-tab-is-writing';

/** When nothing can be shown: what happened, that payments are kept, what to do. Never a stack, never a blank page. */
export function Broken({ reason }: { readonly reason: string }): VNode {
  const app = useApp();
  const m = useWords();
  const otherTab = reason === OTHER_TAB;
  const remains = remainsOf(reason);
  if (remains !== null) return <NotWiped remains={remains} />;
  return (
    <Screen title={otherTab ? m.other_tab_title() : m.broken_title()}>
      <div class="stack">
        <p role="alert">{otherTab ? m.other_tab_text() : m.broken_text()}</p>
        <button class="button wide" type="button" onClick={() => location.assign('/')}>
          {otherTab ? m.use_here() : m.load_again()}
        </button>
        {!otherTab && (
          <details>
            <summary>{m.broken_details()}</summary>
            <p class="small quiet">
              {reason} · {BUILD_HASH}
            </p>
          </details>
        )}
        {app.isDemo.value && <Notice tone="calm">{m.broken_demo()}</Notice>}
      </div>
    </Screen>
  );
}
