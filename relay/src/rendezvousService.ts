import type { Connection, Libp2p, Stream, StreamMessageEvent } from '@libp2p/interface';
import {
  RENDEZVOUS_PROTOCOL,
  createRendezvousReader,
  encodeRendezvous,
  isRendezvousPeer,
  type RendezvousReply,
} from '@corridor/sync/rendezvous';
import { MAX_RENDEZVOUS_BACKLOG } from './limits.ts';
import type { RendezvousBoard } from './rendezvousBoard.ts';

const DAY_MS = 86_400_000;

/** Unix days, the relay's announced day [S3]. */
export const dayOf = (now: number): number => Math.floor(now / DAY_MS);

export interface RendezvousService {
  /** Announces the day again if it has changed; called now and then. */
  tick(): void;
  stop(): Promise<void>;
}

/** Puts the board on the network: one stream for each connection, open as long as the peer wants to be found. */
export const serveRendezvous = async (
  node: Libp2p,
  board: RendezvousBoard,
  stun: { readonly host: string; readonly port: number },
  now: () => number,
): Promise<RendezvousService> => {
  const greeting = (day: number): RendezvousReply => ({
    type: 'greeting',
    day,
    stunHost: stun.host,
    stunPort: stun.port,
  });
  let announced = dayOf(now());

  const serve = (stream: Stream, connection: Connection): void => {
    const peer = connection.remotePeer.toString();
    if (!isRendezvousPeer(peer)) return stream.abort(new Error('only Ed25519 peers are listed'));
    // Whoever does not read what it asked for loses the stream, not the relay its memory [I18].
    stream.maxWriteBufferLength = MAX_RENDEZVOUS_BACKLOG;
    const read = createRendezvousReader();
    const send = (reply: RendezvousReply): void => {
      if (stream.status === 'open' && stream.writeStatus === 'writable') stream.send(encodeRendezvous(reply));
    };
    const session = board.join(peer, send, (reason) => stream.abort(new Error(reason)));
    stream.addEventListener('close', () => session.leave());
    stream.addEventListener('remoteCloseWrite', () => session.leave());
    stream.addEventListener('message', (event: StreamMessageEvent) => {
      const frames = read(event.data.subarray());
      if (!frames.ok) return stream.abort(new Error(frames.fault));
      for (const message of frames.messages) {
        if (message.type !== 'register' && message.type !== 'lookup')
          return stream.abort(new Error('a message that only relays send'));
        session.handle(message);
      }
    });
    send(greeting(announced));
  };

  await node.handle(RENDEZVOUS_PROTOCOL, serve, { maxInboundStreams: 2 });
  return {
    tick: () => {
      const day = dayOf(now());
      if (day === announced) return;
      announced = day;
      board.tell(greeting(day));
    },
    stop: () => node.unhandle(RENDEZVOUS_PROTOCOL),
  };
};
