import type { Connection } from '@libp2p/interface';
import { multiaddr } from '@multiformats/multiaddr';
import type { Libp2pOptions } from 'libp2p';
import type { Clock, Presence, RandomBytes, Transport, TransportEvent } from '../ports.ts';
import { createBans } from './bans.ts';
import { createGater } from './gater.ts';
import { startLibp2pNode } from './libp2pNode.ts';
import {
  IDLE_CONNECTION_MS,
  LINGER_MS,
  MAX_LINKS,
  MAX_STREAMS_PER_PROTOCOL,
  OPEN_TIMEOUT_MS,
  UPGRADE_TIMEOUT_MS,
} from './limits.ts';
import { createLinkTable, PROTOCOL_IDS } from './linkTable.ts';
import type { Protocol } from './linkTable.ts';
import { createPeers } from './peers.ts';
import type { RelayAddress } from './relayAddress.ts';
import { createRelaySupervisor } from './relaySupervisor.ts';
import { createUpgrader } from './upgrade.ts';
import { stoppable } from './stoppableClock.ts';
import type { DirectRules } from './webrtc.ts';

export interface Libp2pTransportOptions {
  /** 32 random bytes kept with the circle: they make our peer id, another one in each circle [S3]. */
  readonly identitySeed: Uint8Array;
  /** Those that the circle knows by itself, from its invite. */
  readonly relays: readonly RelayAddress[];
  /** What `fetchRelays` brought last, in an earlier run. */
  readonly announced?: readonly RelayAddress[] | undefined;
  /** Relays without TLS are left alone. */
  readonly secureOnly?: boolean | undefined;
  /** Asked at the start and when a relay fails, e.g. for `relay.json` of the page's own origin. */
  readonly fetchRelays?: ((signal: AbortSignal) => Promise<readonly RelayAddress[]>) | undefined;
  readonly clock: Clock;
  readonly random: RandomBytes;
  /** Stops the transport. */
  readonly signal?: AbortSignal | undefined;
}

/** A {@link Transport} over libp2p. It contacts nobody before `listen`. */
export interface Libp2pTransport extends Transport {
  /** The network may be back: tries at once everything that waits for its next attempt. */
  wake(): void;
}

type TransportFactory = NonNullable<Libp2pOptions['transports']>[number];

/**
 * Joins the parts to one transport. `direct` makes the WebRTC transport where there is one. Relays that are down
 * are no error: they are tried for as long as it takes. Rejects only if `signal` is aborted already.
 */
