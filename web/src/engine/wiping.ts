/**
 * One gesture erases this browser [S4]. The window does it by itself: it asks no worker, which may be busy, and no other
 * tab, which may be asleep. Who hears of it lets go, and finishes it where the tab that began is gone.
 */
import type { Answer, LockView, PeerView } from '@corridor/peer';
import { wipeOrigin } from '@corridor/peer/browser';
import type { EngineMessage } from './calls.ts';
import { notWiped } from './notWiped.ts';

/** After so long without a word the tab that began is taken for gone, milliseconds. */
const FINISH_MS = 2000;

export interface Wiping {
  wipe(): Promise<Answer<null>>;
  /** Another tab wipes, or has wiped. */
  heard(message: Extract<EngineMessage, { type: 'wipe' | 'wiped' }>): void;
}
export function createWiping(tab: {
  readonly tell: (message: EngineMessage) => void;
  readonly view: () => PeerView;
  readonly show: (view: PeerView) => void;
  /** Ends the worker and the network of this tab. */
  readonly letGo: () => void;
}): Wiping {
  let helping: ReturnType<typeof setTimeout> | undefined;
  const startAnew = (): void => location.replace('/');

  const wipe = async (): Promise<Answer<null>> => {
    tab.tell({ type: 'wipe' });
    tab.letGo();
    unlist(tab.view());
    const remains = await wipeOrigin();
    if (remains.length === 0) {
      tab.tell({ type: 'wiped' });
      startAnew();
      return { ok: true, value: null };
    }
    // Nothing of the circle stays on any screen; from there it can be tried again.
    const view: PeerView = { stage: 'broken', reason: notWiped(remains) };
    tab.show(view);
    tab.tell({ type: 'view', view });
    return {
      ok: false,
      refusal: { code: 'not-wiped', values: { signing: remains.includes('signing') ? 1 : 0 } },
    };
  };
  return {
    wipe,
    heard({ type }) {
      clearTimeout(helping);
      if (type === 'wiped') return startAnew();
      tab.letGo();
      tab.show({ stage: 'starting' });
      helping = setTimeout(() => void wipe(), FINISH_MS);
    },
  };
}

/** Tells the phone that its passkey opens nothing any more; it may be too late for that, and nothing hangs on it. */
function unlist(view: PeerView): void {
  const lock: LockView | undefined =
    view.stage === 'circle' || view.stage === 'locked' ? view.lock : undefined;
  const passkey = lock?.passkey;
  if (!passkey) return;
  import('./passkey.ts').then(
    ({ dropPasskey }) => dropPasskey(passkey),
    () => undefined,
  );
}
