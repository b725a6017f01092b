import { webRTC } from '@libp2p/webrtc';
import type { WebRTCTransportComponents } from '@libp2p/webrtc';
import type { Stream, Transport as Libp2pTransport } from '@libp2p/interface';
import { MAX_SOCKET_BYTES } from './limits.ts';

type Registrar = WebRTCTransportComponents['registrar'];

export interface DirectRules {
  /** Whether that peer may learn our addresses: asked before one ICE candidate is made [S3]. */
  readonly allows: (peer: string) => boolean;
  /** Our relays' own STUN servers, and no others. */
  readonly stunServers: () => readonly string[];
}

/**
 * The WebRTC transport, browser to browser. Its signalling answers whoever has a circuit to us with our
 * addresses, so the handler is put behind our own question.
 */
export const directTransport =
  (rules: DirectRules) =>
  (components: WebRTCTransportComponents): Libp2pTransport => {
    const { peerId, upgrader, transportManager, connectionManager, logger, events } = components;
    return webRTC({
      rtcConfiguration: () => {
        const urls = [...rules.stunServers()];
        // An empty list is a list: without one the library would ask four companies for our address.
        return { iceServers: urls.length === 0 ? [] : [{ urls }] };
      },
      dataChannel: { maxBufferedAmount: MAX_SOCKET_BYTES },
    })({
      peerId,
      upgrader,
      transportManager,
      connectionManager,
      logger,
      events,
      registrar: guarded(components.registrar, rules.allows),
    });
  };

/**
 * The library's answerer, once connected, closes the dialler's first data channel; if the dialler has not seen
 * that channel open by then, it waits for it until its time is up. The answerer's next step is to close the
 * signalling, and the dialler closes its end when it has seen the channel: so the answerer waits for that.
 */
function closedAfterTheOther(stream: Stream): Stream {
  const close = stream.close.bind(stream);
  stream.close = async (options) => {
    if (stream.status === 'open' && stream.remoteWriteStatus !== 'closed') {
      await new Promise<void>((resolve) => {
        stream.addEventListener('remoteCloseWrite', () => resolve(), { once: true });
        stream.addEventListener('close', () => resolve(), { once: true });
        options?.signal?.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    await close(options);
  };
  return stream;
}

function guarded(registrar: Registrar, allows: (peer: string) => boolean): Registrar {
  return {
    getProtocols: () => registrar.getProtocols(),
    getHandler: (protocol) => registrar.getHandler(protocol),
    getTopologies: (protocol) => registrar.getTopologies(protocol),
    getMiddleware: (protocol) => registrar.getMiddleware(protocol),
    handle: (protocol, handler, options) =>
      registrar.handle(
        protocol,
        (stream, connection) =>
          allows(connection.remotePeer.toString())
            ? handler(closedAfterTheOther(stream), connection)
            : stream.abort(new Error('no direct connections with this peer')),
        options,
      ),
    unhandle: (protocols, options) => registrar.unhandle(protocols, options),
    register: (protocol, topology, options) => registrar.register(protocol, topology, options),
    unregister: (id) => registrar.unregister(id),
    use: (protocol, middleware) => registrar.use(protocol, middleware),
    unuse: (protocol) => registrar.unuse(protocol),
  };
}
