import type { Connection, Stream } from '@libp2p/interface';
import {
  createRendezvousReader,
  encodeRendezvous,
  isRendezvousTag,
  MAX_RENDEZVOUS_TAGS,
  RENDEZVOUS_PROTOCOL,
} from '@corridor/sync/rendezvous';
import type { RendezvousReply, RendezvousRequest } from '@corridor/sync/rendezvous';
import type { Clock } from '../ports.ts';
import { OPEN_TIMEOUT_MS, RELAY_PULSE_MS } from './limits.ts';

/** Which tags we are listed under and which we look up [S3]. */
export interface Tags {
  readonly register: readonly string[];
  readonly meet: readonly string[];
}

/** What a relay says of itself. */
export interface RelayGreeting {
  readonly day: number;
  /** Empty: the host at which we reached the relay. */
  readonly stunHost: string;
  /** 0: it has no STUN. */
  readonly stunPort: number;
}

export interface RendezvousEvents {
  readonly greeted: (greeting: RelayGreeting) => void;
  /** `isNews`: they were listed just now, rather than found by asking. */
  readonly found: (tag: string, peers: readonly string[], isNews: boolean) => void;
  /** Once: the stream broke, or the relay said nonsense or nothing at all. */
  readonly ended: (reason: string) => void;
}

export interface Rendezvous {
  /** Replaces what we are listed under, and at once asks who is there. */
  setTags(tags: Tags): void;
  /** Asks again now; a relay that is gone is found out by this. */
  pulse(): void;
  stop(): void;
}

const RETRY_MS = 2_000;

const usable = (tags: readonly string[]): readonly string[] =>
  [...new Set(tags)].filter(isRendezvousTag).slice(0, MAX_RENDEZVOUS_TAGS);

/** Opens the rendezvous stream on a connection to a relay. Throws what `newStream` throws. */
export async function openRendezvous(
  connection: Connection,
  clock: Clock,
  events: RendezvousEvents,
  signal: AbortSignal,
): Promise<Rendezvous> {
  const stream = await connection.newStream(RENDEZVOUS_PROTOCOL, { signal });
  return overRendezvousStream(stream, clock, events);
}

function overRendezvousStream(stream: Stream, clock: Clock, events: RendezvousEvents): Rendezvous {
  const read = createRendezvousReader();
  let tags: Tags = { register: [], meet: [] };
  let requests = 0;
  let over = false;
  let cancelPulse: (() => void) | undefined;
  let cancelRetry: (() => void) | undefined;
  let cancelDeadline: (() => void) | undefined;

  const end = (reason: string): void => {
    if (over) return;
    over = true;
    cancelPulse?.();
    cancelRetry?.();
    cancelDeadline?.();
    stream.abort(new Error(reason));
    events.ended(reason);
  };
  const write = (message: RendezvousRequest): void => {
    if (over) return;
    try {
      stream.send(encodeRendezvous(message));
    } catch {
      return end('the stream no longer takes bytes');
    }
    cancelDeadline ??= clock.after(OPEN_TIMEOUT_MS, () => end('the relay does not answer'));
  };
  const nextRequest = (): number => (requests = (requests + 1) % 65536);
  const lookUp = (): void => {
    write({ type: 'lookup', request: nextRequest(), tags: tags.meet });
    cancelPulse?.();
    cancelPulse = clock.after(RELAY_PULSE_MS, lookUp);
  };
  const ask = (): void => {
    write({ type: 'register', request: nextRequest(), tags: tags.register, watch: tags.meet });
    lookUp();
  };
  const take = (reply: RendezvousReply): void => {
    switch (reply.type) {
      case 'greeting':
        return events.greeted({ day: reply.day, stunHost: reply.stunHost, stunPort: reply.stunPort });
      case 'registered':
        return;
      case 'found':
        for (const { tag, peers } of reply.found)
          if (tags.meet.includes(tag)) events.found(tag, peers, false);
        return;
      case 'notice':
        if (tags.meet.includes(reply.tag)) events.found(reply.tag, [reply.peer], true);
        return;
      case 'refused':
        cancelRetry?.();
        cancelRetry = clock.after(RETRY_MS, ask);
        return;
    }
  };

  stream.addEventListener('message', ({ data }) => {
    const frames = read(data.subarray());
    if (!frames.ok) return end(`the relay said ${frames.fault}`);
    for (const message of frames.messages) {
      if (message.type === 'register' || message.type === 'lookup') return end('the relay asks us');
      cancelDeadline?.();
      cancelDeadline = undefined;
      take(message);
      if (over) return;
    }
  });
  stream.addEventListener('remoteCloseWrite', () => end('the relay closed the rendezvous'));
  stream.addEventListener('close', ({ error }) => end(error?.message ?? 'closed'));

  return {
    setTags(next) {
      tags = { register: usable(next.register), meet: usable(next.meet) };
      ask();
    },
    pulse: lookUp,
    stop: () => end('stopped'),
  };
}
