/** Payments that this device showed as codes, and how far each has come: kept, so that a reload still offers the rest. */
import type { Id } from '@corridor/ledger';
import type { Store } from '../ports.ts';

export type HandOverState = 'to-show' | 'done';
export interface HandOvers {
  readonly states: ReadonlyMap<Id, HandOverState>;
  /** False: the disk refused. */
  set(id: Id, state: HandOverState): Promise<boolean>;
}
const PREFIX = 'handover/';

export async function openHandOvers({ records }: Pick<Store, 'records'>): Promise<HandOvers> {
  const states = new Map<Id, HandOverState>();
  for (const name of await records.names(PREFIX)) {
    const state = await records.get(name);
    states.set(name.slice(PREFIX.length) as Id, state?.[0] === 1 ? 'done' : 'to-show');
  }
  return {
    states,
    async set(id, state) {
      const kept = await records.put(`${PREFIX}${id}`, Uint8Array.of(state === 'done' ? 1 : 0));
      if (kept) states.set(id, state);
      return kept;
    },
  };
}
