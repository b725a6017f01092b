import { connect, type Socket } from 'node:net';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { capKey, clientAddress } from './address.ts';
import { createFrameGuard } from './frameGuard.ts';
import { SILENCE_MS, UPGRADE_MS, type RelayLimits } from './limits.ts';
import { createRate } from './rate.ts';
import { createSeats } from './seats.ts';

/**
 * The door for WebSockets. libp2p's own listener is on loopback with a port of its own; a WebSocket that
 * comes in at the web port is let in or turned away here, by its real address, and then copied across.
 */
export interface WebSocketGate {
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Opens the gate: from now on WebSockets go to libp2p's listener at this loopback port. */
  open(port: number): void;
  /** By which address caps count the connection that libp2p sees coming from this loopback port. */
  capKeyOf(loopbackPort: number): string | undefined;
  /** Ends the connection that libp2p has given up. */
  drop(loopbackPort: number): void;
  /** Ends the silent, and those that libp2p does not know, `known` being the loopback ports that it does. */
  sweep(known: ReadonlySet<number>): void;
  readonly connections: number;
  readonly refused: number;
  /** Turns new ones away and ends those that are open. */
  close(): void;
}

interface Passage {
  readonly key: string;
  readonly since: number;
  lastHeard: number;
  end(): void;
}

const turnAway = (socket: Duplex, status: string): void => {
  socket.on('error', () => undefined);
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
};

/** Copies one way; while the receiver is full, neither side is read, so nobody can be made to queue [I18]. */
const copy = (from: Duplex, to: Duplex, pass: (chunk: Uint8Array) => boolean, end: () => void): void => {
  from.on('data', (chunk: Buffer) => {
    if (!pass(chunk)) return end();
    if (to.destroyed || to.write(chunk)) return;
    from.pause();
    to.pause();
    to.once('drain', () => {
      from.resume();
      to.resume();
    });
  });
  from.on('end', () => to.end());
};

export const createWebSocketGate = (
  limits: RelayLimits,
  trustProxy: boolean,
  elapsed: () => number,
): WebSocketGate => {
  const seats = createSeats(limits.connections, limits.connectionsPerAddress);
  const rate = createRate(limits.connectionsPerSecond, 4 * limits.connectionsPerSecond);
  const passages = new Map<number, Passage>();
  const pending = new Set<Socket>();
  let target: number | undefined;
  let refused = 0;

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const key = capKey(clientAddress(request, trustProxy));
    const websocketKey = request.headers['sec-websocket-key'];
    if (target === undefined) return turnAway(socket, '503 Service Unavailable');
    if (request.headers.upgrade?.toLowerCase() !== 'websocket' || websocketKey === undefined)
      return turnAway(socket, '400 Bad Request');
    if (!rate(key, elapsed()) || !seats.take(key)) {
      refused++;
      return turnAway(socket, '429 Too Many Requests');
    }
    const inner = connect({ host: '127.0.0.1', port: target });
    pending.add(inner);
    let port: number | undefined;
    const end = (): void => {
      socket.destroy();
      inner.destroy();
    };
    // 'close' comes exactly once, whoever ended it; only there is the seat given back.
    inner.once('close', () => {
      seats.give(key);
      pending.delete(inner);
      if (port !== undefined) passages.delete(port);
      socket.destroy();
    });
    socket.once('close', end);
    socket.on('error', end);
    inner.on('error', end);
    inner.once('connect', () => {
      port = inner.localPort;
      if (port === undefined || socket.destroyed) return end();
      const passage: Passage = { key, since: elapsed(), lastHeard: elapsed(), end };
      passages.set(port, passage);
      inner.setNoDelay(true);
      const guard = createFrameGuard();
      const fromClient = (chunk: Uint8Array): boolean => {
        passage.lastHeard = elapsed();
        return guard(chunk);
      };
      // Only what the handshake needs goes on: no extensions, no cookies, nothing about the client.
      inner.write(
        [
          'GET / HTTP/1.1',
          `Host: 127.0.0.1:${target}`,
          'Connection: Upgrade',
          'Upgrade: websocket',
          `Sec-WebSocket-Version: ${request.headers['sec-websocket-version'] ?? '13'}`,
          `Sec-WebSocket-Key: ${websocketKey}`,
          '\r\n',
        ].join('\r\n'),
      );
      if (head.length > 0) {
        if (!fromClient(head)) return end();
        inner.write(head);
      }
      copy(socket, inner, fromClient, end);
      copy(inner, socket, () => true, end);
    });
  };

  return {
    upgrade,
    open: (port) => {
      target = port;
    },
    capKeyOf: (port) => passages.get(port)?.key,
    drop: (port) => passages.get(port)?.end(),
    sweep: (known) => {
      const at = elapsed();
      for (const [port, passage] of passages) {
        const forgotten = at - passage.since > UPGRADE_MS && !known.has(port);
        if (forgotten || at - passage.lastHeard > SILENCE_MS) passage.end();
      }
    },
    get connections() {
      return seats.taken;
    },
    get refused() {
      return refused;
    },
    close: () => {
      target = undefined;
      for (const inner of pending) inner.destroy();
    },
  };
};
