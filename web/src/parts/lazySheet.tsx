import { useEffect, useState } from 'preact/hooks';
import type { ComponentType, VNode } from 'preact';

/** A part that is fetched when it is first opened. Where the network is gone it was kept by the service worker. */
export const lazySheet = <P extends object>(load: () => Promise<{ default: ComponentType<P> }>) =>
  function LazySheet(props: P): VNode | null {
    const [Loaded, setLoaded] = useState<ComponentType<P> | null>(null);
    const [failure, setFailure] = useState<Error | null>(null);
    useEffect(() => {
      load().then(
        (found) => setLoaded(() => found.default),
        (fault: unknown) => setFailure(fault instanceof Error ? fault : new Error('not fetched')),
      );
    }, []);
    if (failure !== null) throw failure;
    return Loaded ? <Loaded {...props} /> : null;
  };
