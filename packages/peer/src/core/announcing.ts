/**
 * A book's witnesses write down what it began with, for whoever comes later [B2]: the first of them at once, each of the
 * others if after its turn something is still missing.
 */
import {
  currentTerm,
  KIND,
  LANE,
  ok,
  partsOfStatement,
  type DeviceKey,
  type OpeningBody,
} from '@corridor/ledger';
import type { Clock } from '../ports.ts';
import { DISK_RETRY_MS, OPENING_TURN_MS } from './limits.ts';
import type { Replica } from './replica.ts';

export interface Announcing {
  /** Writes what is missing, if it is this device's turn. */
  work(): Promise<void>;
  stop(): void;
}
/** `statement`: undefined in a circle's first book. */
export function createAnnouncing(
  replica: Replica,
  device: DeviceKey,
  statement: Uint8Array | undefined,
  clock: Clock,
  failed: (error: unknown) => void,
): Announcing {
  const { ledger } = replica;
  const parts = statement === undefined ? [] : partsOfStatement(statement);
  const began = clock.now();
  let isDone = parts.length === 0;
  let cancel: (() => void) | undefined;
  let stopped = false;
  const missing = (): readonly OpeningBody[] => {
    const there = new Set<string>();
    for (const feeds of ledger.feeds.values())
      for (const { entry } of feeds[LANE.witness].main)
        if (entry.body.kind === KIND.opening && entry.body.parts === parts.length)
          there.add(`${entry.body.part}/${entry.body.bytes}`);
    return parts.filter(({ part, bytes }) => !there.has(`${part}/${bytes}`));
  };
  const lookIn = (ms: number): void => {
    if (stopped) return;
    cancel?.();
    cancel = clock.after(ms, () => void work().catch(failed));
  };
  const work = async (): Promise<void> => {
    const term = currentTerm(ledger.log, device);
    if (isDone || stopped || term === undefined) return;
    const wait = began + term.index * OPENING_TURN_MS - clock.now();
    // A clock that jumps back makes nobody wait longer than a turn.
    if (term.index > 0 && wait > 0) return lookIn(Math.min(wait, term.index * OPENING_TURN_MS));
    const said = await replica.append(LANE.witness, () => ok(missing()));
    isDone = said.ok;
    if (!said.ok) lookIn(DISK_RETRY_MS);
  };
  return {
    work,
    stop() {
      stopped = true;
      cancel?.();
    },
  };
}
