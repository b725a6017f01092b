import { isIPv4, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { multiaddr } from '@multiformats/multiaddr';
import { RelayFault } from './fault.ts';
import { MAX_OTHER_RELAYS } from './limits.ts';

/** Addresses at which other devices of the same network reach this machine; IPv4, as people type them. */
export const lanAddresses = (): readonly string[] =>
  Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter((one) => one.family === 'IPv4' && !one.internal)
    .map((one) => one.address);

const hostPart = (host: string): string =>
  isIPv4(host) ? `/ip4/${host}` : isIPv6(host) ? `/ip6/${host}` : `/dns4/${host}`;

/** The multiaddr of a WebSocket at a host and port. */
export const websocketMultiaddr = (host: string, port: number, secure: boolean): string =>
  `${hostPart(host)}/tcp/${port}${secure ? '/tls' : ''}/ws`;

/** As it stands in a URL. */
export const urlHost = (host: string): string => (isIPv6(host) ? `[${host}]` : host);

/** The public address of a relay behind a proxy. Throws RelayFault if it is none. */
export const publicAddress = (text: string): { url: string; host: string; port: number; secure: boolean } => {
  if (!URL.canParse(text))
    throw new RelayFault(`--public-url ${text} is no address. It looks like https://relay.example.org.`);
  const url = new URL(text);
  const secure = url.protocol === 'https:';
  if ((!secure && url.protocol !== 'http:') || url.pathname !== '/' || url.search !== '' || url.hash !== '')
    throw new RelayFault(
      '--public-url is http:// or https://, a host, perhaps a port, and nothing behind it.',
    );
  return {
    url: url.origin + '/',
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    secure,
  };
};

/**
 * The WebSocket origins of the further relays, for the app's content policy. Throws RelayFault if there are too many,
 * or one that the app, `secure` if it comes over https, could not use.
 */
export const relayOrigins = (texts: readonly string[], secure: boolean): readonly string[] => {
  if (texts.length > MAX_OTHER_RELAYS)
    throw new RelayFault(`--other-relay can be given ${MAX_OTHER_RELAYS} times at most.`);
  const origins = texts.map(relayOrigin);
  const plain = texts[origins.findIndex((origin) => origin.startsWith('ws:'))];
  if (secure && plain !== undefined)
    throw new RelayFault(
      `--other-relay ${plain} is without TLS: browsers let an app that came over https use only addresses with /tls/ws.`,
    );
  return origins;
};

/**
 * The WebSocket origin (`wss://host:port`) of another relay's multiaddr, which must end in its peer id.
 * Throws RelayFault if it has none.
 */
const relayOrigin = (text: string): string => {
  const wrong = new RelayFault(
    `--other-relay ${text} is no relay's address. It looks like /dns4/relay.example.org/tcp/443/tls/ws/p2p/12D3KooW…`,
  );
  try {
    const parts = multiaddr(text).getComponents();
    const names = parts.map((part) => part.name).join('/');
    const form = /^(?:ip4|ip6|dns4|dns6|dns)\/tcp\/(?:(tls)\/)?(wss?)\/p2p$/.exec(names);
    const [host, port] = [parts[0]?.value, parts[1]?.value];
    if (form === null || host === undefined || port === undefined) throw wrong;
    return `${form[1] === 'tls' || form[2] === 'wss' ? 'wss' : 'ws'}://${urlHost(host)}:${port}`;
  } catch {
    throw wrong;
  }
};
