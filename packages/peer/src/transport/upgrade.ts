import type { Connection } from '@libp2p/interface';
import type { Clock, RandomBytes } from '../ports.ts';
import { backoff } from './backoff.ts';
import { UPGRADE_BACKOFF_MS } from './limits.ts';
import type { LinkTable, LiveLink } from './linkTable.ts';

export interface UpgraderOptions {
  readonly self: string;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly table: LinkTable;
  /** Whether we may connect directly to that peer now: not in relay-only mode, not with strangers [S3]. */
  readonly allows: (peer: string) => boolean;
  /** Dials the peer over WebRTC, signalling through that circuit. */
  readonly dialDirect: (circuit: Connection) => Promise<Connection>;
}

/** Lays a direct connection over each circuit and moves the links to it. */
export interface Upgrader {
  linkOpened(live: LiveLink): void;
  linkClosed(live: LiveLink): void;
  /** Tries at once all that wait. */
  wake(): void;
  stop(): void;
}

interface Attempts {
  failures: number;
  isDialling: boolean;
  cancelWait: (() => void) | undefined;
}

/**
 * Nothing in libp2p moves a circuit to WebRTC by itself. The lower peer id dials. A moved link is a new one:
 * the table closes the relayed link and opens the direct one, because order across two streams cannot be kept.
 */
export function createUpgrader(options: UpgraderOptions): Upgrader {
  const { self, clock, random, table } = options;
  const attempts = new Map<string, Attempts>();
  let stopped = false;

  const relayedLinks = (remote: string): readonly LiveLink[] =>
    table.all().filter(({ link }) => link.remote === remote && link.path === 'relayed');

  const attempt = async (remote: string, state: Attempts): Promise<void> => {
    const [first] = relayedLinks(remote);
    if (stopped || first === undefined || state.isDialling) return;
    state.isDialling = true;
    try {
      if (!options.allows(remote)) throw new Error('not now');
      const direct = await options.dialDirect(first.connection);
      for (const { link } of relayedLinks(remote)) await table.open(direct, link.protocol);
      if (!table.uses(direct)) direct.abort(new Error('no link moved'));
    } catch {
      // The circuit stays in use; the next attempt comes below.
    } finally {
      state.isDialling = false;
      state.failures += 1;
      if (!stopped && relayedLinks(remote).length > 0) {
        state.cancelWait = clock.after(backoff(state.failures - 1, UPGRADE_BACKOFF_MS, random), () => {
          state.cancelWait = undefined;
          void attempt(remote, state);
        });
      }
    }
  };

  return {
    linkOpened({ link }) {
      if (link.path === 'direct' || self > link.remote || stopped) return;
      const state = attempts.get(link.remote) ?? { failures: 0, isDialling: false, cancelWait: undefined };
      attempts.set(link.remote, state);
      if (state.cancelWait === undefined) void attempt(link.remote, state);
    },
    linkClosed({ link }) {
      if (table.all().some((live) => live.link.remote === link.remote)) return;
      attempts.get(link.remote)?.cancelWait?.();
      attempts.delete(link.remote);
    },
    wake() {
      for (const [remote, state] of attempts) {
        state.cancelWait?.();
        state.cancelWait = undefined;
        void attempt(remote, state);
      }
    },
    stop() {
      stopped = true;
      for (const state of attempts.values()) state.cancelWait?.();
    },
  };
}
