/** A new key of the book is in force, and it is here: from now on it seals [S1]. */
import type { Circle } from './circle.ts';
import type { CircleRecord } from './circleRecord.ts';
import type { PeerState } from './peerState.ts';

/** `exclusive`: beside nothing else that opens or closes the circle. `openAnew`: opens it again under this record. */
export const createTakingNewKeys =
  (
    state: PeerState,
    exclusive: <T>(work: () => Promise<T>) => Promise<T>,
    openAnew: (next: CircleRecord) => Promise<unknown>,
  ) =>
  async (circle: Circle): Promise<void> => {
    if ((await circle.turning.found()).length === 0) return;
    const take = (): Promise<boolean> =>
      exclusive(async () => {
        const { record } = state;
        if (state.circle !== circle || record === undefined) return true;
        // Asked again: another turn of this queue may have taken them.
        const fresh = await circle.turning.found();
        const next = { ...record, bookKeys: [...record.bookKeys, ...fresh] };
        if (fresh.length === 0) return true;
        if (!(await state.vault.save(next))) return false;
        await openAnew(next);
        return true;
      });
    await circle.trouble.until('new keys', take);
  };
