import { useEffect, useRef, useState } from 'preact/hooks';
import type { Answer, Refusal } from '@corridor/peer';
import type { PasskeyAnswer, PasskeyTrouble } from '../engine/passkey.ts';
import { useApp } from './app.ts';

type Passkeys = typeof import('../engine/passkey.ts');
export interface PhoneUnlock {
  readonly busy: boolean;
  readonly trouble: PasskeyTrouble | 'unfetched' | null;
  readonly refusal: Refusal | null;
  /** Asks the phone, then does something with what it computed. True: it worked. */
  run<T>(
    ask: (passkeys: Passkeys, signal: AbortSignal) => Promise<PasskeyAnswer<T>>,
    use: (value: T) => Promise<Answer<null>>,
  ): Promise<boolean>;
}

/** One question at a time to the phone's own lock; leaving the screen calls it off. */
export const usePhoneUnlock = (): PhoneUnlock => {
  const app = useApp();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<PhoneUnlock['trouble']>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const asking = useRef<AbortController | null>(null);
  useEffect(() => {
    // fetched before the press: the browser asks the phone only right after one
    import('../engine/passkey.ts').catch(() => undefined);
    return () => asking.current?.abort();
  }, [app]);
  const run: PhoneUnlock['run'] = async (ask, use) => {
    asking.current?.abort();
    const own = (asking.current = new AbortController());
    setBusy(true);
    setTrouble(null);
    setRefusal(null);
    try {
      const asked = await ask(await import('../engine/passkey.ts'), own.signal);
      if (own.signal.aborted) return false;
      if (!asked.ok) {
        setTrouble(asked.trouble);
        return false;
      }
      const answer = await use(asked.value);
      if (!answer.ok) setRefusal(answer.refusal);
      return answer.ok;
    } catch {
      setTrouble('unfetched');
      return false;
    } finally {
      if (asking.current === own) setBusy(false);
    }
  };
  return { busy, trouble, refusal, run };
};
