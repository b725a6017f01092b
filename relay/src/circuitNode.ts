import {
  RELAY_V2_HOP_CODEC,
  RELAY_V2_STOP_CODEC,
  circuitRelayServer,
  type CircuitRelayService,
} from '@libp2p/circuit-relay-v2';
import { identify } from '@libp2p/identify';
import type { Connection, ConnectionGater, Libp2p, PeerId, PrivateKey } from '@libp2p/interface';
import { noise } from '@libp2p/noise';
import { webSockets } from '@libp2p/websockets';
import { yamux } from '@libp2p/yamux';
import type { Multiaddr } from '@multiformats/multiaddr';
import { createLibp2p } from 'libp2p';
import type { CircuitFlow } from './circuitFlow.ts';
import {
  MAX_CIRCUITS_PER_PEER,
  MAX_STREAMS_PER_CONNECTION,
  MAX_STREAM_READ_BUFFER,
  RESERVATION_MS,
  STREAM_WINDOW,
  type RelayLimits,
} from './limits.ts';
import { createSeats } from './seats.ts';
import { VERSION } from './version.ts';
import type { WebSocketGate } from './websocketGate.ts';

export interface CircuitNode {
  readonly node: Libp2p;
  /** Loopback port of libp2p's own WebSocket listener. */
  readonly port: number;
  readonly reservations: number;
  /** Reservations and memories of peers that are gone; connections that libp2p gave up. */
  sweep(): Promise<void>;
  stop(): Promise<void>;
}

interface ListenerComponents {
  readonly transportManager: { getAddrs(): Multiaddr[] };
}
interface RelayServices extends Record<string, unknown> {
  readonly identify: unknown;
  readonly listeners: ListenerComponents['transportManager'];
  readonly circuits: CircuitRelayService;
}

const portOf = (address: Multiaddr): number | undefined => {
  const port = address.getComponents().find((component) => component.name === 'tcp')?.value;
  return port === undefined ? undefined : Number(port);
};

/**
 * The libp2p node: circuit relay v2 over WebSockets, reached only through the gate. It dials nobody, asks
 * nobody who they are, and forgets a peer that has gone.
 */
