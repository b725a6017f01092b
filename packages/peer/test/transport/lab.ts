import { createRelay } from '@corridor/relay';
import type { Relay, RelayWish } from '@corridor/relay';
import { createNodeTransport } from '../../src/transport/node.ts';
import type { Libp2pTransport } from '../../src/transport/node.ts';
import { clock, random } from './wallClock.ts';

/** A relay on loopback ports of its own; all come from one address here, so its caps per address are wide. */
export const startRelay = (dataDir: string | undefined, httpPort = 0, more: RelayWish = {}): Promise<Relay> =>
  createRelay({
    host: '127.0.0.1',
    httpPort,
    stunPort: 0,
    statusPort: 'off',
    dataDir,
    limits: {
      connectionsPerAddress: 64,
      connectionsPerSecond: 64,
      reservationsPerAddress: 64,
      circuitsPerAddress: 64,
    },
    ...more,
  });

/** Two relays whose hosts name each other: each address is known once the other has a key and a port. */
export async function twoRelays(dirs: readonly [string, string]): Promise<[Relay, Relay]> {
  const drafts = await Promise.all(dirs.map((dir) => startRelay(dir)));
  await Promise.all(drafts.map((draft) => draft.stop()));
  const [first, second] = await Promise.all(
    drafts.map(({ httpPort }, i) =>
      startRelay(dirs[i], httpPort, { otherRelays: drafts[1 - i]?.multiaddrs.slice(0, 1) ?? [] }),
    ),
  );
  if (first === undefined || second === undefined) throw new Error('two folders, two relays');
  return [first, second];
}

/** Thirty-two bytes that are always the same for a name. */
export const seedOf = (name: string): Uint8Array => {
  const seed = new Uint8Array(32);
  seed.set(new TextEncoder().encode(name).subarray(0, 32));
  return seed;
};

/** People on Node transports, through that relay. Joining again under a name restarts that person. */
export interface People {
  join(name: string): Promise<Libp2pTransport>;
  stopAll(): Promise<void>;
}
export function peopleAt(relays: readonly string[]): People {
  const running = new Map<string, Libp2pTransport>();
  return {
    async join(name) {
      await running.get(name)?.stop();
      const transport = await createNodeTransport({ identitySeed: seedOf(name), relays, clock, random });
      running.set(name, transport);
      return transport;
    },
    async stopAll() {
      await Promise.all([...running.values()].map((transport) => transport.stop()));
    },
  };
}
