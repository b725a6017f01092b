import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { useLocation } from 'preact-iso';
import { useApp, useWords } from '../app/app.ts';
import { InAppNotice } from '../parts/InAppNotice.tsx';
import { LanguageSwitch } from '../parts/LanguageSwitch.tsx';
import { Screen } from '../parts/Screen.tsx';
import { Weave } from '../parts/Weave.tsx';
import { PRODUCT_WEAVE } from '../parts/weave.ts';

/** The first screen of a phone without a circle: found one, join one, or look around. */
export function Welcome(): VNode {
  const app = useApp();
  const m = useWords();
  const { route } = useLocation();
  const [opening, setOpening] = useState(false);
  const look = async (): Promise<void> => {
    setOpening(true);
    await app.openDemo();
    route('/', true);
  };
  return (
    <Screen title="Corridor" aside={<LanguageSwitch />}>
      <Weave circle={PRODUCT_WEAVE} />
      <div class="stack push">
        <p class="headline">{m.welcome_headline()}</p>
        <ul class="stack tight points">
          <li>{m.welcome_point_credit()}</li>
          <li>{m.welcome_point_place()}</li>
          <li>{m.welcome_point_offline()}</li>
        </ul>
      </div>
      <InAppNotice />
      <div class="foot">
        <a class="button wide" href="/found">
          {m.found_circle()}
        </a>
        <a class="button second wide" href="/scan">
          {m.join_circle()}
        </a>
        <a class="button plain wide" href="/recover">
          {m.lost_phone()}
        </a>
        <button class="button plain wide" type="button" disabled={opening} onClick={() => void look()}>
          {m.look_around()}
        </button>
        <a class="button plain wide" href="/saved-book">
          {m.saved_book_look()}
        </a>
        <p class="small quiet center">{m.no_account()}</p>
      </div>
    </Screen>
  );
}
