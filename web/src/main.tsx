import './boot.ts';
import './style/main.css';
import { computed, effect, signal } from '@preact/signals';
import { Fragment, render } from 'preact';
import { lazy } from 'preact-iso';
import { fetchInviteScreen } from './app/OutsideRoutes.tsx';
import { Root } from './app/Root.tsx';
import type { App } from './app/app.ts';
import { createAsked } from './app/asked.ts';
import { watchNetwork, watchTime } from './app/surroundings.ts';
import { createSettings, openShelf } from './app/settings.ts';
import { watchInstall } from './app/install.ts';
import { watchVersions } from './app/versions.ts';
import { arrival, onArrival } from './boot.ts';
import { lazyEngine } from './engine/lazyEngine.ts';
import type { Engine } from './engine/port.ts';
import { Unfetched } from './screens/Unfetched.tsx';
import { chooseLanguage, loadAllWords, loadWords } from './words/language.ts';
import type { AllWords, Language } from './words/language.ts';

/** The engine starts once the first picture is on the screen: its code must not stand in front of that. */
const afterPaint = (): Promise<void> =>
  new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));

const startApp = async (): Promise<void> => {
  const arrived = signal(arrival);
  // Before anything is waited for: a link opened meanwhile must not stay in the address bar, nor be lost.
  onArrival((next) => {
    arrived.value = next;
  });
  const shelf = openShelf(() => localStorage);
  const settings = createSettings(shelf, document.documentElement);
  const asked = new URLSearchParams(location.search).get('lang');
  const first = chooseLanguage([asked, settings.language.peek(), ...navigator.languages]);
  const language = signal<Language>(first);
  const isInvite = arrival?.kind === 'j';
  if (isInvite) history.replaceState(null, '', '/join');
  const [spoken] = await Promise.all([loadWords(first), isInvite ? fetchInviteScreen() : undefined]);
  const words = signal(spoken);
  const allWords = signal<AllWords | null>(null);
  effect(() => {
    document.documentElement.lang = language.value;
  });
  const own = lazyEngine(
    async () => {
      await afterPaint();
      const { startEngine } = await import('./engine/start.ts');
      return startEngine();
    },
    shelf.get('circle') === 'yes',
  );
  effect(() => {
    const { stage } = own.view.value;
    if (stage === 'none') shelf.set('circle', null);
    else if (stage !== 'starting' && stage !== 'broken') shelf.set('circle', 'yes');
  });
  const engine = signal<Engine>(own);
  const app: App = {
    engine,
    own,
    isDemo: computed(() => engine.value !== own),
    words,
    allWords,
    WithAllWords: lazy(async () => {
      try {
        allWords.value = await loadAllWords(language.peek());
        return { default: Fragment };
      } catch {
        return { default: Unfetched };
      }
    }),
    language,
    settings,
    arrival: arrived,
    asked: createAsked(),
    asking: signal(null),
    said: signal(''),
    toast: signal(null),
    online: watchNetwork(),
    now: watchTime(),
    update: signal(null),
    install: signal(null),
    moved: signal(false),
    loadedAt: signal(location.pathname),
    setLanguage: async (chosen) => {
      const all = allWords.peek() === null ? null : await loadAllWords(chosen);
      words.value = await loadWords(chosen);
      allWords.value = all;
      language.value = chosen;
      settings.language.value = chosen;
    },
    openDemo: async (scenes) => {
      const { startDemo } = await import('./engine/demo.ts');
      engine.value = startDemo(language.peek(), scenes);
    },
    leaveDemo: () => {
      engine.value = own;
    },
  };
  // what nobody caught is said, once; the screens themselves are behind the boundary
  addEventListener('unhandledrejection', () => {
    app.toast.value = { text: app.words.peek().broken_title() };
  });
  watchInstall(app);
  const place = document.getElementById('app');
  if (!place) throw new Error('index.html without #app');
  place.replaceChildren();
  render(<Root app={app} />, place);
  watchVersions(app);
};

void startApp();
