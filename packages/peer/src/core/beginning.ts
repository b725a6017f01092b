/**
 * How a device gets its first book of a circle [B2]. The invite names a decision that the inviter knew: what a book's log
 * says before that one hangs on it, link by link. So a book is begun with whose log comes to hold it: the newest, or, if
 * the decision is older, one before. An invite for recovery is made long before and knows of the founding alone: then two
 * devices must bring the same, or one alone for a while.
 */
import type { DeviceKey, Id, Invite } from '@corridor/ledger';
import { isLogLane, type Run, type Shelf } from '@corridor/sync';
import type { Clock } from '../ports.ts';
import { EMPTY_SHELF } from './bootstrap.ts';
import { createCollecting, type Collected, type Collecting } from './collecting.ts';
import type { CircleRecord } from './circleRecord.ts';
import { BEGIN_ALONE_MS, MAX_COLLECTED_FROM } from './limits.ts';

export interface Beginning {
  /** What sessions see while there is no book: which one they should bring. */
  readonly shelf: Shelf;
  /** Takes what a device's link brought; a book that can be begun with, once there is one. */
  take(runs: readonly Run[], source: string, device: DeviceKey): Promise<Begun | undefined>;
  ended(source: string): void;
  stop(): void;
}
export interface Begun extends Collected {
  /** The decision that its log must come to hold; null: it was looked at otherwise. */
  readonly mustHold: Id | null;
}
export function createBeginning(options: {
  readonly record: CircleRecord;
  readonly ports: Parameters<typeof createCollecting>[1];
  readonly invite: Invite | undefined;
  /** Openings that proved to be of no book of this circle, by their closing decisions. */
  readonly refuted: ReadonlySet<Id>;
  readonly clock: Clock;
  /** Another book is wanted now: sessions should look again. */
  readonly onTarget: () => void;
  /** Nobody else came for so long that what one device brought has to do. */
  readonly onAlone: (begun: Begun) => void;
}): Beginning {
  const { record, ports, invite, refuted, clock, onTarget, onAlone } = options;
  const known = invite?.as === 'recover' ? undefined : invite?.decision;
  let target: number | undefined;
  const bySource = new Map<string, Collecting>();
  const candidates = new Map<DeviceKey, Collected>();
  let cancel: (() => void) | undefined;

  const collectingOf = (source: string): Collecting | undefined => {
    const open = bySource.get(source);
    if (open !== undefined || bySource.size >= MAX_COLLECTED_FROM) return open;
    const fresh = createCollecting(record, ports, target);
    bySource.set(source, fresh);
    return fresh;
  };
  const oneBefore = ({ book, founding }: Collected, mustHold: Id): Begun | undefined => {
    // The first book needs no opening: the founding entry is here.
    if (book === 1) return { book: 0, founding, start: null, runs: [], mustHold };
    target = book - 1;
    bySource.clear();
    onTarget();
    return undefined;
  };
  const isAgreed = (found: Collected, device: DeviceKey): boolean => {
    if (candidates.size < MAX_COLLECTED_FROM) candidates.set(device, found);
    const closing = found.start?.checked.closing;
    return [...candidates].some(([of, other]) => of !== device && other.start?.checked.closing === closing);
  };
  return {
    shelf: {
      ...EMPTY_SHELF,
      books: () => (target === undefined ? [] : [target]),
      takes: ({ book, lane }) => isLogLane(lane) && (target === undefined || target === book),
    },
    async take(runs, source, device) {
      const found = await collectingOf(source)?.take(runs);
      if (found === undefined) return undefined;
      if (found.start === null) return { ...found, mustHold: known ?? null };
      const { opening, closing } = found.start.checked;
      if (refuted.has(closing)) return undefined;
      const isInIt = opening.devices.some(({ device: own }) => own === record.device);
      // Who was let in before this book began was invited before that.
      if (known !== undefined && (isInIt || opening.decisions.includes(known)))
        return oneBefore(found, known);
      if (known !== undefined) return { ...found, mustHold: known };
      const begun = { ...found, mustHold: null };
      if (isAgreed(found, device)) return begun;
      cancel ??= clock.after(BEGIN_ALONE_MS, () => onAlone(begun));
      return undefined;
    },
    ended: (source) => void bySource.delete(source),
    stop: () => cancel?.(),
  };
}
