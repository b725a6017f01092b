import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { capKey, plainAddress } from './address.ts';
import { portFault } from './fault.ts';
import {
  HTTP_HEADERS_MS,
  HTTP_REQUEST_MS,
  MAX_HTTP_HEADER_BYTES,
  SPARE_HTTP_SOCKETS,
  SPARE_HTTP_SOCKETS_PER_ADDRESS,
  type RelayLimits,
} from './limits.ts';
import { createSeats } from './seats.ts';
import { textAnswer, type Answer } from './staticFiles.ts';
import type { Certificate } from './certificate.ts';

export interface WebServer {
  readonly port: number;
  /** Closes the listener and every connection. */
  stop(): Promise<void>;
}
export interface WebServerParts {
  readonly host: string | undefined;
  readonly port: number;
  readonly certificate: Certificate | undefined;
  readonly limits: RelayLimits;
  /** Behind a proxy all sockets are the proxy's: they are not counted by address. */
  readonly trustProxy: boolean;
  readonly answer: (request: IncomingMessage) => Promise<Answer>;
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
}

const write = (response: ServerResponse, answer: Answer, withBody: boolean): void => {
  response.writeHead(answer.status, { ...answer.headers, 'Content-Length': String(answer.body.length) });
  response.end(withBody ? answer.body : undefined);
};

/** Counts sockets before anything is read from them, TLS handshakes and silent ones too. */
const limitSockets = (server: Server, limits: RelayLimits, trustProxy: boolean): Set<Socket> => {
  const open = new Set<Socket>();
  const total = limits.connections + SPARE_HTTP_SOCKETS;
  const seats = createSeats(
    total,
    trustProxy ? total : limits.connectionsPerAddress + SPARE_HTTP_SOCKETS_PER_ADDRESS,
  );
  server.prependListener('connection', (socket: Socket) => {
    const key = capKey(plainAddress(socket.remoteAddress ?? ''));
    if (!seats.take(key)) return void socket.destroy();
    open.add(socket);
    socket.setKeepAlive(true, 30_000);
    socket.once('close', () => {
      open.delete(socket);
      seats.give(key);
    });
  });
  return open;
};

const listen = async (server: Server, port: number, host: string | undefined): Promise<number> => {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(portFault('The web port', '--port', port, cause)));
    server.listen({ port, ...(host === undefined ? {} : { host }) }, resolve);
  });
  server.removeAllListeners('error');
  server.on('error', () => undefined);
  return (server.address() as AddressInfo).port;
};

/** The one port of a relay: the app's pages, and WebSockets. Throws RelayFault if it can't be opened. */
export const startWebServer = async (parts: WebServerParts): Promise<WebServer> => {
  const options = {
    maxHeaderSize: MAX_HTTP_HEADER_BYTES,
    headersTimeout: HTTP_HEADERS_MS,
    requestTimeout: HTTP_REQUEST_MS,
    connectionsCheckingInterval: 5000,
    noDelay: true,
  };
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    // No request of ours has a body: what comes is let go by.
    request.resume();
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return write(response, textAnswer(405, 'Only GET and HEAD work here.', { Allow: 'GET, HEAD' }), true);
    const withBody = request.method === 'GET';
    parts.answer(request).then(
      (answer) => write(response, answer, withBody),
      () =>
        write(
          response,
          textAnswer(500, 'This file could not be read just now. Nothing is lost: try again.'),
          withBody,
        ),
    );
  };
  const { certificate } = parts;
  const server =
    certificate === undefined
      ? createServer(options, handle)
      : createSecureServer({ ...options, cert: certificate.cert, key: certificate.key }, handle);
  const sockets = limitSockets(server, parts.limits, parts.trustProxy);
  server.on('upgrade', parts.upgrade);
  server.on('clientError', (_cause, socket: Duplex) => socket.destroy());
  const port = await listen(server, parts.port, parts.host);
  return {
    port,
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
};
