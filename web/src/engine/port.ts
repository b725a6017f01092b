import type { PeerIntents, PeerView } from '@corridor/peer';
import type { ReadonlySignal } from '@preact/signals';

/** A code the screens can offer where there is no camera to point: only the demo circle has them. */
export interface SampleCode {
  readonly label: string;
  readonly code: string;
}

/** What stands behind the screens: the view they draw and the intents they send. */
export interface Engine {
  readonly view: ReadonlySignal<PeerView>;
  readonly intents: PeerIntents;
  readonly samples?: () => readonly SampleCode[];
}
