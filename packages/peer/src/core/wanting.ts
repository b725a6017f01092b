/** What this device, as a witness, wants decided: approved motions with their proofs, and what frees a stuck account. */
import {
  accountsToClose,
  closeBookWish,
  enoughFor,
  findClosing,
  needsNewKey,
  newKeyOf,
  openMotions,
  preferredProposer,
  proposedNext,
  unlockWishes,
  withProofs,
  ZERO_ID,
  currentTerm,
  type DeviceKey,
  type Wish,
} from '@corridor/ledger';
import type { Clock } from '../ports.ts';
import type { WishSource } from './keeping.ts';
import type { KeyTurning } from './keyTurning.ts';
import type { Notice } from './notice.ts';
import { KEY_TURN_MS } from './limits.ts';
import type { Replica } from './replica.ts';

const NO_KEY = '00'.repeat(8);
/**
 * `again`: has the keeping look once more. A new key is made by the witness whose turn it is; by another only when that
 * one has let a while go by, or every steward's phone would hand out a key of its own.
 */
export function createWanting(options: {
  readonly replica: Replica;
  readonly device: DeviceKey;
  readonly turning: KeyTurning;
  readonly clock: Clock;
  readonly again: () => void;
  readonly notice: Notice;
}): Pick<WishSource, 'wishes' | 'held' | 'readyKeys'> & { stop(): void } {
  const { replica, device, turning, clock, again, notice } = options;
  const { ledger } = replica;
  let waitsAt = -1;
  let isOver = false;
  let cancel: (() => void) | undefined;
  const mayMakeKey = (): boolean => {
    const height = ledger.log.height + 1;
    const own = currentTerm(ledger.log, device)?.index;
    if (own === preferredProposer(ledger.n, height, 0)) return true;
    if (waitsAt !== height) {
      waitsAt = height;
      isOver = false;
      cancel?.();
      cancel = clock.after(KEY_TURN_MS, () => {
        isOver = true;
        again();
      });
    }
    return isOver;
  };
  /** Once enough stewards have stopped, the book can be closed under a new key. */
  const bookClosing = async (): Promise<Wish | undefined> => {
    if (closeBookWish(ledger, NO_KEY) === undefined || !mayMakeKey()) return undefined;
    const key = await turning.keyFor({ type: 'close-book', stops: [], opening: ZERO_ID, key: NO_KEY });
    const act = key === undefined ? undefined : closeBookWish(ledger, key);
    return act && { act, approvals: [] };
  };
  return {
    held: () => notice.held(),
    async wishes() {
      const wishes: Wish[] = [];
      const held = notice.held();
      for (const motion of openMotions(ledger)) {
        if (held.has(motion.id) || motion.act?.type === 'close-book') continue;
        const { act } = motion;
        const approvals = act && enoughFor(ledger, motion);
        if (act === undefined || approvals === undefined) continue;
        if (accountsToClose(ledger, act).some((account) => findClosing(ledger, account) === undefined))
          continue;
        const key = needsNewKey(act) ? (mayMakeKey() ? await turning.keyFor(act) : undefined) : null;
        const proven = key === undefined ? undefined : withProofs(ledger, act, key);
        if (proven !== undefined) wishes.push({ act: proven, approvals });
      }
      const closing = await bookClosing();
      return [...wishes, ...(closing === undefined ? [] : [closing]), ...unlockWishes(ledger)];
    },
    async readyKeys() {
      const ready = new Set<string>();
      for (const { act } of proposedNext(ledger)) {
        const key = newKeyOf(act);
        if (key !== null && (await turning.isReady(act, key))) ready.add(key);
      }
      return ready;
    },
    stop: () => cancel?.(),
  };
}
