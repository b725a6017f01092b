import type { IncomingMessage } from 'node:http';
import { lanAddresses, publicAddress, relayOrigins, urlHost, websocketMultiaddr } from './addresses.ts';
import { loadCertificate } from './certificate.ts';
import { createCircuitFlow } from './circuitFlow.ts';
import { startCircuitNode } from './circuitNode.ts';
import { DEFAULT_CONFIG, type RelayConfig } from './config.ts';
import { RelayFault } from './fault.ts';
import { loadIdentity } from './identity.ts';
import { DEFAULT_LIMITS, SWEEP_MS, type RelayLimits } from './limits.ts';
import { createRendezvousBoard } from './rendezvousBoard.ts';
import { dayOf, serveRendezvous } from './rendezvousService.ts';
import { securityHeaders } from './securityHeaders.ts';
import { createStaticFiles, type Answer } from './staticFiles.ts';
import { startStatusServer, type Counters } from './statusServer.ts';
import { startStunResponder } from './stunResponder.ts';
import { VERSION } from './version.ts';
import { startWebServer } from './webServer.ts';
import { createWebSocketGate } from './websocketGate.ts';

export interface Relay {
  /** Where the app is, with a slash at its end. */
  readonly appUrl: string;
  /** The same for other devices of this network: plain IP addresses. */
  readonly lanUrls: readonly string[];
  readonly httpPort: number;
  /** 0: off. */
  readonly stunPort: number;
  /** 0: off. */
  readonly statusPort: number;
  readonly peerId: string;
  /** Where libp2p peers dial, each ending in the relay's peer id. */
  readonly multiaddrs: readonly string[];
  counters(): Counters;
  /** Closes every listener and connection. */
  stop(): Promise<void>;
}

/** What a relay asks of the world beside the network; tests give their own. */
export interface RelayWorld {
  /** Unix milliseconds: which day it is, nothing else. */
  readonly now: () => number;
  /** Milliseconds that only go forward, for rates and silences: a clock set right must cut nobody off. */
  readonly elapsed: () => number;
  readonly sweepMs: number;
}
/** Anything left out is as in DEFAULT_CONFIG and DEFAULT_LIMITS. */
export type RelayWish = Partial<Omit<RelayConfig, 'limits'>> & { readonly limits?: Partial<RelayLimits> };

/** Runs `undo` steps, the last first, and lets none keep the others from running. */
const createTeardown = () => {
  const steps: (() => Promise<void> | void)[] = [];
  return {
    add: (step: () => Promise<void> | void): void => void steps.push(step),
    run: async (): Promise<void> => {
      for (const step of steps.splice(0).reverse()) await Promise.resolve(step()).catch(() => undefined);
    },
  };
};

/**
 * Starts a relay: the web port (app and WebSocket), circuits, rendezvous, STUN and status.
 * Throws RelayFault, with a sentence for its host, when something can't be opened or read.
 */
