import type { Libp2pTransport, Libp2pTransportOptions } from './libp2pTransport.ts';
import { createTransportOverLibp2p } from './libp2pTransport.ts';
import { directTransport } from './webrtc.ts';

export type { Libp2pTransport, Libp2pTransportOptions };
export { serveTransport } from './portTransport.ts';
export { fetchRelayList, readRelayList } from './relayList.ts';
export { decodeRelayMemory, encodeRelayMemory } from './relayMemory.ts';
export { readRelayAddress } from './relayAddress.ts';
export type { RelayAddress, RelayAddressFault } from './relayAddress.ts';

/**
 * The browser's transport: for the window, because workers have no WebRTC. It wakes by itself when the browser
 * says that it is online again, or the page that it is seen again.
 */
export async function createLibp2pTransport(options: Libp2pTransportOptions): Promise<Libp2pTransport> {
  const hasWebRtc = 'RTCPeerConnection' in globalThis;
  // A page that came over https may open no WebSocket without TLS: the browser would refuse.
  const secureOnly = location.protocol === 'https:';
  const direct = hasWebRtc ? directTransport : undefined;
  const transport = await createTransportOverLibp2p({ ...options, secureOnly }, direct);
  const seen = (): void => {
    if (document.visibilityState === 'visible') transport.wake();
  };
  globalThis.addEventListener('online', transport.wake);
  document.addEventListener('visibilitychange', seen);
  return {
    ...transport,
    stop() {
      globalThis.removeEventListener('online', transport.wake);
      document.removeEventListener('visibilitychange', seen);
      return transport.stop();
    },
  };
}
