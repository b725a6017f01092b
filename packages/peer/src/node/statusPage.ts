/** A page on loopback that says how the always-on peer is doing: counts and states, no names but the circle's. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PeerView } from '../view.ts';

export interface StatusPage {
  readonly port: number;
  stop(): Promise<void>;
}
interface Row {
  readonly label: string;
  readonly value: string;
}
const RELOAD_SECONDS = 5;

function rowsOf(view: PeerView): readonly Row[] {
  switch (view.stage) {
    case 'starting':
    case 'locked':
    case 'none':
      return [{ label: 'State', value: view.stage === 'none' ? 'In no circle yet' : view.stage }];
    case 'broken':
      return [{ label: 'State', value: `Stopped: ${view.reason}` }];
    case 'joining':
      return [
        { label: 'Circle', value: view.invite.circleName },
        { label: 'State', value: `Joining: ${view.refused ?? view.progress}` },
      ];
    case 'circle': {
      const { circle } = { circle: view.view };
      const relays = circle.sharing.relays.map((r) => r.state).join(', ');
      return [
        { label: 'Circle', value: circle.name },
        { label: 'Keeps the book', value: circle.keeper.isThisDevice ? 'yes' : 'no' },
        { label: 'Members', value: String(circle.people.length) },
        { label: 'Phones connected now', value: String(circle.sharing.connections.length) },
        { label: 'Relays', value: relays === '' ? 'none' : relays },
        { label: 'Entries held', value: String(circle.entryCount) },
        { label: 'Needs a talk', value: String(circle.faults.length) },
        { label: 'Storage', value: circle.storageTrouble ?? 'in order' },
      ];
    }
  }
}
const escape = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.codePointAt(0) ?? 0};`);
const STYLE = `body{font:17px/1.45 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem;background:#f3f6f1;color:#16221c}
table{border-collapse:collapse;width:100%;background:#fff}th,td{text-align:start;padding:.6rem;border-bottom:1px solid #c3cec4}
th{font-weight:400;color:#4a5a51}@media(prefers-color-scheme:dark){body{background:#0f1713;color:#e9f0ea}table{background:#18221d}th{color:#a9b8ae}th,td{border-color:#34423a}}`;
const page = (rows: readonly Row[]): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="${RELOAD_SECONDS}"><title>Corridor, always on</title><style>${STYLE}</style></head>
<body><h1>Always on</h1><table>${rows
    .map(({ label, value }) => `<tr><th scope="row">${escape(label)}</th><td>${escape(value)}</td></tr>`)
    .join('')}</table></body></html>`;

/** `/` for people, `/status.json` and `/health` for programs. Rejects with a sentence when the port is taken. */
export async function startStatusPage(port: number, view: () => PeerView): Promise<StatusPage> {
  const server = createServer((request, response) => {
    request.resume();
    const rows = rowsOf(view());
    const [type, body] =
      request.url === '/health'
        ? ['text/plain', 'ok\n']
        : request.url === '/status.json'
          ? ['application/json', JSON.stringify(Object.fromEntries(rows.map((r) => [r.label, r.value])))]
          : ['text/html', page(rows)];
    response.writeHead(200, {
      'Content-Type': `${type}; charset=utf-8`,
      'Cache-Control': 'no-store',
      'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'",
    });
    response.end(body);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', () =>
      reject(new Error(`Port ${port} is taken. Give the status page another with --status-port, or "off".`)),
    );
    server.listen({ port, host: '127.0.0.1' }, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
