import type { Connection, Stream } from '@libp2p/interface';
import type { Clock, Link, RandomBytes, TransportEvent } from '../ports.ts';
import { decodeGreeting, encodeGreeting, epochOf } from './greeting.ts';
import type { Greeting } from './greeting.ts';
import { CROSSING_MS, MAX_LINKS, MAX_STREAMS_PER_PROTOCOL, OPEN_TIMEOUT_MS } from './limits.ts';
import { overStream } from './messageStream.ts';
import type { MessageStream } from './messageStream.ts';

/** What the two sides say on the wire for each of the port's protocols. */
export const PROTOCOL_IDS = { sync: '/corridor/sync/1', join: '/corridor/join/1' } as const;

export type Protocol = Link['protocol'];
export type OpenOutcome = 'open' | 'busy' | 'refused' | 'no-protocol';

export interface LiveLink {
  readonly link: Link;
  readonly connection: Connection;
}

export interface LinkTable {
  /** Opens `protocol` over `connection`; takes the place of a link we already have with that remote. */
  open(connection: Connection, protocol: Protocol): Promise<OpenOutcome>;
  /** Takes a stream that the other side opened. */
  accept(stream: Stream, connection: Connection, protocol: Protocol): void;
  find(remote: string, protocol: Protocol): LiveLink | undefined;
  all(): readonly LiveLink[];
  /** Links and openings under way, whoever began them. */
  size(): number;
  uses(connection: Connection): boolean;
  send(link: string, bytes: Uint8Array): boolean;
  queued(link: string): number;
  close(link: string, reason: string): void;
}

export interface LinkTableOptions {
  readonly self: string;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly emit: (event: TransportEvent) => void;
  /** Whether this remote may open links with us at all. */
  readonly admits: (remote: string, protocol: Protocol) => boolean;
  /** After a link closed: a replaced one has its successor in the table already. */
  readonly closed: (live: LiveLink, byUs: boolean) => void;
  readonly opened: (live: LiveLink) => void;
}

interface Entry extends LiveLink {
  readonly messages: MessageStream;
  /** The other side's greeting on this stream. */
  readonly theirs: Greeting;
}

/** A stream of ours that the other side has not yet answered. */
interface Opening {
  readonly connection: Connection;
  readonly stop: (why: string) => void;
  /** Whether an answer is still likely: until then the lower peer id insists on its own stream. */
  isFresh: boolean;
}

const keyOf = (remote: string, protocol: Protocol): string => `${protocol}/${remote}`;

/**
 * At most one link per remote and protocol. When both sides open at once, the stream that the lower peer id
 * opened stays. A later stream replaces the link when its greeting shows that the other side opened it after
 * it last spoke on the link we have (it lost that one, moved to a better path, or restarted); an earlier one
 * is a crossing and is refused. A link is told to the application only when both sides have greeted.
 */
