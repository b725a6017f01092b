import { useEffect } from 'preact/hooks';
import { camera } from './warmCamera.ts';

/** Keeps the camera warm while this screen is seen. It goes on to the scan screen, and to no other. */
export const useWarmCamera = (): void => {
  useEffect(() => {
    const follow = (): void => {
      if (document.visibilityState === 'visible') camera.warm();
      else camera.cool('now');
    };
    follow();
    document.addEventListener('visibilitychange', follow);
    return () => {
      document.removeEventListener('visibilitychange', follow);
      camera.cool(location.pathname === '/scan' ? 'soon' : 'now');
    };
  }, []);
};