export async function createTransportOverLibp2p(
  options: Libp2pTransportOptions,
  direct?: (rules: DirectRules) => TransportFactory,
): Promise<Libp2pTransport> {
  options.signal?.throwIfAborted();
  const { random } = options;
  const clock = stoppable(options.clock);
  let handler: ((event: TransportEvent) => void) | undefined;
  let presence: readonly Presence[] = [];
  let relayOnly = false;
  let stopping: Promise<void> | undefined;

  const emit = (event: TransportEvent): void => handler?.(event);
  const bans = createBans(clock);
  const allowsDirect = (peer: string): boolean =>
    direct !== undefined && !relayOnly && !bans.has(peer) && peers.wants(peer) && hasLink(peer);
  const hasLink = (peer: string): boolean => table.all().some(({ link }) => link.remote === peer);
  const isMet = (): boolean => presence.some(({ register, meet }) => register.length + meet.length > 0);

  const { libp2p, dialler } = await startLibp2pNode({
    identitySeed: options.identitySeed,
    gater: createGater({
      relays: () => supervisor.listed(),
      wants: (peer) => peers.wants(peer) || hasLink(peer),
      admits: (peer) => !bans.has(peer) && isMet() && (hasLink(peer) || table.size() < MAX_LINKS),
      isBanned: bans.has,
    }),
    more:
      direct === undefined
        ? []
        : [direct({ allows: allowsDirect, stunServers: () => supervisor.stunServers() })],
  });
  const self = libp2p.peerId.toString();

  const table = createLinkTable({
    self,
    clock,
    random,
    emit,
    admits: (peer) => !bans.has(peer) && isMet(),
    opened(live) {
      peers.linkOpened(live);
      upgrader.linkOpened(live);
    },
    closed(live, byUs) {
      // A dead WebRTC connection looks open for half a minute: a link that ended on one is the sign.
      if (live.link.path === 'direct' && !byUs) cutIfUnused(live.connection);
      else clock.after(LINGER_MS, () => cutIfUnused(live.connection));
      peers.linkClosed(live, byUs);
      upgrader.linkClosed(live);
    },
  });
  const supervisor = createRelaySupervisor({
    dialler,
    relays: options.relays,
    announced: options.announced,
    secureOnly: options.secureOnly,
    fetchRelays: options.fetchRelays,
    clock,
    random,
    changed: (relays) => emit({ type: 'relays', relays }),
    found: (relay, tag, found, isNews) => peers.found(relay, tag, found, isNews),
    ready: () => peers.wake(),
  });
  const peers = createPeers({
    self,
    clock,
    random,
    table,
    isBanned: bans.has,
    readyRelays: supervisor.readyRelays,
    connectionTo: (peer) =>
      connectionsTo(peer)
        .filter(({ status, direct: isDirect }) => status === 'open' && !(relayOnly && isDirect))
        .sort((a, b) => Number(b.direct) - Number(a.direct))[0],
    dial: (relay, peer) => dial(`${relay.address}/p2p-circuit/p2p/${peer}`, OPEN_TIMEOUT_MS),
  });
  const upgrader = createUpgrader({
    self,
    clock,
    random,
    table,
    allows: allowsDirect,
    dialDirect: (circuit) =>
      dial(
        circuit.remoteAddr.toString().replace('/p2p-circuit/', '/p2p-circuit/webrtc/'),
        UPGRADE_TIMEOUT_MS,
      ),
  });

  const connectionsTo = (peer: string): Connection[] =>
    libp2p.getConnections().filter(({ remotePeer }) => remotePeer.toString() === peer);
  const dial = async (address: string, ms: number): Promise<Connection> => {
    const controller = new AbortController();
    const cancelTimeout = clock.after(ms, () => controller.abort(new Error('no answer')));
    try {
      return await libp2p.dial(multiaddr(address), { signal: controller.signal });
    } finally {
      cancelTimeout();
    }
  };
  const cutIfUnused = (connection: Connection): void => {
    if (connection.status === 'open' && !table.uses(connection)) connection.abort(new Error('unused'));
  };
  const isRelay = (peer: string): boolean => supervisor.listed().some(({ peerId }) => peerId === peer);
  const cut = (remote: string, reason: string): void => {
    for (const connection of connectionsTo(remote)) connection.abort(new Error(reason));
  };

  libp2p.addEventListener('connection:open', ({ detail }) => {
    if (!isRelay(detail.remotePeer.toString())) clock.after(IDLE_CONNECTION_MS, () => cutIfUnused(detail));
  });
  libp2p.addEventListener('peer:disconnect', ({ detail }) => {
    // What libp2p notes of a peer would otherwise pile up with every stranger.
    if (!isRelay(detail.toString())) libp2p.peerStore.delete(detail).catch(() => undefined);
  });
  const protocols: readonly Protocol[] = ['sync', 'join'];
  for (const protocol of protocols) {
    await libp2p.handle(
      PROTOCOL_IDS[protocol],
      (stream, connection) => table.accept(stream, connection, protocol),
      {
        runOnLimitedConnection: true,
        maxInboundStreams: MAX_STREAMS_PER_PROTOCOL,
        maxOutboundStreams: MAX_STREAMS_PER_PROTOCOL,
      },
    );
  }

  const stop = (): Promise<void> => {
    stopping ??= (async () => {
      peers.stop();
      upgrader.stop();
      for (const { link } of table.all()) table.close(link.id, 'stopped');
      supervisor.stop();
      await libp2p.stop();
      clock.stop();
      handler = undefined;
    })();
    return stopping;
  };
  options.signal?.addEventListener('abort', () => void stop(), { once: true });

  return {
    self,
    listen(next) {
      handler = next;
      for (const { link } of table.all()) emit({ type: 'open', link });
      emit({ type: 'relays', relays: supervisor.states() });
      if (stopping === undefined) supervisor.start();
    },
    setPresence(next) {
      presence = next;
      peers.setPresence(next);
      supervisor.setTags({
        register: next.flatMap(({ register }) => register),
        meet: next.flatMap(({ meet }) => meet),
      });
    },
    send: table.send,
    queued: table.queued,
    close: table.close,
    ban(remote, seconds) {
      bans.add(remote, seconds);
      for (const { link } of table.all()) if (link.remote === remote) table.close(link.id, 'banned');
      cut(remote, 'banned');
    },
    setRelayOnly(next) {
      if (relayOnly === next) return;
      relayOnly = next;
      for (const { link, connection } of table.all()) {
        if (next && link.path === 'direct') connection.abort(new Error('relay only'));
      }
      upgrader.wake();
    },
    wake() {
      supervisor.wake();
      peers.wake();
      upgrader.wake();
    },
    stop,
  };
}
