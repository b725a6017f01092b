import { multiaddr } from '@multiformats/multiaddr';
import type { Result } from '@corridor/ledger';
import { MAX_RELAY_ADDRESS_CHARS } from './limits.ts';

/** A relay as someone names it: a WebSocket multiaddr that ends in /p2p/<id>, or what `relay.json` says. */
export type RelayAddress =
  | string
  | {
      readonly peerId: string;
      /** A name or an IP address, without brackets. */
      readonly host: string;
      readonly port: number;
      /** Where on that host; only the root is reachable through libp2p addresses. */
      readonly path?: string | undefined;
      /** wss rather than ws. */
      readonly secure: boolean;
    };

export type RelayAddressFault = {
  readonly fault: 'relay-address';
  readonly address: string;
  readonly reason: string;
};

/** A relay that can be dialled: its peer id, its host, and its whole multiaddr with the id at the end. */
export interface Relay {
  readonly peerId: string;
  /** A name or an IP address, without brackets. */
  readonly host: string;
  readonly address: string;
  /** wss rather than ws. */
  readonly secure: boolean;
}

const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;

function textOf(address: RelayAddress): string {
  if (typeof address === 'string') return address;
  const { host, port, secure, peerId } = address;
  const kind = IPV4.test(host) ? 'ip4' : host.includes(':') ? 'ip6' : 'dns';
  return `/${kind}/${host}/tcp/${port}${secure ? '/tls' : ''}/ws/p2p/${peerId}`;
}

/** Reads a relay's address. Faults: too long, not an address, not a WebSocket, no peer id, a path libp2p cannot express. */
export function readRelayAddress(address: RelayAddress): Result<Relay, RelayAddressFault> {
  const text = textOf(address);
  const refuse = (reason: string) =>
    ({ ok: false, fault: { fault: 'relay-address', address: text, reason } }) as const;
  if (typeof address !== 'string' && (address.path ?? '/') !== '/' && address.path !== '') {
    return refuse('a path other than / cannot be dialled');
  }
  if (text.length > MAX_RELAY_ADDRESS_CHARS) return refuse('too long');
  try {
    const components = multiaddr(text).getComponents();
    const [first] = components;
    const last = components.at(-1);
    if (!components.some(({ name }) => name === 'ws' || name === 'wss')) return refuse('not a WebSocket');
    if (components.some(({ name }) => name === 'p2p-circuit')) return refuse('behind another relay');
    if (last?.name !== 'p2p' || last.value === undefined) return refuse('does not end in a peer id');
    if (first?.value === undefined) return refuse('no host');
    const secure = components.some(({ name }) => name === 'tls' || name === 'wss');
    return { ok: true, value: { peerId: last.value, host: first.value, address: text, secure } };
  } catch {
    return refuse('not a multiaddr');
  }
}
