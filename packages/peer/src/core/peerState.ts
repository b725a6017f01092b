/** What a peer is made of, and what its parts may see and change of it while it runs. */
import type { Sha256 } from '@corridor/ledger';
import type { Cipher } from '../cipher.ts';
import type { Clock, RandomBytes, RelayState, SignatureChecker, Store, Transport } from '../ports.ts';
import type { PeerView } from '../view.ts';
import { createAskingFirst, isTelling, type AskingFirst } from './askingFirst.ts';
import type { Beginning } from './beginning.ts';
import type { Circle } from './circle.ts';
import { DEFAULT_SETTINGS, type CircleRecord, type PeerSettings } from './circleRecord.ts';
import type { Doors, SealKey } from './door.ts';
import type { Joining } from './joining.ts';
import type { Links } from './links.ts';
import type { RuleOptions } from './replica.ts';
import { createVault, type Vault } from './vault.ts';

export interface PeerOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly sha256: Sha256;
  readonly cipher: Cipher;
  readonly checker: SignatureChecker;
  /** Opens the network for one circle under its own random identity [S3]. */
  readonly openTransport: (seed: Uint8Array, relays: readonly string[]) => Promise<Transport>;
  /** Where the app is served: what links begin with. */
  readonly appUrl: string;
  /** Relays to meet at besides those the circle's invite names. */
  readonly relays?: readonly string[];
  readonly onView: (view: PeerView) => void;
  /** A broken invariant in work that nobody waits for. By default it is thrown where the host's last resort sees it. */
  readonly onFailure?: (error: unknown) => void;
  /** An always-on peer offers to keep the book as soon as it is in. */
  readonly offersToKeep?: boolean;
  /** For simulations and mutation tests: a seal that replays, a ledger with a rule left out. */
  readonly sealKey?: SealKey;
  readonly rules?: RuleOptions;
}
/** What intents and the network may use and change of the running peer. */
export interface PeerState {
  readonly options: PeerOptions;
  readonly vault: Vault;
  readonly failed: (error: unknown) => void;
  record: CircleRecord | undefined;
  settings: PeerSettings;
  circle: Circle | undefined;
  /** While the circle goes on to its next book [B1]: what is asked meanwhile waits for it. */
  goingOn: Promise<void> | undefined;
  /** The circle is closed and opened again under a changed record; what is asked meanwhile waits. */
  openingAnew: Promise<boolean> | undefined;
  transport: Transport | undefined;
  links: Links | undefined;
  doors: Doors | undefined;
  joining: Joining | undefined;
  /** While there are keys and no book yet. */
  beginning: Beginning | undefined;
  /** Why the keys that a door gave could not be kept. */
  joinTrouble: 'storage-refused' | null;
  readonly asking: AskingFirst;
  relays: readonly RelayState[];
  stage: 'starting' | 'locked' | 'none' | 'running' | 'broken';
  brokenBy: string;
}
export function createPeerState(options: PeerOptions): PeerState {
  const throwLater = (error: unknown): void =>
    queueMicrotask(() => {
      throw error;
    });
  const isMeeting = (): boolean => {
    const book = state.circle?.replica.ledger.book ?? 0;
    return state.links?.connections().some((one) => one.device !== null && isTelling(one, book)) === true;
  };
  const state: PeerState = {
    options,
    asking: createAskingFirst(options.clock, isMeeting),
    vault: createVault(options.store.records, options.store.keys, options.sealKey),
    failed: options.onFailure ?? throwLater,
    record: undefined,
    settings: DEFAULT_SETTINGS,
    circle: undefined,
    goingOn: undefined,
    openingAnew: undefined,
    transport: undefined,
    links: undefined,
    doors: undefined,
    joining: undefined,
    beginning: undefined,
    joinTrouble: null,
    relays: [],
    stage: 'starting',
    brokenBy: '',
  };
  return state;
}
