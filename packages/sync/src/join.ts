/** Both ends of JOIN as state machines without IO; the messages are told in `joinMessages.ts` [S2]. */
import { toHex } from '@corridor/ledger';
import type { PublicKey } from '@corridor/ledger';
import { sessionFault } from './faults.ts';
import type { SessionFault, SessionFaultCode } from './faults.ts';
import { decodeJoinMessage, encodeJoinMessage, JOIN_NONCE_BYTES } from './joinMessages.ts';
import type { JoinAnswer, JoinMessage, NamedRequest } from './joinMessages.ts';
import { JOIN_STALL_MS, JOIN_VERSION, MAX_JOIN_REQUESTS_PER_LINK } from './limits.ts';

type JoinEnd =
  | { readonly type: 'send'; readonly bytes: Uint8Array }
  /** Nothing more comes or goes; drop the link. */
  | { readonly type: 'close'; readonly fault: SessionFault };

export type JoinerEffect =
  | JoinEnd
  /** Make the request over this nonce (hex), with both proofs, and answer with `request`. */
  | { readonly type: 'make'; readonly nonce: string }
  | { readonly type: 'answer'; readonly answer: JoinAnswer };

export interface Joiner {
  /** Asks; again after a refusal. */
  readonly start: () => readonly JoinerEffect[];
  readonly request: (request: NamedRequest) => readonly JoinerEffect[];
  readonly receive: (bytes: Uint8Array) => readonly JoinerEffect[];
  /** Milliseconds of any clock that does not run backwards. */
  readonly tick: (now: number) => readonly JoinerEffect[];
}

export type DoorEffect =
  | JoinEnd
  /** Check it and carry it; answer with `answer`. */
  | ({ readonly type: 'asked' } & NamedRequest);

export interface Door {
  readonly receive: (bytes: Uint8Array) => readonly DoorEffect[];
  /** `carried` may be followed by one more answer, at any later time. */
  readonly answer: (answer: JoinAnswer) => readonly DoorEffect[];
  readonly tick: (now: number) => readonly DoorEffect[];
}

const close = (code: SessionFaultCode, detail: string): readonly JoinEnd[] => [
  { type: 'close', fault: sessionFault(code, detail) },
];
const send = (message: JoinMessage): JoinEnd => ({ type: 'send', bytes: encodeJoinMessage(message) });
const read = (bytes: Uint8Array): JoinMessage | readonly JoinEnd[] => {
  const message = decodeJoinMessage(bytes);
  if (message.ok) return message.value;
  return close(message.fault.code === 'oversize' ? 'oversize' : 'garbage', JSON.stringify(message.fault));
};
const isEnd = (read: JoinMessage | readonly JoinEnd[]): read is readonly JoinEnd[] => Array.isArray(read);
const ends = (effects: readonly { readonly type: string }[]): boolean =>
  effects.some((effect) => effect.type === 'close');

/** Closes after a silence of {@link JOIN_STALL_MS} in which the other side owed something. */
const createPatience = (): {
  readonly heard: () => void;
  readonly tick: (now: number, owed: boolean) => readonly JoinEnd[];
} => {
  let heard = true;
  let since: number | undefined;
  return {
    heard: () => {
      heard = true;
    },
    tick: (now, owed) => {
      if (heard || !owed || since === undefined) since = now;
      heard = false;
      return now - since >= JOIN_STALL_MS ? close('stalled', 'join') : [];
    },
  };
};

/** The newcomer's end of one link. `invite`: the public key of the invite's one-time seed. */
export const createJoiner = (invite: PublicKey): Joiner => {
  let stage: 'idle' | 'asked' | 'making' | 'requested' | 'carried' | 'closed' = 'idle';
  const patience = createPatience();
  const after = (effects: readonly JoinerEffect[]): readonly JoinerEffect[] => {
    if (ends(effects)) stage = 'closed';
    return effects;
  };

  const take = (message: JoinMessage): readonly JoinerEffect[] => {
    if (message.type === 'nonce' && stage === 'asked') {
      stage = 'making';
      return [{ type: 'make', nonce: toHex(message.nonce) }];
    }
    if (message.type !== 'answer' || (stage !== 'requested' && stage !== 'carried'))
      return close('out-of-order', message.type);
    const { answer } = message;
    if (stage === 'carried' && answer.result === 'carried') return close('out-of-order', 'carried twice');
    stage = answer.result === 'carried' ? 'carried' : 'idle';
    return [{ type: 'answer', answer }];
  };

  return {
    start: () => {
      if (stage !== 'idle') return [];
      stage = 'asked';
      patience.heard();
      return [send({ type: 'ask', version: JOIN_VERSION, invite })];
    },
    request: (request) => {
      if (stage !== 'making') return [];
      stage = 'requested';
      patience.heard();
      return [send({ type: 'request', ...request })];
    },
    receive: (bytes) => {
      if (stage === 'closed') return [];
      patience.heard();
      const message = read(bytes);
      return after(isEnd(message) ? message : take(message));
    },
    tick: (now) =>
      stage === 'closed' ? [] : after(patience.tick(now, stage === 'asked' || stage === 'requested')),
  };
};

/** A member's end of one link. `nonce`: 16 fresh random bytes; one serves the link. */
export const createDoor = (nonce: Uint8Array): Door => {
  if (nonce.length !== JOIN_NONCE_BYTES) throw new Error('a nonce has 16 bytes');
  let stage: 'idle' | 'asked' | 'deciding' | 'carried' | 'closed' = 'idle';
  let invite: PublicKey | undefined;
  let requests = 0;
  const patience = createPatience();
  const after = (effects: readonly DoorEffect[]): readonly DoorEffect[] => {
    if (ends(effects)) stage = 'closed';
    return effects;
  };

  const take = (message: JoinMessage): readonly DoorEffect[] => {
    switch (message.type) {
      case 'ask':
        if (stage !== 'idle') return close('out-of-order', 'second ASK');
        if (message.version < 1) return close('older-version', `version ${message.version}`);
        requests++;
        if (requests > MAX_JOIN_REQUESTS_PER_LINK) return close('too-many-requests', 'asks');
        stage = 'asked';
        ({ invite } = message);
        return [send({ type: 'nonce', nonce })];
      case 'request': {
        if (stage !== 'asked') return close('out-of-order', 'REQUEST without ASK');
        if (message.request.nonce !== toHex(nonce) || message.request.invite !== invite)
          return close('bad-proof', 'another nonce or invite');
        stage = 'deciding';
        const { request, name, salt } = message;
        return [{ type: 'asked', request, name, salt }];
      }
      case 'nonce':
      case 'answer':
        return close('out-of-order', message.type);
    }
  };

  return {
    receive: (bytes) => {
      if (stage === 'closed') return [];
      patience.heard();
      const message = read(bytes);
      return after(isEnd(message) ? message : take(message));
    },
    answer: (answer) => {
      if (stage === 'closed') return [];
      if (stage !== 'deciding' && !(stage === 'carried' && answer.result !== 'carried')) return [];
      stage = answer.result === 'carried' ? 'carried' : 'idle';
      patience.heard();
      return [send({ type: 'answer', answer })];
    },
    // Whoever opens a link and asks nothing holds it for half a minute at most.
    tick: (now) =>
      stage === 'closed' ? [] : after(patience.tick(now, stage === 'idle' || stage === 'asked')),
  };
};
