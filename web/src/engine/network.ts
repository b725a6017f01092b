/** The window's part of the network: libp2p lives here because workers have no WebRTC, and loads when it is needed. */
import type { PeerOptions } from '@corridor/peer';
import { renewPagePolicy } from './pagePolicy.ts';
import { rememberedRelays, rememberRelays } from './relayMemory.ts';

const clock: PeerOptions['clock'] = {
  now: () => Date.now(),
  after(ms, task) {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
};
/** Between two attempts to load and open the network, milliseconds. */
const RETRY_MS = 15_000;

/** Resolves when the browser thinks that it has a network; pretends nothing about whether it works. */
const online = (): Promise<void> =>
  navigator.onLine
    ? Promise.resolve()
    : new Promise((resolve) => globalThis.addEventListener('online', () => resolve(), { once: true }));
const idle = (): Promise<void> =>
  new Promise((resolve) => {
    if ('requestIdleCallback' in globalThis)
      globalThis.requestIdleCallback(() => resolve(), { timeout: 500 });
    else setTimeout(resolve, 0);
  });

/** Opens the network for the worker and serves it on the port; the returned function closes it. */
export function openNetwork(seed: Uint8Array, relays: readonly string[], port: MessagePort): () => void {
  const closing = new AbortController();
  const open = async (): Promise<void> => {
    await online();
    await idle();
    if (closing.signal.aborted) return;
    const { createLibp2pTransport, decodeRelayMemory, encodeRelayMemory, fetchRelayList, serveTransport } =
      await import('@corridor/peer/transport');
    const transport = await createLibp2pTransport({
      identitySeed: seed,
      relays,
      announced: decodeRelayMemory(rememberedRelays()),
      async fetchRelays(asked) {
        const list = await fetchRelayList(location.origin, asked);
        if (list.length > 0 && !closing.signal.aborted) {
          rememberRelays(encodeRelayMemory(list));
          void renewPagePolicy();
        }
        return list;
      },
      clock,
      random: (length) => crypto.getRandomValues(new Uint8Array(length)),
      signal: closing.signal,
    });
    serveTransport(transport, port, clock);
  };
  // Without the network's code one can still pay by code. It may only be missing for now.
  const keepTrying = (): void => {
    open().catch(() => {
      if (!closing.signal.aborted) clock.after(RETRY_MS, keepTrying);
    });
  };
  keepTrying();
  return () => closing.abort();
}
