import { useEffect } from 'preact/hooks';

/** Keeps the screen lit while a code is shown, where the browser can; taken again when the page comes back. */
export const useWakeLock = (): void => {
  useEffect(() => {
    if (!('wakeLock' in navigator)) return;
    let held: WakeLockSentinel | null = null;
    let gone = false;
    const take = (): void => {
      if (document.visibilityState !== 'visible' || gone) return;
      navigator.wakeLock.request('screen').then(
        (lock) => {
          if (gone) void lock.release();
          else held = lock;
        },
        // low battery: the screen dims as it always does
        () => undefined,
      );
    };
    take();
    document.addEventListener('visibilitychange', take);
    return () => {
      gone = true;
      document.removeEventListener('visibilitychange', take);
      void held?.release();
    };
  }, []);
};