export function createLinkTable(options: LinkTableOptions): LinkTable {
  const { self, clock, emit } = options;
  const epoch = epochOf(options.random);
  const live = new Map<string, Entry>();
  const byId = new Map<string, Entry>();
  const opening = new Map<string, Opening>();
  let openedStreams = 0;
  let linksEver = 0;

  const greet = (): Uint8Array => encodeGreeting({ epoch, opened: openedStreams });

  const drop = (entry: Entry, byUs: boolean): void => {
    if (!byId.delete(entry.link.id)) return;
    const key = keyOf(entry.link.remote, entry.link.protocol);
    if (live.get(key) === entry) live.delete(key);
    emit({ type: 'close', link: entry.link.id });
    options.closed(entry, byUs);
  };

  const establish = (made: Omit<Entry, 'link'>, protocol: Protocol, outgoing: boolean): Entry => {
    const { connection } = made;
    const remote = connection.remotePeer.toString();
    const key = keyOf(remote, protocol);
    linksEver += 1;
    const path = connection.direct ? 'direct' : 'relayed';
    const entry: Entry = { ...made, link: { id: `${epoch}-${linksEver}`, remote, path, protocol, outgoing } };
    const before = live.get(key);
    live.set(key, entry);
    byId.set(entry.link.id, entry);
    if (before !== undefined) {
      drop(before, false);
      before.messages.abort('another stream took its place');
    }
    emit({ type: 'open', link: entry.link });
    options.opened(entry);
    return entry;
  };

  const received = (entry: Entry, bytes: Uint8Array): void => {
    if (byId.has(entry.link.id)) emit({ type: 'message', link: entry.link.id, bytes });
  };

  return {
    async open(connection, protocol) {
      const remote = connection.remotePeer.toString();
      const key = keyOf(remote, protocol);
      if (opening.has(key)) return 'busy';
      const controller = new AbortController();
      const outcome = Promise.withResolvers<OpenOutcome>();
      const stop = (why: string): void => controller.abort(new Error(why));
      const pending: Opening = { connection, stop, isFresh: true };
      opening.set(key, pending);
      const cancelTimeout = clock.after(OPEN_TIMEOUT_MS, () => stop('no answer'));
      const cancelFreshness = clock.after(CROSSING_MS, () => (pending.isFresh = false));
      try {
        const stream = await connection.newStream(PROTOCOL_IDS[protocol], {
          signal: controller.signal,
          runOnLimitedConnection: true,
          maxOutboundStreams: MAX_STREAMS_PER_PROTOCOL,
        });
        if (controller.signal.aborted) {
          // Greeting now would tell the other side that this stream is newer than the link it was stopped for.
          stream.abort(new Error('given up'));
          return 'refused';
        }
        let entry: Entry | undefined;
        const messages = overStream(stream, {
          message(bytes) {
            if (entry !== undefined) return received(entry, bytes);
            const theirs = decodeGreeting(bytes);
            if (!theirs.ok || controller.signal.aborted) return messages.abort('not a greeting');
            opening.delete(key);
            entry = establish({ connection, messages, theirs: theirs.value }, protocol, true);
            outcome.resolve('open');
          },
          ended() {
            if (entry !== undefined) drop(entry, false);
            outcome.resolve('refused');
          },
        });
        controller.signal.addEventListener('abort', () => {
          if (entry === undefined) messages.abort('given up');
        });
        openedStreams += 1;
        messages.send(greet());
        return await outcome.promise;
      } catch (error) {
        return error instanceof Error && error.name === 'UnsupportedProtocolError'
          ? 'no-protocol'
          : 'refused';
      } finally {
        cancelTimeout();
        cancelFreshness();
        if (opening.get(key) === pending) opening.delete(key);
      }
    },

    accept(stream, connection, protocol) {
      const remote = connection.remotePeer.toString();
      const key = keyOf(remote, protocol);
      let entry: Entry | undefined;
      const messages = overStream(stream, {
        message(bytes) {
          if (entry !== undefined) return received(entry, bytes);
          const theirs = decodeGreeting(bytes);
          if (!theirs.ok) return messages.abort('not a greeting');
          const before = live.get(key);
          const pending = opening.get(key);
          const isNews =
            before === undefined ||
            before.theirs.epoch !== theirs.value.epoch ||
            before.theirs.opened < theirs.value.opened;
          const isRoom = before !== undefined || pending !== undefined || live.size < MAX_LINKS;
          const insists = pending?.isFresh === true && self < remote;
          if (!isNews || !isRoom || insists || !options.admits(remote, protocol)) {
            return messages.abort('refused');
          }
          opening.delete(key);
          pending?.stop('the other side was first');
          messages.send(greet());
          entry = establish({ connection, messages, theirs: theirs.value }, protocol, false);
        },
        ended() {
          cancelTimeout();
          if (entry !== undefined) drop(entry, false);
        },
      });
      const cancelTimeout = clock.after(OPEN_TIMEOUT_MS, () => {
        if (entry === undefined) messages.abort('no greeting');
      });
    },

    find: (remote, protocol) => live.get(keyOf(remote, protocol)),
    all: () => [...live.values()],
    size: () => live.size + opening.size,
    uses: (connection) =>
      [...live.values(), ...opening.values()].some((entry) => entry.connection.id === connection.id),
    send: (link, bytes) => byId.get(link)?.messages.send(bytes) ?? false,
    queued: (link) => byId.get(link)?.messages.queued() ?? 0,
    close(link, reason) {
      const entry = byId.get(link);
      if (entry === undefined) return;
      drop(entry, true);
      entry.messages.abort(reason);
    },
  };
}