export const createRelay = async (wish: RelayWish = {}, world: Partial<RelayWorld> = {}): Promise<Relay> => {
  const config: RelayConfig = { ...DEFAULT_CONFIG, ...wish, limits: { ...DEFAULT_LIMITS, ...wish.limits } };
  const now = world.now ?? Date.now;
  const elapsed = world.elapsed ?? (() => performance.now());
  const front = config.publicUrl === undefined ? undefined : publicAddress(config.publicUrl);
  const isSecure = front?.secure ?? config.certFile !== undefined;
  const otherOrigins = relayOrigins(config.otherRelays, isSecure);
  if ((config.certFile === undefined) !== (config.keyFile === undefined))
    throw new RelayFault('--cert and --key belong together: give both.');
  const certificate =
    config.certFile === undefined || config.keyFile === undefined
      ? undefined
      : await loadCertificate(config.certFile, config.keyFile);
  const privateKey = await loadIdentity(config.dataDir);
  const peerId = privateKey.publicKey.toString();

  const teardown = createTeardown();
  try {
    const gate = createWebSocketGate(config.limits, config.trustProxy, elapsed);
    const flow = createCircuitFlow();
    const board = createRendezvousBoard(config.limits.lookupsPerMinute, elapsed);
    const files = createStaticFiles(config.webDir);

    const stun =
      config.stunPort === 'off'
        ? undefined
        : await startStunResponder(config.stunPort, config.stunAddress ?? config.host, elapsed);
    if (stun !== undefined) teardown.add(() => stun.stop());
    const stunPort = stun?.port ?? 0;

    const about = (): Answer => ({
      status: 200,
      headers: {
        'Content-Type': 'application/json; charset=utf-8',
        'Cache-Control': 'no-store',
        'Access-Control-Allow-Origin': '*',
      },
      body: Buffer.from(
        JSON.stringify({
          peerId,
          path: '/',
          stunPort,
          stunHost: config.stunHost,
          day: dayOf(now()),
          version: VERSION,
          otherRelays: config.otherRelays,
        }),
      ),
    });
    const answer = async (request: IncomingMessage): Promise<Answer> => {
      const url = request.url ?? '/';
      const header = (name: 'accept' | 'accept-encoding' | 'if-none-match'): string | undefined =>
        request.headers[name];
      const plain =
        url.split('?')[0] === '/relay.json'
          ? about()
          : await files({
              url,
              accept: header('accept'),
              acceptEncoding: header('accept-encoding'),
              ifNoneMatch: header('if-none-match'),
            });
      return {
        ...plain,
        headers: { ...securityHeaders(request.headers.host, otherOrigins), ...plain.headers },
      };
    };
    const web = await startWebServer({
      host: config.host,
      port: config.httpPort,
      certificate,
      limits: config.limits,
      trustProxy: config.trustProxy,
      answer,
      upgrade: gate.upgrade,
    });
    teardown.add(() => web.stop());
    teardown.add(() => gate.close());

    const secure = certificate !== undefined;
    const anywhere = config.host === undefined || config.host === '0.0.0.0' || config.host === '::';
    const localHosts = anywhere ? ['127.0.0.1', ...lanAddresses()] : [config.host ?? ''];
    const announce =
      front === undefined
        ? localHosts.map((host) => websocketMultiaddr(host, web.port, secure))
        : [websocketMultiaddr(front.host, front.port, front.secure)];
    const circuits = await startCircuitNode(privateKey, announce, config.limits, gate, flow);
    teardown.add(() => circuits.stop());
    const rendezvous = await serveRendezvous(
      circuits.node,
      board,
      { host: config.stunHost, port: stunPort },
      now,
    );
    gate.open(circuits.port);

    const sweeper = setInterval(() => {
      rendezvous.tick();
      circuits.sweep().catch(() => undefined);
    }, world.sweepMs ?? SWEEP_MS);
    sweeper.unref();
    teardown.add(() => clearInterval(sweeper));

    const counters = (): Counters => ({
      connections: { help: 'WebSocket connections open now', value: gate.connections },
      connections_refused_total: { help: 'turned away by a cap', value: gate.refused, total: true },
      reservations: { help: 'peers that can be reached through this relay', value: circuits.reservations },
      circuits: { help: 'relayed connections open now', value: flow.circuits },
      relayed_bytes_total: { help: 'bytes carried over circuits', value: flow.relayedBytes, total: true },
      backlog_bytes: { help: 'bytes of circuits waiting for slow receivers', value: flow.backlog },
      rendezvous_streams: { help: 'peers that stand at the rendezvous', value: board.sessions },
      rendezvous_tags: { help: 'tags with at least one peer', value: board.tags },
      stun_answers_total: { help: 'STUN requests answered', value: stun?.answered ?? 0, total: true },
    });
    const status =
      config.statusPort === 'off' ? undefined : await startStatusServer(config.statusPort, counters);
    if (status !== undefined) teardown.add(() => status.stop());

    const scheme = secure ? 'https' : 'http';
    const url = (host: string): string => `${scheme}://${urlHost(host)}:${web.port}/`;
    return {
      appUrl: front?.url ?? url(anywhere ? 'localhost' : (config.host ?? 'localhost')),
      lanUrls: anywhere ? lanAddresses().map(url) : [],
      httpPort: web.port,
      stunPort,
      statusPort: status?.port ?? 0,
      peerId,
      multiaddrs: announce.map((address) => `${address}/p2p/${peerId}`),
      counters,
      stop: () => teardown.run(),
    };
  } catch (cause) {
    await teardown.run();
    throw cause;
  }
};
