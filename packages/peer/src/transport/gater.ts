import type { ConnectionGater, PeerId } from '@libp2p/interface';
import type { Multiaddr } from '@multiformats/multiaddr';
import type { Relay } from './relayAddress.ts';

export interface GaterRules {
  readonly relays: () => readonly Relay[];
  /** Whether we want a link with this peer: met at a rendezvous, and not banned. */
  readonly wants: (peer: string) => boolean;
  /** Whether this stranger may reach us through a relay. */
  readonly admits: (peer: string) => boolean;
  readonly isBanned: (peer: string) => boolean;
}

const CIRCUIT = '/p2p-circuit';

/**
 * Nothing is dialled but the listed relays and, through them, peers we met at a rendezvous; nobody gets in but
 * through a relay. Addresses that others advertise are never tried.
 */
export function createGater(rules: GaterRules): ConnectionGater {
  const isRelay = (peer: string): boolean => rules.relays().some(({ peerId }) => peerId === peer);
  const denyBanned = (peer: PeerId): boolean => rules.isBanned(peer.toString());
  return {
    denyDialPeer: (peer) => !isRelay(peer.toString()) && !rules.wants(peer.toString()),
    denyDialMultiaddr(address: Multiaddr) {
      const text = address.toString();
      const relay = rules
        .relays()
        .find((one) => text === one.address || text.startsWith(one.address + CIRCUIT));
      if (relay === undefined) return true;
      const peer = text.slice(relay.address.length).split('/p2p/').at(-1);
      return text !== relay.address && (peer === undefined || !rules.wants(peer));
    },
    denyInboundConnection: ({ remoteAddr }) =>
      !remoteAddr.getComponents().some(({ name }) => name === 'p2p-circuit' || name === 'webrtc'),
    denyInboundRelayedConnection: (relay, remote) =>
      !isRelay(relay.toString()) || !rules.admits(remote.toString()),
    denyInboundEncryptedConnection: denyBanned,
    denyOutboundEncryptedConnection: denyBanned,
    filterMultiaddrForPeer: (peer) => isRelay(peer.toString()),
  };
}
