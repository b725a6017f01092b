import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { portFault } from './fault.ts';

/** Plain counts: no tag, no id, no address can be read from them. */
export type Counters = Readonly<
  Record<string, { readonly help: string; readonly value: number; readonly total?: true }>
>;

export interface StatusServer {
  readonly port: number;
  stop(): Promise<void>;
}

const text = (counters: Counters): string =>
  Object.entries(counters)
    .map(([name, { help, value, total }]) => {
      const full = `corridor_relay_${name}`;
      return `# HELP ${full} ${help}\n# TYPE ${full} ${total === true ? 'counter' : 'gauge'}\n${full} ${value}\n`;
    })
    .join('');

/** Health (`/health`) and counters (`/`), on loopback only. Throws RelayFault if the port can't be opened. */
export const startStatusServer = async (port: number, counters: () => Counters): Promise<StatusServer> => {
  const server = createServer((request, response) => {
    request.resume();
    const known = request.url === '/health' || request.url === '/' || request.url === '/metrics';
    const body = !known
      ? 'Try /health or /metrics.\n'
      : request.url === '/health'
        ? 'ok\n'
        : text(counters());
    response.writeHead(known ? 200 : 404, {
      'Content-Type': 'text/plain; charset=utf-8',
      'Cache-Control': 'no-store',
    });
    response.end(body);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(portFault('The status port', '--status-port', port, cause)));
    server.listen({ port, host: '127.0.0.1' }, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
};
