/**
 * One link to one other replica, as a state machine without IO: bytes, verdicts and time come in, effects go
 * out. The protocol is told at the top of `messages.ts`.
 *
 * Every input answers with the effects the host must carry out, in order. After a `close` effect every input
 * answers with none.
 */
import type { DeviceKey, Id, Signature, TextHash } from '@corridor/ledger';
import type { SessionFault } from './faults.ts';
import type { TextAnswer } from './messages.ts';
import type { FeedName, Run, SealedItem, Shelf } from './shelf.ts';

/** What the log says of a device. `unknown`: not in it yet, or we are behind. */
export type Standing = 'member' | 'unknown' | 'removed';
export type SessionState = 'proving' | 'comparing' | 'fetching' | 'live';
/** The checker's word on a signature [E5]. */
export type Verdict = 'valid' | 'invalid' | 'undecided';

export interface SessionOptions {
  readonly circle: Id;
  /** Transport peer ids of both ends, authenticated by the transport. */
  readonly self: string;
  readonly remote: string;
  /** Whether we opened the link. */
  readonly outgoing: boolean;
  /** `sessionSecret(bookKey)` of each epoch we would speak under, newest first, at most 4. */
  readonly secrets: readonly Uint8Array[];
  readonly device: DeviceKey;
  /** 16 fresh random bytes. */
  readonly nonce: Uint8Array;
  readonly shelf: Shelf;
  readonly standing: (device: DeviceKey) => Standing;
  /** Whether another session is fetching this feed already: this one then waits with it. */
  readonly busy?: (feed: FeedName) => boolean;
  /** Bytes that may be under way to us, 8 KiB to 1 MiB; 256 KiB if left out. */
  readonly window?: number;
}

/** What the host made of a batch. Before it says so, its shelf shows what it kept. */
export type BatchOutcome =
  /** Kept, parked or already held; nothing against the sender. */
  | { readonly type: 'settled' }
  /** These feeds' runs do not link to what we hold: two histories. The rest is settled. */
  | { readonly type: 'unlinked'; readonly feeds: readonly FeedName[] }
  /** Not to be accepted from anybody: the session ends. */
  | { readonly type: 'fault'; readonly reason: string };

export type SessionEffect =
  | { readonly type: 'send'; readonly bytes: Uint8Array }
  /** Sign with this device's key and answer with `signed`. */
  | { readonly type: 'sign'; readonly message: Uint8Array }
  /** Check and answer with `checked`. */
  | {
      readonly type: 'check';
      readonly device: DeviceKey;
      readonly message: Uint8Array;
      readonly signature: Signature;
    }
  /** The other side proved its key. Comes again when an unknown device turns out to be a member. */
  | { readonly type: 'met'; readonly device: DeviceKey; readonly standing: 'member' | 'unknown' }
  /** Open, verify and keep these runs, in this order; answer with `settledBatch`. */
  | {
      readonly type: 'deliver';
      readonly batch: number;
      readonly via: 'have' | 'push';
      readonly runs: readonly Run[];
    }
  /** One branch: the other's, to be put beside our own. Two: a whole proof. None: it has nothing there. */
  | {
      readonly type: 'deliverProof';
      readonly batch: number;
      readonly feed: FeedName;
      readonly seq: number;
      readonly branches: readonly (readonly SealedItem[])[];
    }
  | { readonly type: 'deliverText'; readonly batch: number; readonly texts: readonly TextAnswer[] }
  | { readonly type: 'progress'; readonly state: SessionState }
  | { readonly type: 'close'; readonly fault: SessionFault };

export interface Session {
  readonly start: () => readonly SessionEffect[];
  /** One whole message. The session keeps views of `bytes`: hand it over for good. */
  readonly receive: (bytes: Uint8Array) => readonly SessionEffect[];
  /** null: the key could not sign. */
  readonly signed: (signature: Signature | null) => readonly SessionEffect[];
  readonly checked: (verdict: Verdict) => readonly SessionEffect[];
  readonly settledBatch: (batch: number, outcome: BatchOutcome) => readonly SessionEffect[];
  /** Entries this replica has just kept: pushed to the other side unless it is known to have them. */
  readonly news: (runs: readonly Run[]) => readonly SessionEffect[];
  /** The shelf or the log changed otherwise, or another session ended. */
  readonly shelfChanged: () => readonly SessionEffect[];
  readonly wantTexts: (hashes: readonly TextHash[]) => readonly SessionEffect[];
  /** Milliseconds of any clock that does not run backwards; call it every second or so. */
  readonly tick: (now: number) => readonly SessionEffect[];
  /** Whether this session has asked for this feed and not yet settled it: for other sessions' `busy`. */
  readonly isFetching: (feed: FeedName) => boolean;
  readonly state: () => SessionState | 'closed';
}
