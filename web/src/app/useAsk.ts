import { useState } from 'preact/hooks';
import type { Answer, PeerIntents, Refusal } from '@corridor/peer';
import { useApp } from './app.ts';

/** Asking the engine for something: while it is asked, and why it was not done. */
export interface Asking {
  readonly busy: boolean;
  readonly refusal: Refusal | null;
  readonly ask: <T>(intent: (intents: PeerIntents) => Promise<Answer<T>>) => Promise<Answer<T>>;
}

/** A button that was off meanwhile lost the focus: it goes back there, or to the screen where the button is gone. */
const returnFocus = (opener: Element | null): void => {
  requestAnimationFrame(() => {
    if (document.activeElement !== document.body) return;
    if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    if (document.activeElement === document.body)
      document.getElementById('main')?.focus({ preventScroll: true });
  });
};

/** One thing at a time: a screen's buttons are off while `busy`. */
export const useAsk = (): Asking => {
  const app = useApp();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  return {
    busy,
    refusal,
    ask: async (intent) => {
      const opener = document.activeElement;
      setBusy(true);
      setRefusal(null);
      const answer = await intent(app.engine.peek().intents);
      setBusy(false);
      if (!answer.ok) setRefusal(answer.refusal);
      if (opener !== document.body) returnFocus(opener);
      return answer;
    },
  };
};
