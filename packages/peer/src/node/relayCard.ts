/** The relay that serves the app says who it is, at /relay.json. */
import type { RelayAddress } from '../transport/node.ts';

const isCard = (value: unknown): value is { readonly peerId: string; readonly path: string } =>
  typeof value === 'object' &&
  value !== null &&
  'peerId' in value &&
  typeof value.peerId === 'string' &&
  'path' in value &&
  typeof value.path === 'string';

/** Asks the origin of the app for its relay. Empty if there is no answer that can be read. */
export async function relayOfApp(app: string, signal: AbortSignal): Promise<readonly RelayAddress[]> {
  const url = new URL('/relay.json', app);
  const answer = await fetch(url, { signal });
  const card: unknown = answer.ok ? await answer.json() : undefined;
  if (!isCard(card)) return [];
  const secure = url.protocol === 'https:';
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  return [{ peerId: card.peerId, host: url.hostname.replace(/^\[|\]$/g, ''), port, path: card.path, secure }];
}
