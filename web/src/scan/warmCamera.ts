/**
 * A camera that is opened before it is asked for. While a code is on the screen, the next thing its owner does is scan
 * the other person's; opening a camera takes a second that both would wait. It is one camera: whoever scans takes the
 * one that is warm, or waits for the one that is still opening, for a second one would find it busy.
 */
import { openCamera, stopCamera } from './camera.ts';
import type { CameraOutcome } from './camera.ts';

/** What the outside has to offer; tests bring their own. */
export interface CameraPorts {
  /** True only when opening can't make the browser ask anything. Never rejects. */
  mayOpen(): Promise<boolean>;
  open(facing: 'environment' | 'user'): Promise<CameraOutcome>;
  stop(stream: MediaStream): void;
}
export interface WarmCamera {
  /** Opens the camera at the back unless the browser would ask, or one is warm already. */
  warm(): void;
  /** Stops what is warm: at once, or soon, so that a screen that is coming can still take it. */
  cool(when: 'now' | 'soon'): void;
  /** The warm camera if it is this one, else a fresh one. From then on it is the caller's to stop. */
  take(facing: 'environment' | 'user'): Promise<CameraOutcome>;
}

/** The one that scans another's screen. */
const FACING = 'environment';
/** How long the scan screen may take to come. */
const SOON_MS = 3000;

type Opening = Promise<CameraOutcome | null>;

const isLive = (stream: MediaStream): boolean =>
  stream.getVideoTracks().some(({ readyState }) => readyState === 'live');

export const createWarmCamera = ({ mayOpen, open, stop }: CameraPorts): WarmCamera => {
  let warming: Opening | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** Takes what is warm, or still warming, out of here. */
  const takeOut = (): Opening | null => {
    clearTimeout(timer);
    const taken = warming;
    warming = null;
    return taken;
  };
  const start = (): Opening => {
    const mine: Opening = mayOpen().then((may) =>
      // taken out meanwhile: then it is not even opened
      may && warming === mine ? open(FACING) : null,
    );
    return mine;
  };
  const drop = async (opening: Opening | null): Promise<void> => {
    const outcome = await opening;
    if (outcome?.ok === true) stop(outcome.stream);
  };
  return {
    warm() {
      clearTimeout(timer);
      warming ??= start();
    },
    cool(when) {
      clearTimeout(timer);
      if (when === 'soon') timer = setTimeout(() => void drop(takeOut()), SOON_MS);
      else void drop(takeOut());
    },
    async take(facing) {
      const taken = takeOut();
      if (facing !== FACING) await drop(taken);
      else {
        const outcome = await taken;
        if (outcome?.ok === true && isLive(outcome.stream)) return outcome;
      }
      return open(facing);
    },
  };
};

/** Where a browser can't tell whether it would ask, it might; so nothing is opened there. */
const mayOpen = async (): Promise<boolean> => {
  try {
    return (await navigator.permissions.query({ name: 'camera' })).state === 'granted';
  } catch {
    return false;
  }
};

/** This phone's. */
export const camera = createWarmCamera({ mayOpen, open: openCamera, stop: stopCamera });
