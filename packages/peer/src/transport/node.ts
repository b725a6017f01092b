import type { Libp2pTransport, Libp2pTransportOptions } from './libp2pTransport.ts';
import { createTransportOverLibp2p } from './libp2pTransport.ts';

export type { Libp2pTransport, Libp2pTransportOptions };
export { fetchRelayList } from './relayList.ts';
export { decodeRelayMemory, encodeRelayMemory } from './relayMemory.ts';
export type { RelayAddress } from './relayAddress.ts';

/** The transport of a steward node: through relays only, because Node has no WebRTC of its own. */
export const createNodeTransport = (options: Libp2pTransportOptions): Promise<Libp2pTransport> =>
  createTransportOverLibp2p(options);
