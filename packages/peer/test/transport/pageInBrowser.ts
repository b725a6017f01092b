import type { Link, TransportEvent } from '../../src/ports.ts';
import { createLibp2pTransport } from '../../src/transport/index.ts';
import { clock, random } from './wallClock.ts';
import { under, watch } from '@corridor/testing/transportContract';
import type { Watcher } from '@corridor/testing/transportContract';

/** What the test calls in each page; everything in and out is plain data. */
export interface PageDriver {
  start(seed: readonly number[], relays: readonly string[], word: string): Promise<string>;
  /** Resolves with the first open link of that path, other than `not`. */
  linkBy(path: Link['path'], not?: string): Promise<Link>;
  closed(link: string): Promise<boolean>;
  relayIs(state: 'ready' | 'down'): Promise<boolean>;
  send(link: string, bytes: readonly number[]): boolean;
  received(link: string, count: number): Promise<readonly (readonly number[])[]>;
  setRelayOnly(relayOnly: boolean): void;
}

declare global {
  interface Window {
    driver: PageDriver;
    /** The STUN servers of each peer connection that was made in this page. */
    stunServers: string[][];
  }
}

let watcher: Watcher | undefined;
const here = (): Watcher => {
  if (watcher === undefined) throw new Error('not started');
  return watcher;
};
const seen = (matches: (event: TransportEvent) => boolean): Promise<boolean> =>
  here().until(() => (here().events.some(matches) ? true : undefined));

window.driver = {
  async start(seed, relays, word) {
    const transport = await createLibp2pTransport({
      identitySeed: Uint8Array.from(seed),
      relays,
      clock,
      random,
    });
    watcher = watch(transport);
    transport.setPresence(under(word));
    return transport.self;
  },
  linkBy: (path, not) =>
    here().until(() =>
      here()
        .links()
        .find((link) => link.path === path && link.id !== not),
    ),
  closed: (id) => seen((event) => event.type === 'close' && event.link === id),
  relayIs: (state) =>
    here().until(() => {
      const last = here().events.findLast((event) => event.type === 'relays');
      return last?.relays.some((relay) => relay.state === state) === true ? true : undefined;
    }),
  send: (link, bytes) => here().transport.send(link, Uint8Array.from(bytes)),
  received: (link, count) =>
    here().until(() => {
      const got = here().received(link);
      return got.length >= count ? got.map((bytes) => [...bytes]) : undefined;
    }),
  setRelayOnly: (relayOnly) => here().transport.setRelayOnly(relayOnly),
};
