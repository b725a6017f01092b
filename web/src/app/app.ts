import { createContext } from 'preact';
import type { ComponentChildren, ComponentType } from 'preact';
import { useContext } from 'preact/hooks';
import type { ReadonlySignal, Signal } from '@preact/signals';
import type { CircleView, Id, LockView, Need } from '@corridor/peer';
import type { Arrival } from '../boot.ts';
import type { Engine } from '../engine/port.ts';
import type { AllWords, Language, Words } from '../words/language.ts';
import type { Asked } from './asked.ts';
import type { Settings } from './settings.ts';

/** My own request, shown as a code until it is paid or left. */
export interface Asking {
  readonly code: string;
  readonly link: string;
  readonly amount: number;
  readonly memo: string;
  readonly need: Need | null;
  /** Lines that were there before: only another one can be the answer. */
  readonly known: ReadonlySet<Id>;
}
/** A short message at the bottom, with at most one thing to do. */
export interface Toast {
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

/** Everything the screens share. Made once in `main.tsx`, handed down by context. */
export interface App {
  /** The engine that draws now: the device's own, or the demo circle. */
  readonly engine: Signal<Engine>;
  /** The device's own engine, also while the demo is open. */
  readonly own: Engine;
  readonly isDemo: ReadonlySignal<boolean>;
  readonly words: Signal<Words>;
  /** With those of the screens that come later, once one of these was opened. */
  readonly allWords: Signal<AllWords | null>;
  /** Draws what is in it when {@link allWords} is there; the screen before stays until then. */
  readonly WithAllWords: ComponentType<{ readonly children: ComponentChildren }> & {
    preload(): Promise<unknown>;
  };
  readonly language: Signal<Language>;
  readonly settings: Settings;
  /** A link that still waits to be looked at. */
  readonly arrival: Signal<Arrival | null>;
  readonly asked: Signal<Asked | null>;
  readonly asking: Signal<Asking | null>;
  /** What the live region says. */
  readonly said: Signal<string>;
  readonly toast: Signal<Toast | null>;
  readonly online: ReadonlySignal<boolean>;
  /** Unix seconds, moving once a minute. */
  readonly now: ReadonlySignal<number>;
  /** Set when a new version waits; running it takes the new version and reloads. */
  readonly update: Signal<(() => void) | null>;
  /** The browser's own question whether to install, kept until a person wants it. */
  readonly install: Signal<(() => Promise<boolean>) | null>;
  /** False until the first change of route: the first screen must not steal the focus. */
  readonly moved: Signal<boolean>;
  /** The path that this page was loaded at, until one goes to another. */
  readonly loadedAt: Signal<string | null>;
  setLanguage(language: Language): Promise<void>;
  /** `scenes`: what it shows besides an ordinary day; names it doesn't know are passed over. */
  openDemo(scenes?: readonly string[]): Promise<void>;
  leaveDemo(): void;
}

export const AppContext = createContext<App | null>(null);

export const useApp = (): App => {
  const app = useContext(AppContext);
  if (!app) throw new Error('a screen outside the app');
  return app;
};
/** The sentences of the current language; a screen that uses them is drawn again when it changes. */
export const useWords = (): Words => useApp().words.value;

/** All sentences. Only for what is drawn inside a screen that `laterScreen` made. */
export const useAllWords = (): AllWords => {
  const words = useApp().allWords.value;
  if (!words) throw new Error('a later screen without its words');
  return words;
};

/** The circle on screen. Only for screens that the app shows inside a circle. */
export const useCircle = (): CircleView => {
  const view = useApp().engine.value.view.value;
  if (view.stage !== 'circle') throw new Error('a circle screen without a circle');
  return view.view;
};

/** The app lock of this phone; without a circle there is nothing to lock. */
export const useLock = (): LockView => {
  const view = useApp().engine.value.view.value;
  return view.stage === 'circle' || view.stage === 'locked' ? view.lock : { isSet: false, passkey: null };
};
