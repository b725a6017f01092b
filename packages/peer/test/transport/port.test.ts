import { afterEach, expect, test } from 'vitest';
import { linkTo, transportContract, under, watch } from '@corridor/testing/transportContract';
import type { Transport, TransportEvent } from '../../src/ports.ts';
import { MAX_FRAME_BYTES, MAX_QUEUED_BYTES, MAX_UNREAD_BYTES } from '../../src/transport/limits.ts';
import { createMemoryNetwork } from '../../src/transport/memoryTransport.ts';
import { createPortTransport, serveTransport } from '../../src/transport/portTransport.ts';
import { clock } from './wallClock.ts';

const ports: MessagePort[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});
const channel = (): MessageChannel => {
  const pair = new MessageChannel();
  ports.push(pair.port1, pair.port2);
  return pair;
};
/** The worker's half of a transport whose other half is served in the window. */
const throughPort = (transport: Transport): Promise<Transport> => {
  const { port1, port2 } = channel();
  serveTransport(transport, port1, clock);
  return createPortTransport(port2);
};

for (const { title, run } of transportContract) {
  test(`through a message port: ${title}`, async () => {
    const network = createMemoryNetwork();
    await run({
      join: (name) => throughPort(network.join(name)),
      maxMessageBytes: MAX_FRAME_BYTES,
      maxQueuedBytes: MAX_QUEUED_BYTES,
    });
  });
}

test('what the window has not sent yet stays counted, until it has', async () => {
  let queued = 0;
  const pretend = createMemoryNetwork().join('Alice');
  const events: ((event: TransportEvent) => void)[] = [];
  const alice = watch(
    await throughPort({
      ...pretend,
      listen: (handler) => events.push(handler),
      send: (_, bytes) => {
        queued += bytes.length;
        return true;
      },
      queued: () => queued,
    }),
  );
  const link = { id: 'x', remote: 'Bob', path: 'relayed', protocol: 'sync', outgoing: true } as const;
  const news = (): void => events[0]?.({ type: 'relays', relays: [] });
  const seen = (): Promise<unknown> => {
    const before = alice.events.length;
    return alice.until(() => alice.events[before]);
  };
  await new Promise<void>((resolve) => {
    const wait = (): void => (events.length > 0 ? resolve() : void setImmediate(wait));
    wait();
  });
  events[0]?.({ type: 'open', link });
  await alice.until(() => alice.links()[0]);
  expect(alice.transport.send('x', new Uint8Array(1000))).toBe(true);
  expect(alice.transport.queued('x')).toBe(1000);
  while (queued === 0) {
    const next = seen();
    news();
    await next;
  }
  expect(alice.transport.queued('x')).toBe(1000);
  queued = 0;
  while (alice.transport.queued('x') > 0) {
    const next = seen();
    news();
    await next;
  }
});

test('[I18] who sends more than the worker has read and may be owed is dropped and banned', async () => {
  const network = createMemoryNetwork();
  const window = network.join('Alice');
  const { port1, port2 } = channel();
  serveTransport(window, port1, clock);
  // A worker that listens and never says that it has read anything.
  const closed = new Promise<void>((resolve) => {
    port2.addEventListener('message', ({ data }: MessageEvent<{ event?: TransportEvent }>) => {
      if (data.event?.type === 'close') resolve();
    });
  });
  port2.start();
  port2.postMessage({ type: 'listen' });
  port2.postMessage({ type: 'presence', presence: under('flood') });
  const mallory = watch(network.join('Mallory'));
  mallory.transport.setPresence(under('flood'));
  const link = await linkTo(mallory, window);
  let sent = 0;
  while (mallory.links().length > 0 && sent < 2 * MAX_UNREAD_BYTES) {
    while (mallory.transport.send(link.id, new Uint8Array(60_000))) sent += 60_000;
    await Promise.resolve();
  }
  expect(mallory.links()).toEqual([]);
  await closed;
  expect(sent).toBeGreaterThan(MAX_UNREAD_BYTES);
  expect(sent).toBeLessThan(MAX_UNREAD_BYTES + 2 * MAX_QUEUED_BYTES);
});

test('[I16] what is no message of this port is passed over, on both sides', async () => {
  const network = createMemoryNetwork();
  const { port1, port2 } = channel();
  serveTransport(network.join('Alice'), port1, clock);
  const alice = watch(await createPortTransport(port2));
  for (const nonsense of [null, 7, {}, { type: 'send', link: 3 }, { type: 'presence', presence: [{}] }]) {
    port2.postMessage(nonsense);
    port1.postMessage(nonsense);
    port1.postMessage({ type: 'event', event: nonsense });
  }
  const bob = watch(network.join('Bob'));
  for (const { transport } of [alice, bob]) transport.setPresence(under('fine'));
  await linkTo(alice, bob.transport);
  expect(alice.events.map(({ type }) => type)).toEqual(['relays', 'open']);
});

test('asking for the transport can be given up', async () => {
  const asked = createPortTransport(channel().port2, AbortSignal.abort(new Error('the page closed')));
  await expect(asked).rejects.toThrow('the page closed');
});