export const startCircuitNode = async (
  privateKey: PrivateKey,
  announce: readonly string[],
  limits: RelayLimits,
  gate: WebSocketGate,
  flow: CircuitFlow,
): Promise<CircuitNode> => {
  const seats = createSeats(limits.reservations, limits.reservationsPerAddress);
  /** The address under which each peer may reserve. */
  const seated = new Map<string, string>();

  const keyOf = (connection: Connection): string | undefined =>
    gate.capKeyOf(portOf(connection.remoteAddr) ?? 0);
  const keyOfPeer = (peer: PeerId): string | undefined => {
    const newest = node.getConnections(peer).at(-1);
    return newest === undefined ? undefined : keyOf(newest);
  };
  const giveSeat = (peer: string): void => {
    const key = seated.get(peer);
    if (key === undefined) return;
    seated.delete(peer);
    seats.give(key);
  };
  const streamsOf = (connections: readonly Connection[], protocol: string): number =>
    connections.flatMap((one) => one.streams).filter((stream) => stream.protocol === protocol).length;

  const gater: ConnectionGater = {
    denyDialPeer: () => true,
    denyDialMultiaddr: () => true,
    // Somebody on this machine who found the loopback port would stand outside every cap.
    denyInboundConnection: (connection) => gate.capKeyOf(portOf(connection.remoteAddr) ?? 0) === undefined,
    denyInboundRelayReservation: (peer) => {
      const key = keyOfPeer(peer);
      const name = peer.toString();
      if (key === undefined) return true;
      if (seated.get(name) === key) return false;
      giveSeat(name);
      if (!seats.take(key)) return true;
      seated.set(name, key);
      return false;
    },
    denyOutboundRelayedConnection: (source, destination) => {
      const key = keyOfPeer(source);
      if (key === undefined || flow.circuits >= limits.circuits) return true;
      if (streamsOf(node.getConnections(destination), RELAY_V2_STOP_CODEC) >= MAX_CIRCUITS_PER_PEER)
        return true;
      const sameAddress = node.getConnections().filter((connection) => keyOf(connection) === key);
      // The stream that asks is among them.
      return streamsOf(sameAddress, RELAY_V2_HOP_CODEC) > limits.circuitsPerAddress;
    },
  };

  const node: Libp2p<RelayServices> = await createLibp2p({
    privateKey,
    nodeInfo: { name: 'corridor-relay', version: VERSION, userAgent: `corridor-relay/${VERSION}` },
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0/ws'], announce: [...announce] },
    transports: [webSockets()],
    connectionEncrypters: [noise()],
    streamMuxers: [
      yamux({
        maxInboundStreams: MAX_STREAMS_PER_CONNECTION,
        maxOutboundStreams: MAX_STREAMS_PER_CONNECTION,
        streamOptions: {
          initialStreamWindowSize: STREAM_WINDOW,
          maxStreamWindowSize: STREAM_WINDOW,
          maxReadBufferLength: MAX_STREAM_READ_BUFFER,
        },
      }),
    ],
    connectionGater: gater,
    // The gate counts by real address; libp2p sees only loopback, where its own caps would hit everyone.
    connectionManager: {
      maxConnections: 2 * limits.connections,
      maxIncomingPendingConnections: limits.connections,
      inboundConnectionThreshold: 1_000_000,
    },
    // A busy phone misses a ping and is still there: silence is the gate's to judge.
    connectionMonitor: { abortConnectionOnPingFailure: false },
    metrics: () => flow.metrics,
    services: {
      identify: identify({ runOnConnectionOpen: false }),
      // `getMultiaddrs` tells what is announced; where the listener really is, only this component knows.
      listeners: ({ transportManager }: ListenerComponents) => transportManager,
      circuits: circuitRelayServer({
        maxInboundHopStreams: MAX_CIRCUITS_PER_PEER,
        maxOutboundStopStreams: MAX_CIRCUITS_PER_PEER,
        reservations: {
          maxReservations: limits.reservations,
          reservationTtl: RESERVATION_MS,
          defaultDataLimit: BigInt(limits.circuitBytes),
          defaultDurationLimit: limits.circuitSeconds * 1000,
        },
      }),
    },
  });
  const { reservations } = node.services.circuits;

  const forget = (peer: PeerId): void => {
    // The old timer would later end the reservation that this peer makes when it is back.
    reservations.get(peer)?.signal.clear();
    reservations.delete(peer);
    giveSeat(peer.toString());
  };
  node.addEventListener('peer:disconnect', (event) => forget(event.detail));
  node.addEventListener('connection:close', (event) => gate.drop(portOf(event.detail.remoteAddr) ?? 0));
  node.addEventListener('connection:open', (event) => {
    // A phone that changed networks is back before its old connection is known to be dead, and circuits
    // would go to the dead one: the newest wins.
    for (const older of node.getConnections(event.detail.remotePeer))
      if (older.id !== event.detail.id) gate.drop(portOf(older.remoteAddr) ?? 0);
  });
  const port = node.services.listeners.getAddrs().map(portOf)[0];
  if (port === undefined) throw new Error('libp2p listens nowhere');

  return {
    node,
    port,
    get reservations() {
      return reservations.size;
    },
    sweep: async () => {
      const connections = node.getConnections();
      gate.sweep(new Set(connections.map((connection) => portOf(connection.remoteAddr) ?? 0)));
      const present = new Set(connections.map((connection) => connection.remotePeer.toString()));
      for (const peer of [...reservations.keys()]) if (!present.has(peer.toString())) forget(peer);
      for (const { id } of await node.peerStore.all())
        if (!present.has(id.toString())) await node.peerStore.delete(id);
    },
    stop: async () => await node.stop(),
  };
};
