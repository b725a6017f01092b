import type { Clock, Transport, TransportEvent } from '../ports.ts';
import { MAX_FRAME_BYTES, MAX_QUEUED_BYTES, MAX_UNREAD_BYTES } from './limits.ts';
import { isToWindow, isToWorker } from './portMessages.ts';
import type { ToWindow, ToWorker } from './portMessages.ts';

/** How long a peer that overran the worker is refused. */
const OVERRUN_BAN_SECONDS = 60;

/** While bytes wait in the window's queue, the worker hears of it this often. */
const QUEUE_NEWS_MS = 50;

const post = (port: MessagePort, message: ToWindow | ToWorker, bytes?: Uint8Array): void =>
  // Only a buffer of its own may be handed over: a view into a shared one would take the rest along.
  bytes !== undefined && bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength
    ? port.postMessage(message, [bytes.buffer])
    : port.postMessage(message);

/** The window's half: passes the port's calls to `transport` and its events to the port. Returns how to end it. */
export function serveTransport(
  transport: Transport,
  port: MessagePort,
  clock: Pick<Clock, 'after'>,
): () => void {
  const links = new Map<
    string,
    { readonly remote: string; unread: number; taken: number; isWatched: boolean }
  >();
  const tell = (message: ToWorker, bytes?: Uint8Array): void => post(port, message, bytes);

  const pass = (event: TransportEvent): void => {
    if (event.type === 'open') {
      links.set(event.link.id, { remote: event.link.remote, unread: 0, taken: 0, isWatched: false });
    }
    if (event.type === 'close') links.delete(event.link);
    if (event.type !== 'message') return tell({ type: 'event', event });
    const link = links.get(event.link);
    if (link === undefined) return;
    link.unread += event.bytes.length;
    if (link.unread > MAX_UNREAD_BYTES) return transport.ban(link.remote, OVERRUN_BAN_SECONDS);
    tell({ type: 'event', event }, event.bytes);
  };
  const sent = (id: string): void => {
    const link = links.get(id);
    if (link === undefined) return;
    const queued = transport.queued(id);
    tell({ type: 'sent', link: id, taken: link.taken, queued });
    if (queued > 0 && !link.isWatched) {
      link.isWatched = true;
      clock.after(QUEUE_NEWS_MS, () => {
        link.isWatched = false;
        if (links.get(id) === link) sent(id);
      });
    }
  };
  const take = (message: ToWindow): void => {
    switch (message.type) {
      case 'listen':
        return transport.listen(pass);
      case 'presence':
        return transport.setPresence(message.presence);
      case 'send': {
        const link = links.get(message.link);
        if (link === undefined) return;
        link.taken += message.bytes.length;
        // The worker counted wrong or the stream is full of others' bytes: either way the session must end.
        if (!transport.send(message.link, message.bytes)) transport.close(message.link, 'its queue is full');
        return sent(message.link);
      }
      case 'read': {
        const link = links.get(message.link);
        if (link === undefined) return;
        link.unread = Math.max(0, link.unread - message.bytes);
        return;
      }
      case 'close':
        return transport.close(message.link, message.reason);
      case 'ban':
        return transport.ban(message.remote, message.seconds);
      case 'relayOnly':
        return transport.setRelayOnly(message.relayOnly);
      case 'stop':
        void transport.stop().then(() => tell({ type: 'stopped' }));
        return;
    }
  };
  const onMessage = ({ data }: MessageEvent<unknown>): void => {
    if (isToWindow(data)) take(data);
  };
  port.addEventListener('message', onMessage);
  port.start();
  tell({ type: 'self', self: transport.self });
  return () => port.removeEventListener('message', onMessage);
}

/** The worker's half: resolves with a transport as soon as the window has said who we are. */
export function createPortTransport(port: MessagePort, signal?: AbortSignal): Promise<Transport> {
  /** Per link: bytes sent from here, and what the window last said of them. */
  const links = new Map<string, { sent: number; taken: number; queued: number }>();
  const ready = Promise.withResolvers<Transport>();
  const stopped = Promise.withResolvers<void>();
  let handler: ((event: TransportEvent) => void) | undefined;
  const ask = (message: ToWindow, bytes?: Uint8Array): void => post(port, message, bytes);
  const queuedOn = (id: string): number => {
    const link = links.get(id);
    return link === undefined ? 0 : link.sent - link.taken + link.queued;
  };

  const transportOf = (self: string): Transport => ({
    self,
    listen(next) {
      handler = next;
      ask({ type: 'listen' });
    },
    setPresence: (presence) => ask({ type: 'presence', presence }),
    send(id, bytes) {
      const link = links.get(id);
      if (link === undefined || bytes.length > MAX_FRAME_BYTES) return false;
      if (queuedOn(id) + bytes.length > MAX_QUEUED_BYTES) return false;
      link.sent += bytes.length;
      // The caller may use its bytes again: the port gets a copy, which it may then carry off.
      const copy = bytes.slice();
      ask({ type: 'send', link: id, bytes: copy }, copy);
      return true;
    },
    queued: queuedOn,
    close(id, reason) {
      if (links.has(id)) ask({ type: 'close', link: id, reason });
    },
    ban: (remote, seconds) => ask({ type: 'ban', remote, seconds: Math.max(0, Math.ceil(seconds)) }),
    setRelayOnly: (relayOnly) => ask({ type: 'relayOnly', relayOnly }),
    stop() {
      ask({ type: 'stop' });
      return stopped.promise;
    },
  });

  const take = (message: ToWorker): void => {
    switch (message.type) {
      case 'self':
        return ready.resolve(transportOf(message.self));
      case 'sent': {
        const link = links.get(message.link);
        if (link !== undefined) Object.assign(link, { taken: message.taken, queued: message.queued });
        return;
      }
      case 'stopped':
        return stopped.resolve();
      case 'event': {
        const { event } = message;
        if (event.type === 'open') links.set(event.link.id, { sent: 0, taken: 0, queued: 0 });
        if (event.type === 'close') links.delete(event.link);
        const read = event.type === 'message' ? event.bytes.length : 0;
        handler?.(event);
        if (event.type === 'message') ask({ type: 'read', link: event.link, bytes: read });
        return;
      }
    }
  };
  port.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (isToWorker(data)) take(data);
  });
  const giveUp = (): void => ready.reject(signal?.reason);
  if (signal?.aborted === true) giveUp();
  signal?.addEventListener('abort', giveUp, { once: true });
  port.start();
  return ready.promise;
}
