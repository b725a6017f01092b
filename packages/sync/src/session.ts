/**
 * One link to one other replica, as a state machine without IO: bytes, verdicts and time come in, effects go
 * out. The protocol is told at the top of `messages.ts`.
 *
 * Every input answers with the effects the host must carry out, in order. After a `close` effect every input
 * answers with none.
 */
import type { DeviceKey, Id, Signature, TextHash } from '@corridor/ledger';
import { createExchange } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { sessionFault } from './faults.ts';
import type { SessionFault, SessionFaultCode } from './faults.ts';
import { createGreeting } from './greeting.ts';
import {
  CREDIT_WINDOW,
  MAX_CREDIT_WINDOW,
  MAX_MESSAGE_BYTES,
  MIN_CREDIT_WINDOW,
  PROTOCOL_VERSION,
  STALL_MS,
} from './limits.ts';
import { decodeMessage, NONCE_BYTES } from './messageCodec.ts';
import type { DecodeFault } from './messageCodec.ts';
import { isAnswer, spendsCredit } from './messages.ts';
import type { Message, RootMessage, TextAnswer } from './messages.ts';
import type { FeedName, Run, SealedItem, Shelf } from './shelf.ts';

/** What the log says of a device. `unknown`: not in it yet, or we are behind. */
export type Standing = 'member' | 'unknown' | 'removed';
export type SessionState = 'proving' | 'comparing' | 'fetching' | 'live';
/** The checker's word on a signature [E5]. */
export type Verdict = 'valid' | 'invalid' | 'undecided';

