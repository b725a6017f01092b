import type { VNode } from 'preact';
import { useLocation } from 'preact-iso';
import { useApp, useWords } from '../app/app.ts';
import { LanguageSwitch } from '../parts/LanguageSwitch.tsx';
import { Notice } from '../parts/Notice.tsx';
import { Screen } from '../parts/Screen.tsx';

/** On plain http a browser gives neither a camera nor safe signing: the app says so instead of half working. */
export function Insecure(): VNode {
  const app = useApp();
  const m = useWords();
  const { route } = useLocation();
  const look = async (): Promise<void> => {
    // An invite can't be used here: it would stand in front of the demo.
    app.arrival.value = null;
    await app.openDemo();
    route('/', true);
  };
  return (
    <Screen title="Corridor" aside={<LanguageSwitch />}>
      <Notice drawing="attention" tone="trouble" role="alert">
        <p>{m.insecure_text({ address: `https://${location.host}` })}</p>
      </Notice>
      <div class="foot">
        <button class="button second wide" type="button" onClick={() => void look()}>
          {m.look_around()}
        </button>
      </div>
    </Screen>
  );
}
