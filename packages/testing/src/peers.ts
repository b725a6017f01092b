/** Whole peers in one process: the real composition over memory stores and a memory network, with real cryptography. */
import { createPeer, createSignatureChecker, type Peer, type PeerOptions, type Store } from '@corridor/peer';
import { createNodeCipher, createSha256 } from '@corridor/peer/node';
import { createMemoryDisk, openMemoryStore, type MemoryDisk } from '@corridor/peer';
import { createMemoryNetwork, type MemoryNetwork } from '@corridor/peer/transport/memory';

export interface VillagePeer {
  readonly name: string;
  readonly peer: Peer;
  readonly disk: MemoryDisk;
  readonly store: Store;
  /** Stops and opens again over the same disk, as a reload does. */
  reload(): Promise<VillagePeer>;
}
export const realClock: PeerOptions['clock'] = {
  now: () => Date.now(),
  after(ms, task) {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
};
const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

/** A network and as many peers on it as a story needs. */
export function peerVillage(): {
  readonly network: MemoryNetwork;
  open(name: string, more?: Partial<PeerOptions>): Promise<VillagePeer>;
} {
  const network = createMemoryNetwork();
  let joined = 0;
  const open = async (
    name: string,
    more: Partial<PeerOptions> = {},
    disk = createMemoryDisk(),
  ): Promise<VillagePeer> => {
    const store = openMemoryStore(disk, random);
    const peer = await createPeer({
      store,
      clock: realClock,
      random,
      sha256: await createSha256(),
      cipher: createNodeCipher(),
      checker: await createSignatureChecker(),
      openTransport: () => Promise.resolve(network.join(`${name}-${joined++}`)),
      appUrl: 'https://valldor.example',
      onView: () => undefined,
      ...more,
    });
    const reload = async (): Promise<VillagePeer> => {
      await peer.stop();
      return open(name, more, disk);
    };
    return { name, peer, disk, store, reload };
  };
  return { network, open: (name, more) => open(name, more) };
}
/** Resolves when `holds` does; fails after `ms` with what was waited for. Looks again at every turn of the loop. */
export async function eventually<T>(
  what: string,
  holds: () => T | undefined | false | null,
  ms = 40_000,
): Promise<T> {
  const end = Date.now() + ms;
  while (Date.now() < end) {
    const value = holds();
    if (value !== undefined && value !== false && value !== null) return value;
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  throw new Error(`never happened: ${what}`);
}