/** A circle that ours was founded from [K1]: whoever has not come along is spoken to there, of its books alone. */
export interface EarlierCircle {
  readonly circle: Id;
  readonly secrets: readonly Uint8Array[];
  readonly shelf: Shelf;
}
export interface SessionOptions {
  readonly circle: Id;
  /** Transport peer ids of both ends, authenticated by the transport. */
  readonly self: string;
  readonly remote: string;
  /** Whether we opened the link. */
  readonly outgoing: boolean;
  /** `sessionSecret(bookKey)` of each epoch we would speak under, newest first; of more than 64 the oldest are left out. */
  readonly secrets: readonly Uint8Array[];
  /** Newest first. */
  readonly earlier?: readonly EarlierCircle[];
  /** This device. Until the log shows it, only the log's own lanes are asked for. */
  readonly device: DeviceKey;
  /** 16 fresh random bytes. */
  readonly nonce: Uint8Array;
  readonly shelf: Shelf;
  readonly standing: (device: DeviceKey) => Standing;
  /** What a removed device may still read: without it such a device is told nothing, and the session ends. */
  readonly parting?: (device: DeviceKey) => Shelf;
  /** Whether the log waits for entries of other lanes that a decision cites [C1]. */
  readonly logWaits?: () => boolean;
  /** Whether another session is fetching this feed already: this one then waits with it. */
  readonly busy?: (feed: FeedName) => boolean;
  /** Bytes that may be under way to us, 8 KiB to 1 MiB; 512 KiB if left out. */
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
  | { readonly type: 'met'; readonly device: DeviceKey; readonly standing: Standing }
  /** Which books the other side has open, ascending; again when that changes. */
  | { readonly type: 'books'; readonly books: readonly number[] }
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

const close = (code: SessionFaultCode, detail: string): readonly SessionEffect[] => [
  { type: 'close', fault: sessionFault(code, detail) },
];
const describe = (fault: DecodeFault): string => {
  switch (fault.code) {
    case 'oversize':
      return `${fault.length} bytes`;
    case 'malformed':
      return `malformed at ${fault.at}`;
    case 'unknown-type':
      return `unknown type ${fault.messageType}`;
  }
};

/** A session over one link. Throws if the options break what they promise, or the host answers unasked. */
export const createSession = (options: SessionOptions): Session => {
  const window = options.window ?? CREDIT_WINDOW;
  if (window < MIN_CREDIT_WINDOW || window > MAX_CREDIT_WINDOW) throw new Error(`window of ${window} bytes`);
  if (options.nonce.length !== NONCE_BYTES) throw new Error('a nonce has 16 bytes');
  if (options.secrets.length === 0) throw new Error('no book key to speak under');

  const greeting = createGreeting(options);
  let exchange: Exchange | undefined;
  /** Their ROOT, when it comes before our checker has spoken. */
  let early: RootMessage | undefined;
  let closed = false;
  let told: SessionState | undefined;
  let heard = true;
  let lastHeardAt: number | undefined;

  const state = (): SessionState => exchange?.state() ?? 'proving';
  /** Adds the state if it changed, and lets nothing follow a `close`. */
  const conclude = (effects: readonly SessionEffect[]): readonly SessionEffect[] => {
    const end = effects.findIndex((effect) => effect.type === 'close');
    if (end >= 0) {
      closed = true;
      return effects.slice(0, end + 1);
    }
    if (state() === told) return effects;
    told = state();
    return [...effects, { type: 'progress', state: told }];
  };
  const alive = (run: () => readonly SessionEffect[]): readonly SessionEffect[] =>
    closed ? [] : conclude(run());
  const inExchange = (run: (open: Exchange) => readonly SessionEffect[]): readonly SessionEffect[] =>
    alive(() => (exchange === undefined ? [] : run(exchange)));

  /** Once both proofs are good, the exchange begins. */
  const greeted = (effects: readonly SessionEffect[]): readonly SessionEffect[] => {
    const proven = greeting.greeted();
    if (proven === undefined || exchange !== undefined) return effects;
    const before = options.earlier?.[proven.earlier ?? -1]?.shelf;
    const here = before === undefined ? options : { ...options, shelf: before, parting: () => before };
    exchange = createExchange(here, window, proven);
    const begun = exchange.begin();
    return [...effects, ...begun, ...(early === undefined ? [] : exchange.receive(early, 0))];
  };

  const understand = (fault: DecodeFault): readonly SessionEffect[] => {
    const version = greeting.theirVersion();
    const newer = version !== undefined && version > PROTOCOL_VERSION;
    if (fault.code === 'oversize') return close('oversize', describe(fault));
    return close(newer ? 'newer-version' : 'garbage', describe(fault));
  };

  const take = (message: Message, bytes: number): readonly SessionEffect[] => {
    if (exchange !== undefined) return exchange.receive(message, bytes);
    if (message.type === 'hello' || message.type === 'member') return greeted(greeting.receive(message));
    if (message.type !== 'root' || !greeting.proofCame() || early !== undefined)
      return close('out-of-order', `${message.type} before membership`);
    early = message;
    return [];
  };

  const receive = (bytes: Uint8Array): readonly SessionEffect[] => {
    const code = bytes[0] ?? 0;
    heard ||= isAnswer(code);
    if (bytes.length > MAX_MESSAGE_BYTES) return close('oversize', `${bytes.length} bytes`);
    // Credit is charged before anything is read.
    if (exchange !== undefined && spendsCredit(code)) {
      const overrun = exchange.charge(bytes.length);
      if (overrun !== undefined) return [{ type: 'close', fault: overrun }];
    }
    const message = decodeMessage(bytes);
    return message.ok ? take(message.value, bytes.length) : understand(message.fault);
  };

  return {
    start: () => alive(() => greeting.start()),
    receive: (bytes) => alive(() => receive(bytes)),
    signed: (signature) => alive(() => greeted(greeting.signed(signature))),
    checked: (verdict) => alive(() => greeted(greeting.checked(verdict))),
    settledBatch: (batch, outcome) => inExchange((open) => open.settled(batch, outcome)),
    news: (runs) => inExchange((open) => open.news(runs)),
    shelfChanged: () => inExchange((open) => open.shelfChanged()),
    wantTexts: (hashes) => inExchange((open) => open.wantTexts(hashes)),
    tick: (now) =>
      alive(() => {
        const owed = exchange === undefined || exchange.waiting();
        if (heard || !owed || lastHeardAt === undefined) lastHeardAt = now;
        heard = false;
        if (now - lastHeardAt >= STALL_MS) return close('stalled', state());
        return exchange?.tick(now) ?? [];
      }),
    isFetching: (feed) => !closed && exchange?.isFetching(feed) === true,
    state: () => (closed ? 'closed' : state()),
  };
};
