import { useEffect } from 'preact/hooks';
import { useApp } from './app.ts';
import { closePress } from './draft.ts';

/** Once what was paid is on the screen, the press and the request that it answered are over; not before. */
export const useClosePress = (isShown: boolean): void => {
  const app = useApp();
  useEffect(() => {
    if (!isShown) return;
    closePress();
    app.asked.value = null;
  }, [app, isShown]);
};
