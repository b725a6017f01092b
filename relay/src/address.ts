import { isIP, isIPv6 } from 'node:net';
import type { IncomingMessage } from 'node:http';

/** IPv4 inside IPv6 (`::ffff:192.0.2.1`, what a dual-stack socket reports) as plain IPv4. */
export const plainAddress = (address: string): string => {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  return mapped?.[1] ?? address.replace(/%.*$/, '');
};

/** The first four groups of an IPv6 address, in one spelling. */
const network64 = (address: string): string => {
  const [front = '', back = ''] = address.split('::');
  const groups = front === '' ? [] : front.split(':');
  if (address.includes('::')) {
    const tail = back === '' ? [] : back.split(':');
    const missing = 8 - groups.length - tail.length - (back.includes('.') ? 1 : 0);
    groups.push(...new Array<string>(Math.max(0, missing)).fill('0'), ...tail);
  }
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
};

/** What caps count by: an IPv4 address, or the /64 that one IPv6 customer is given. */
export const capKey = (address: string): string => {
  const plain = plainAddress(address);
  return isIPv6(plain) ? `${network64(plain)}::/64` : plain;
};

/**
 * Who is at the other end. Behind a reverse proxy (and only if the host said so) it is the last entry of
 * X-Forwarded-For, the one our own proxy wrote; those before it are the client's to invent.
 */
export const clientAddress = (request: IncomingMessage, trustProxy: boolean): string => {
  const direct = plainAddress(request.socket.remoteAddress ?? '0.0.0.0');
  if (!trustProxy) return direct;
  const header = request.headers['x-forwarded-for'];
  const last = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',').at(-1)?.trim() ?? '';
  return isIP(last) === 0 ? direct : plainAddress(last);
};
