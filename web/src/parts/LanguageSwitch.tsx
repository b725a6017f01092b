import { useId } from 'preact/hooks';
import type { VNode } from 'preact';
import { useApp, useWords } from '../app/app.ts';
import { LANGUAGES } from '../words/language.ts';
import { Drawing } from './Drawing.tsx';

/** The language, on every first screen and in Me. Each language is named by itself. */
export function LanguageSwitch(): VNode {
  const app = useApp();
  const m = useWords();
  const id = useId();
  return (
    <span class="languages">
      <label for={id}>
        <Drawing name="language" size={20} />
        <span class="seen-by-ear">{m.language()}</span>
      </label>
      <select
        id={id}
        value={app.language.value}
        onChange={(event) => {
          const chosen = LANGUAGES.find((language) => language.id === event.currentTarget.value);
          if (chosen) void app.setLanguage(chosen.id);
        }}
      >
        {LANGUAGES.map((language) => (
          <option key={language.id} value={language.id} lang={language.id}>
            {language.name}
          </option>
        ))}
      </select>
    </span>
  );
}
