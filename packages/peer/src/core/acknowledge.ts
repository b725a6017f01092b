/** "I have it": said in a signed voice entry; no entry is signed before the book lies strictly on the disk [P6]. */
import {
  KIND,
  LANE,
  MAX_HAVE,
  ok,
  type Change,
  type DeviceKey,
  type Id,
  type Stored,
} from '@corridor/ledger';
import type { Clock } from '../ports.ts';
import { DISK_RETRY_MS, HAVE_MS } from './limits.ts';
import type { Replica } from './replica.ts';

export interface Acknowledging {
  note(changes: readonly Change[]): void;
  /** Resolves when nothing noted so far is left unsaid, or the disk refused. */
  idle(): Promise<void>;
  stop(): void;
}
export function createAcknowledging(replica: Replica, device: DeviceKey, clock: Clock): Acknowledging {
  const owed = new Set<Id>();
  let cancel: (() => void) | undefined;
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  const say = async (): Promise<void> => {
    while (owed.size > 0) {
      let ids: readonly Id[] = [];
      const said = await replica.append(LANE.voice, () => {
        // What is final says more than "I have it", and whose phone keeps the book may just have said that.
        for (const id of owed) if (replica.ledger.entries.get(id)?.settled === true) owed.delete(id);
        ids = [...owed].slice(0, MAX_HAVE);
        return ok(ids.length === 0 ? [] : [{ kind: KIND.have, ids }]);
      });
      if (!said.ok) return;
      for (const id of ids) owed.delete(id);
    }
  };
  const schedule = (ms = HAVE_MS): void => {
    if (stopped || cancel !== undefined || owed.size === 0) return;
    cancel = clock.after(ms, () => {
      cancel = undefined;
      running = running.then(say, say).then(() => schedule(DISK_RETRY_MS));
    });
  };
  const isOwed = (stored: Stored): boolean => {
    const { body } = stored.entry;
    const toMe = body.kind === KIND.pay && body.to.type === 'device' && body.to.device === device;
    return toMe && !stored.delivered && !stored.settled && stored.verdict.type !== 'invalid';
  };
  for (const stored of replica.ledger.accounts.get(device)?.incoming ?? [])
    if (isOwed(stored)) owed.add(stored.entry.id);
  schedule();
  return {
    note(changes) {
      for (const change of changes)
        if (change.type === 'kept' && isOwed(change.stored)) owed.add(change.stored.entry.id);
      schedule();
    },
    idle: () => running,
    stop() {
      stopped = true;
      cancel?.();
    },
  };
}
