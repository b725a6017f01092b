/** Peers for these tests: real libp2p nodes in this process, each as somebody's browser would be. */
import { connect, createServer, type AddressInfo } from 'node:net';
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2';
import { identify } from '@libp2p/identify';
import type { Connection, Libp2p, Stream, StreamMessageEvent } from '@libp2p/interface';
import { noise } from '@libp2p/noise';
import { webSockets } from '@libp2p/websockets';
import { yamux } from '@libp2p/yamux';
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr';
import { createLibp2p } from 'libp2p';
import { onTestFinished } from 'vitest';
import {
  RENDEZVOUS_PROTOCOL,
  createRendezvousReader,
  encodeRendezvous,
  type RendezvousMessage,
  type RendezvousReply,
} from '@corridor/sync/rendezvous';
import { createRelay, type Relay, type RelayWish, type RelayWorld } from '../src/index.ts';

interface Listeners {
  listen(addresses: readonly Multiaddr[]): Promise<void>;
}
export type Neighbour = Libp2p<{ identify: unknown; listeners: Listeners }>;

/** A relay on loopback with free ports; it ends with the test. */
export const runRelay = async (wish: RelayWish = {}, world: Partial<RelayWorld> = {}): Promise<Relay> => {
  const local: RelayWish = { host: '127.0.0.1', httpPort: 0, stunPort: 'off', statusPort: 'off' };
  const relay = await createRelay({ ...local, ...wish }, world);
  onTestFinished(() => relay.stop());
  return relay;
};

export const moveIn = async (): Promise<Neighbour> => {
  const node: Neighbour = await createLibp2p({
    transports: [webSockets(), circuitRelayTransport()],
    connectionEncrypters: [noise()],
    // yamux lets its window grow beyond its own read buffer, and a stream that pauses is then reset.
    streamMuxers: [yamux({ streamOptions: { maxStreamWindowSize: 2 ** 18 } })],
    connectionGater: { denyDialMultiaddr: () => false },
    connectionMonitor: { enabled: false },
    // Whoever lost the relay must not come back by themselves while a test looks at what is left.
    connectionManager: { reconnectRetries: 0 },
    services: {
      identify: identify(),
      listeners: (components: { transportManager: Listeners }) => components.transportManager,
    },
  });
  onTestFinished(async () => await node.stop());
  return node;
};

export const relayAddress = (relay: Relay): string => relay.multiaddrs[0] ?? '';

/** Makes `neighbour` reachable through the relay (or a proxy before it). False when the relay refuses. */
export const reserve = async (neighbour: Neighbour, relay: Relay | string): Promise<boolean> => {
  const address = typeof relay === 'string' ? relay : relayAddress(relay);
  try {
    await neighbour.services.listeners.listen([multiaddr(`${address}/p2p-circuit`)]);
    return true;
  } catch {
    return false;
  }
};

/** The relay's address as seen through a reverse proxy that tells it the client is at `client`. */
export const throughProxy = async (relay: Relay, client: string): Promise<string> => {
  const proxy = createServer((outside) => {
    const inside = connect(relay.httpPort, '127.0.0.1');
    outside.once('data', (first: Buffer) => {
      const [line = '', ...rest] = first.toString('latin1').split('\r\n');
      // As proxies do, it appends to what the client itself claims.
      inside.write([line, `X-Forwarded-For: 203.0.113.99, ${client}`, ...rest].join('\r\n'), 'latin1');
      outside.pipe(inside).pipe(outside);
    });
    outside.on('error', () => inside.destroy()).on('close', () => inside.destroy());
    inside.on('error', () => outside.destroy()).on('close', () => outside.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void proxy.close());
  return relayAddress(relay).replace(
    `/tcp/${relay.httpPort}/`,
    `/tcp/${(proxy.address() as AddressInfo).port}/`,
  );
};

/** Waits until `holds`, looking again whenever the event loop turns; the test's own timeout ends it. */
export const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
};

/** One peer's open stream at the rendezvous. */
export interface Stand {
  readonly stream: Stream;
  send(message: RendezvousMessage): void;
  /** The next reply for which `wanted` holds; earlier ones that it skips stay for later calls. */
  next<T extends RendezvousReply['type']>(type: T): Promise<Extract<RendezvousReply, { type: T }>>;
  readonly pending: readonly RendezvousMessage[];
}

export const standAt = async (connection: Connection): Promise<Stand> => {
  const stream = await connection.newStream(RENDEZVOUS_PROTOCOL);
  const read = createRendezvousReader();
  const inbox: RendezvousMessage[] = [];
  stream.addEventListener('message', (event: StreamMessageEvent) => {
    const frames = read(event.data.subarray());
    if (!frames.ok) throw new Error(frames.fault);
    inbox.push(...frames.messages);
  });
  return {
    stream,
    send: (message) => void stream.send(encodeRendezvous(message)),
    next: async (type) => {
      let found: RendezvousMessage | undefined;
      await until(() => {
        const at = inbox.findIndex((message) => message.type === type);
        if (at >= 0) [found] = inbox.splice(at, 1);
        return found !== undefined;
      });
      return found as never;
    },
    pending: inbox,
  };
};

/** Stands at the rendezvous of `relay`, over the one connection that `neighbour` has to it. */
export const meetAt = async (neighbour: Neighbour, relay: Relay): Promise<Stand> =>
  await standAt(await neighbour.dial(multiaddr(relayAddress(relay))));

/** Sends all of `bytes`, waiting whenever the stream is full, and closes the writing end. */
export const pour = async (stream: Stream, bytes: Uint8Array, piece = 65_536): Promise<void> => {
  for (let at = 0; at < bytes.length; at += piece) {
    if (stream.send(bytes.subarray(at, at + piece))) continue;
    await new Promise<void>((resolve, reject) => {
      stream.addEventListener('drain', () => resolve(), { once: true });
      stream.addEventListener('close', () => reject(new Error('the stream ended')), { once: true });
    });
  }
};
