import { effect, signal } from '@preact/signals';
import type { Signal } from '@preact/signals';

export type Theme = 'auto' | 'light' | 'dark';
/** What a person chose for this phone only. Kept in the browser; nothing of it is about the circle. */
export interface Settings {
  readonly hideAmounts: Signal<boolean>;
  readonly theme: Signal<Theme>;
  /** Atkinson Hyperlegible Next instead of Public Sans. */
  readonly easyLetters: Signal<boolean>;
  readonly language: Signal<string | null>;
}
/** Where small choices are kept: the browser's localStorage, or nothing where that is refused. */
export interface Shelf {
  get(name: string): string | null;
  set(name: string, value: string | null): void;
}

const PREFIX = 'corridor.';

/** `storage` may throw on any use (private windows, full disk): then choices last as long as the page. */
export const openShelf = (storage: () => Storage): Shelf => ({
  get: (name) => {
    try {
      return storage().getItem(PREFIX + name);
    } catch {
      return null;
    }
  },
  set: (name, value) => {
    try {
      if (value === null) storage().removeItem(PREFIX + name);
      else storage().setItem(PREFIX + name, value);
    } catch {
      // the choice holds for this visit
    }
  },
});

const themeOf = (text: string | null): Theme => (text === 'light' || text === 'dark' ? text : 'auto');

/** Reads the choices and writes every later change back. */
export const createSettings = (shelf: Shelf, root: HTMLElement): Settings => {
  const settings: Settings = {
    hideAmounts: signal(shelf.get('hideAmounts') === 'yes'),
    theme: signal(themeOf(shelf.get('theme'))),
    easyLetters: signal(shelf.get('letters') === 'easy'),
    language: signal(shelf.get('language')),
  };
  effect(() => shelf.set('hideAmounts', settings.hideAmounts.value ? 'yes' : null));
  effect(() => shelf.set('language', settings.language.value));
  effect(() => {
    const easy = settings.easyLetters.value;
    shelf.set('letters', easy ? 'easy' : null);
    if (easy) root.dataset['letters'] = 'easy';
    else delete root.dataset['letters'];
  });
  effect(() => {
    const theme = settings.theme.value;
    shelf.set('theme', theme === 'auto' ? null : theme);
    if (theme === 'auto') delete root.dataset['theme'];
    else root.dataset['theme'] = theme;
  });
  return settings;
};
