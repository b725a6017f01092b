import type { Connection } from '@libp2p/interface';
import type { Clock, Presence, RandomBytes } from '../ports.ts';
import { backoff, fraction } from './backoff.ts';
import {
  AFTER_CLOSE_MS,
  HIGHER_ID_WAIT_MS,
  MAX_KNOWN_PEERS,
  MAX_OPENED_LINKS,
  PEER_BACKOFF_MS,
  SHORT_LIFE_MS,
} from './limits.ts';
import type { LinkTable, LiveLink, Protocol } from './linkTable.ts';
import type { Relay } from './relayAddress.ts';

export interface PeersOptions {
  readonly self: string;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly table: LinkTable;
  readonly isBanned: (peer: string) => boolean;
  /** Relays that carry circuits now. */
  readonly readyRelays: () => readonly Relay[];
  /** A connection to that peer which may be used for a new link. */
  readonly connectionTo: (peer: string) => Connection | undefined;
  /** Dials a circuit through that relay. */
  readonly dial: (relay: Relay, peer: string) => Promise<Connection>;
}

/** Whom we know from rendezvous, and the attempts to have a link with up to MAX_OPENED_LINKS of them. */
export interface Peers {
  setPresence(presence: readonly Presence[]): void;
  found(relay: Relay, tag: string, peers: readonly string[], isNews: boolean): void;
  /** Whether that peer was found under a tag that we look up. */
  wants(peer: string): boolean;
  linkOpened(live: LiveLink): void;
  linkClosed(live: LiveLink, byUs: boolean): void;
  /** Tries at once all who wait for their next attempt. */
  wake(): void;
  stop(): void;
}

interface Known {
  readonly peer: string;
  readonly protocol: Protocol;
  readonly tags: Set<string>;
  /** Peer ids of the relays at which it was found. */
  readonly relays: Set<string>;
  failures: number;
  openedAt: number | undefined;
  isDialling: boolean;
  cancelWait: (() => void) | undefined;
}

export function createPeers(options: PeersOptions): Peers {
  const { self, clock, random, table } = options;
  let protocols = new Map<string, Protocol>();
  /** By protocol and peer; the least recently seen first. */
  const known = new Map<string, Known>();
  let stopped = false;

  const keyOf = (peer: string, protocol: Protocol): string => `${protocol}/${peer}`;
  const isLinked = ({ peer, protocol }: Known): boolean => table.find(peer, protocol) !== undefined;
  const isIdle = (one: Known): boolean =>
    !one.isDialling && one.cancelWait === undefined && !isLinked(one) && !options.isBanned(one.peer);

  const wait = (one: Known, ms: number): void => {
    one.cancelWait?.();
    one.cancelWait = clock.after(ms, () => {
      one.cancelWait = undefined;
      fill();
    });
  };
  const endWait = (one: Known): void => {
    one.cancelWait?.();
    one.cancelWait = undefined;
  };

  const fill = (): void => {
    if (stopped || options.readyRelays().length === 0) return;
    const idle = [...known.values()].filter(isIdle);
    let room = MAX_OPENED_LINKS - table.size() - [...known.values()].filter((one) => one.isDialling).length;
    while (room > 0 && idle.length > 0) {
      // Anyone may be asked first: so the links of a large circle spread over all of it.
      const [chosen] = idle.splice(Math.floor(fraction(random) * idle.length), 1);
      if (chosen === undefined) return;
      void connect(chosen);
      room -= 1;
    }
  };

  const connect = async (one: Known): Promise<void> => {
    one.isDialling = true;
    try {
      const connection = options.connectionTo(one.peer) ?? (await dialThroughAny(one));
      if (stopped) return;
      const outcome = isLinked(one) ? 'open' : await table.open(connection, one.protocol);
      if (outcome === 'refused' && !table.uses(connection)) connection.abort(new Error('no link over it'));
    } catch {
      // No relay reaches that peer now: it counts as a failure below.
    } finally {
      one.isDialling = false;
      if (!stopped && !isLinked(one)) {
        one.failures += 1;
        wait(one, backoff(one.failures - 1, PEER_BACKOFF_MS, random));
      }
    }
  };

  const dialThroughAny = async (one: Known): Promise<Connection> => {
    let failure = new Error('no relay');
    for (const relay of options.readyRelays()) {
      if (!one.relays.has(relay.peerId)) continue;
      try {
        return await options.dial(relay, one.peer);
      } catch (error) {
        failure = error instanceof Error ? error : failure;
      }
    }
    throw failure;
  };

  const remember = (peer: string, protocol: Protocol): Known | undefined => {
    const key = keyOf(peer, protocol);
    const before = known.get(key);
    if (before !== undefined) {
      known.delete(key);
      known.set(key, before);
      return before;
    }
    if (known.size >= MAX_KNOWN_PEERS) {
      const spare = [...known].find(([, one]) => !isLinked(one) && !one.isDialling);
      if (spare === undefined) return undefined;
      endWait(spare[1]);
      known.delete(spare[0]);
    }
    const one: Known = {
      peer,
      protocol,
      tags: new Set(),
      relays: new Set(),
      failures: 0,
      openedAt: undefined,
      isDialling: false,
      cancelWait: undefined,
    };
    known.set(key, one);
    if (protocol === 'sync' && self > peer) wait(one, HIGHER_ID_WAIT_MS);
    return one;
  };

  return {
    setPresence(presence) {
      protocols = new Map(presence.flatMap(({ meet, protocol }) => meet.map((tag) => [tag, protocol])));
      for (const [key, one] of known) {
        for (const tag of one.tags) if (protocols.get(tag) !== one.protocol) one.tags.delete(tag);
        if (one.tags.size > 0) continue;
        endWait(one);
        known.delete(key);
      }
    },
    found(relay, tag, peers, isNews) {
      const protocol = protocols.get(tag);
      if (protocol === undefined) return;
      for (const peer of peers) {
        if (peer === self) continue;
        const one = remember(peer, protocol);
        if (one === undefined) continue;
        one.tags.add(tag);
        one.relays.add(relay.peerId);
        if (isNews && one.failures > 0) {
          one.failures = 0;
          endWait(one);
        }
      }
      fill();
    },
    wants: (peer) => known.has(keyOf(peer, 'sync')) || known.has(keyOf(peer, 'join')),
    linkOpened({ link }) {
      const one = known.get(keyOf(link.remote, link.protocol));
      if (one === undefined) return;
      endWait(one);
      one.openedAt = clock.now();
    },
    linkClosed({ link }, byUs) {
      const one = known.get(keyOf(link.remote, link.protocol));
      if (one === undefined || isLinked(one) || stopped) return fill();
      const lasted = one.openedAt !== undefined && clock.now() - one.openedAt >= SHORT_LIFE_MS;
      one.failures = lasted ? 0 : one.failures + 1;
      const higher = self > one.peer ? HIGHER_ID_WAIT_MS : 0;
      wait(one, Math.max(backoff(one.failures, PEER_BACKOFF_MS, random) + higher, byUs ? AFTER_CLOSE_MS : 0));
      fill();
    },
    wake() {
      for (const one of known.values()) endWait(one);
      fill();
    },
    stop() {
      stopped = true;
      for (const one of known.values()) endWait(one);
    },
  };
}
