import type { Clock } from '../ports.ts';
import { MAX_BANS } from './limits.ts';

export interface Bans {
  /** Refuses this remote for so many seconds; a longer ban in force stays. */
  add(remote: string, seconds: number): void;
  has(remote: string): boolean;
}

/** Who broke the protocol lately. Bounded: beyond MAX_BANS the oldest is forgotten. */
export function createBans(clock: Clock): Bans {
  const untilByRemote = new Map<string, number>();
  return {
    add(remote, seconds) {
      const until = Math.max(clock.now() + seconds * 1000, untilByRemote.get(remote) ?? 0);
      untilByRemote.delete(remote);
      untilByRemote.set(remote, until);
      for (const oldest of untilByRemote.keys()) {
        if (untilByRemote.size <= MAX_BANS) break;
        untilByRemote.delete(oldest);
      }
    },
    has(remote) {
      const until = untilByRemote.get(remote);
      if (until === undefined) return false;
      if (until > clock.now()) return true;
      untilByRemote.delete(remote);
      return false;
    },
  };
}
