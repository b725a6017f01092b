import { circuitRelayTransport } from '@libp2p/circuit-relay-v2';
import type { CircuitRelayTransportComponents } from '@libp2p/circuit-relay-v2';
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys';
import { identify } from '@libp2p/identify';
import type { ConnectionGater, Libp2p, PeerId, Transport as Libp2pTransport } from '@libp2p/interface';
import { noise } from '@libp2p/noise';
import { webSockets } from '@libp2p/websockets';
import { yamux } from '@libp2p/yamux';
import { multiaddr } from '@multiformats/multiaddr';
import { createLibp2p } from 'libp2p';
import type { Libp2pOptions } from 'libp2p';
import {
  MAX_CONNECTIONS,
  MAX_RELAY_LIST,
  MAX_SOCKET_BYTES,
  MAX_STREAMS_PER_PROTOCOL,
  OPEN_TIMEOUT_MS,
  UPGRADE_TIMEOUT_MS,
} from './limits.ts';
import type { RelayDialler } from './relaySupervisor.ts';

type TransportFactory = NonNullable<Libp2pOptions['transports']>[number];

/** The part of the circuit transport that makes and loses reservations. */
interface ReservationStore {
  addRelay(relay: PeerId, type: 'configured'): Promise<unknown>;
  addEventListener(
    type: 'relay:removed',
    listener: (event: { readonly detail: { readonly relay: PeerId } }) => void,
  ): void;
}

const hasReservations = (
  transport: Libp2pTransport,
): transport is Libp2pTransport & { reservationStore: ReservationStore } => 'reservationStore' in transport;

/**
 * A relay says by its own clock until when a reservation holds. On a phone whose clock is ahead that is in the past,
 * and the store of peers takes no tag with a negative life: the reservation would be thrown away.
 */
const toleratingClocks = (components: CircuitRelayTransportComponents): CircuitRelayTransportComponents => {
  const { peerStore } = components;
  const merge: typeof peerStore.merge = (peer, data, options) => {
    if (data.tags === undefined) return peerStore.merge(peer, data, options);
    const given = data.tags instanceof Map ? data.tags : new Map(Object.entries(data.tags));
    const tags = [...given].map(([name, tag]) => {
      const isPast = tag?.ttl !== undefined && tag.ttl <= 0;
      return [name, isPast ? { ...tag, ttl: 1 } : tag] as const;
    });
    return peerStore.merge(peer, { ...data, tags: new Map(tags) }, options);
  };
  const tolerant = new Proxy(peerStore, {
    get: (store, name) => (name === 'merge' ? merge : bound(store, name)),
  });
  return new Proxy(components, {
    get: (all, name): unknown => (name === 'peerStore' ? tolerant : Reflect.get(all, name)),
  });
};
/** Methods stay those of the thing itself: private fields are not seen through a proxy. */
const bound = (target: object, name: string | symbol): unknown => {
  const value: unknown = Reflect.get(target, name);
  return typeof value === 'function' ? value.bind(target) : value;
};

export interface Libp2pNode {
  readonly libp2p: Libp2p;
  readonly dialler: RelayDialler;
}

export interface Libp2pNodeOptions {
  /** 32 bytes that make the Ed25519 peer id: random, and another for each circle [S3]. */
  readonly identitySeed: Uint8Array;
  readonly gater: ConnectionGater;
  /** Transports beside WebSockets and circuits. */
  readonly more: readonly TransportFactory[];
}

/**
 * A started libp2p node that listens nowhere, discovers nothing and dials nothing by itself: no defaults of
 * libp2p stay in force that would contact a third party, tell our browser's name, or cut a slow phone off.
 */
export async function startLibp2pNode(options: Libp2pNodeOptions): Promise<Libp2pNode> {
  let reservations: ReservationStore | undefined;
  const circuit = (components: CircuitRelayTransportComponents): Libp2pTransport => {
    const transport = circuitRelayTransport({
      // Every relay counts as seen already: only the supervisor makes reservations.
      discoveryFilter: { has: () => true, add: () => undefined, remove: () => undefined },
      reservationCompletionTimeout: OPEN_TIMEOUT_MS,
      // Each success empties the queue of reservations, so none may ever stand in it.
      reservationConcurrency: MAX_RELAY_LIST,
      maxInboundStopStreams: MAX_CONNECTIONS,
    })(toleratingClocks(components));
    if (!hasReservations(transport)) throw new Error('the circuit transport has no reservation store');
    reservations = transport.reservationStore;
    return transport;
  };
  const libp2p = await createLibp2p({
    privateKey: await generateKeyPairFromSeed('Ed25519', options.identitySeed),
    nodeInfo: { name: 'corridor', version: '1', userAgent: 'corridor' },
    addresses: { listen: [], announceFilter: () => [] },
    transports: [webSockets({ maxBufferedAmount: MAX_SOCKET_BYTES }), circuit, ...options.more],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux({ maxInboundStreams: 32, streamOptions: { maxStreamWindowSize: 1024 * 1024 } })],
    connectionGater: options.gater,
    connectionManager: {
      maxConnections: MAX_CONNECTIONS,
      // Everyone who comes through one relay has that relay's address.
      inboundConnectionThreshold: MAX_CONNECTIONS,
      maxParallelDials: 6,
      maxDialQueueLength: 64,
      dialTimeout: UPGRADE_TIMEOUT_MS,
      addressDialTimeout: UPGRADE_TIMEOUT_MS,
      reconnectRetries: 0,
      resolvers: {},
    },
    connectionMonitor: { enabled: false },
    services: {
      identify: identify({ maxInboundStreams: MAX_STREAMS_PER_PROTOCOL, runOnConnectionOpen: false }),
    },
  });
  if (reservations === undefined) throw new Error('the circuit transport was not created');
  return { libp2p, dialler: diallerOf(libp2p, reservations) };
}

function diallerOf(libp2p: Libp2p, reservations: ReservationStore): RelayDialler {
  return {
    dial: (relay, signal) => libp2p.dial(multiaddr(relay.address), { signal }),
    async reserve(connection, signal) {
      signal.throwIfAborted();
      const aborted = Promise.withResolvers<never>();
      signal.addEventListener('abort', () => aborted.reject(signal.reason), { once: true });
      await Promise.race([reservations.addRelay(connection.remotePeer, 'configured'), aborted.promise]);
    },
    onReservationLost: (handler) =>
      reservations.addEventListener('relay:removed', ({ detail }) => handler(detail.relay.toString())),
  };
}
