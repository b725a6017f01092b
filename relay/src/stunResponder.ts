import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIPv4 } from 'node:net';
import { capKey, plainAddress } from './address.ts';
import { portFault, reasonOf } from './fault.ts';
import { STUN_PER_SECOND, STUN_PER_SECOND_PER_ADDRESS } from './limits.ts';
import { createRate } from './rate.ts';
import { readBindingRequest, writeBindingAnswer } from './stunMessage.ts';

export interface StunResponder {
  readonly port: number;
  /** Binding requests answered since the start. */
  readonly answered: number;
  stop(): Promise<void>;
}

const bind = (socket: Socket, port: number, host: string | undefined): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ port, ...(host === undefined ? {} : { address: host }) }, () => {
      socket.off('error', reject);
      resolve();
    });
  });

/** One socket for both families where the machine has IPv6, else IPv4 alone. */
const openSocket = async (port: number, host: string | undefined): Promise<Socket> => {
  const attempt = async (type: 'udp4' | 'udp6'): Promise<Socket> => {
    const socket = createSocket({ type, ipv6Only: false });
    try {
      await bind(socket, port, host);
      return socket;
    } catch (cause) {
      socket.close();
      throw cause;
    }
  };
  if (host !== undefined) return await attempt(isIPv4(host) ? 'udp4' : 'udp6');
  try {
    return await attempt('udp6');
  } catch (cause) {
    if (['EAFNOSUPPORT', 'EADDRNOTAVAIL', 'EINVAL'].includes(reasonOf(cause))) return await attempt('udp4');
    throw cause;
  }
};

/**
 * Answers Binding requests over UDP, so that no browser has to ask a third party for its own address [S3].
 * Throws RelayFault if the port can't be opened.
 */
export const startStunResponder = async (
  port: number,
  host: string | undefined,
  elapsed: () => number,
): Promise<StunResponder> => {
  let socket: Socket;
  try {
    socket = await openSocket(port, host);
  } catch (cause) {
    throw portFault('The STUN port', '--stun-port', port, cause);
  }
  // Source addresses of datagrams can be forged: the cap for all holds when the cap for each does not.
  const each = createRate(STUN_PER_SECOND_PER_ADDRESS, 2 * STUN_PER_SECOND_PER_ADDRESS);
  const all = createRate(STUN_PER_SECOND, STUN_PER_SECOND, 1);
  let answered = 0;
  socket.on('message', (datagram: Buffer, from: RemoteInfo) => {
    const request = readBindingRequest(datagram);
    if (request === undefined || from.port === 0) return;
    const at = elapsed();
    if (!each(capKey(from.address), at) || !all('', at)) return;
    answered++;
    socket.send(writeBindingAnswer(request, plainAddress(from.address), from.port), from.port, from.address);
  });
  // A send can fail (no route back to a forged address): that is the sender's loss alone.
  socket.on('error', () => undefined);
  return {
    port: socket.address().port,
    get answered() {
      return answered;
    },
    stop: () => new Promise((resolve) => socket.close(() => resolve())),
  };
};
