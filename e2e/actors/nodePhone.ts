/** What a peer in this process needs of the world, over the test's own relay. */
import type { Transport } from '../../packages/peer/src/index.ts';
import { createNodeTransport, fetchRelayList } from '../../packages/peer/src/transport/node.ts';

const PATIENCE_MS = 30_000;

export const clock = {
  now: () => Date.now(),
  after(ms: number, task: () => void) {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
};
export const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

/** Resolves with what happens first; rejects after a time that no honest answer takes. */
export const soon = <T>(what: string, happens: Promise<T>): Promise<T> => {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`never happened: ${what}`)), PATIENCE_MS);
  return Promise.race([happens, late.promise]).finally(() => clearTimeout(timer));
};
/** Under a new peer id each time: a ban of the last one does not hold anybody back. */
export const newTransport = (appUrl: string): Promise<Transport> =>
  createNodeTransport({
    identitySeed: random(32),
    relays: [],
    fetchRelays: (signal) => fetchRelayList(appUrl, signal),
    clock,
    random,
  });
