import type { VNode } from 'preact';
import { useApp, useWords } from '../app/app.ts';
import type { Theme } from '../app/settings.ts';
import { EasyLetters } from '../parts/EasyLetters.tsx';
import { Screen } from '../parts/Screen.tsx';
import { LANGUAGES } from '../words/language.ts';

const THEMES: readonly Theme[] = ['auto', 'light', 'dark'];

/** Language, letters and light. */
export default function Look(): VNode {
  const app = useApp();
  const m = useWords();
  const name: Readonly<Record<Theme, string>> = {
    auto: m.theme_auto(),
    light: m.theme_light(),
    dark: m.theme_dark(),
  };
  return (
    <Screen title={m.look_title()} back="/me">
      <fieldset class="field">
        <legend class="group">{m.language()}</legend>
        <div class="rows">
          {LANGUAGES.map((language) => (
            <label class="choice" key={language.id} lang={language.id}>
              <input
                type="radio"
                name="language"
                checked={app.language.value === language.id}
                onChange={() => void app.setLanguage(language.id)}
              />
              <span>{language.name}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <fieldset class="field push">
        <legend class="group">{m.letters()}</legend>
        <div class="rows">
          <EasyLetters />
        </div>
      </fieldset>
      <fieldset class="field push">
        <legend class="group">{m.theme()}</legend>
        <div class="rows">
          {THEMES.map((theme) => (
            <label class="choice" key={theme}>
              <input
                type="radio"
                name="theme"
                checked={app.settings.theme.value === theme}
                onChange={() => {
                  app.settings.theme.value = theme;
                }}
              />
              <span>{name[theme]}</span>
            </label>
          ))}
        </div>
      </fieldset>
    </Screen>
  );
}
