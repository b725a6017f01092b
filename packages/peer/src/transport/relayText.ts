/** A relay's address as invites and lists write it, read without libp2p: the worker has none of it. */
export interface NamedRelay {
  /** A name or an IP address, without brackets. */
  readonly host: string;
  readonly port: number;
  /** wss rather than ws. */
  readonly secure: boolean;
  readonly peerId: string;
}

const FORM =
  /^\/(?:ip4|ip6|dns|dns4|dns6)\/([\w.:-]{1,253})\/tcp\/(\d{1,5})\/(?:(tls)\/)?(wss?)\/p2p\/([1-9A-HJ-NP-Za-km-z]{46,64})$/;

/** Undefined unless it is a WebSocket's multiaddr that ends in the relay's peer id: nothing else is ever dialled. */
export function readRelayText(text: string): NamedRelay | undefined {
  const form = FORM.exec(text);
  const [, host, port, tls, kind, peerId] = form ?? [];
  if (host === undefined || peerId === undefined) return undefined;
  return { host, port: Number(port), secure: tls !== undefined || kind === 'wss', peerId };
}
