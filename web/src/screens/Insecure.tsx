import type { VNode } from 'preact';
import { useApp, useWords } from '../app/app.ts';
import { LanguageSwitch } from '../parts/LanguageSwitch.tsx';
import { Notice } from '../parts/Notice.tsx';
import { Screen } from '../parts/Screen.tsx';

/** On plain http a browser gives neither a camera nor safe signing: the app says so instead of half working. */
export function Insecure(): VNode {
  const app = useApp();
  const m = useWords();
  return (
    <Screen title="Corridor" aside={<LanguageSwitch />}>
      <Notice drawing="attention" tone="trouble" role="alert">
        <p>{m.insecure_text({ address: `https://${location.host}` })}</p>
      </Notice>
      <div class="foot">
        <button class="button second wide" type="button" onClick={() => void app.openDemo()}>
          {m.look_around()}
        </button>
      </div>
    </Screen>
  );
}
