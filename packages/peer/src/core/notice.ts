/**
 * A new device that others vouch for takes the place of all the old ones, so it is announced first: for two days any of
 * these can say no [C4]. So is one that comes with words, where it would close more than the phone that the words are of:
 * a stolen phone can make words. Each steward's phone counts from when it saw the motion itself; it is courtesy, never
 * validity.
 */
import {
  approvalsOf,
  enoughFor,
  isSealed,
  openMotions,
  type Id,
  type Ledger,
  type Motion,
} from '@corridor/ledger';
import type { Clock } from '../ports.ts';
import { NOTICE_SECONDS } from './limits.ts';
import type { SealedRecords } from './sealedRecords.ts';

export interface Notice {
  /** Motions whose notice still runs, or against which an own device has spoken. */
  held(): ReadonlySet<Id>;
  stop(): void;
}
const PREFIX = 'seen/';

export async function openNotice(options: {
  readonly ledger: Ledger;
  readonly records: SealedRecords;
  readonly clock: Clock;
  readonly again: () => void;
}): Promise<Notice> {
  const { ledger, records, clock, again } = options;
  const seenAt = new Map<Id, number>();
  for (const name of await records.names(PREFIX)) {
    const value = await records.get(name);
    if (value?.length === 8)
      seenAt.set(name.slice(PREFIX.length) as Id, new DataView(value.buffer, value.byteOffset).getFloat64(0));
  }
  let cancel: (() => void) | undefined;
  const lookAgainIn = (seconds: number): void => {
    cancel?.();
    cancel = clock.after(seconds * 1000, again);
  };
  const seen = (id: Id, now: number): number => {
    const known = seenAt.get(id);
    if (known !== undefined) return known;
    seenAt.set(id, now);
    const value = new Uint8Array(8);
    new DataView(value.buffer).setFloat64(0, now);
    // Not kept, it is counted anew after the next start: later, never sooner.
    void records.put(`${PREFIX}${id}`, value);
    return now;
  };
  return {
    held() {
      const held = new Set<Id>();
      const now = clock.now() / 1000;
      for (const motion of openMotions(ledger)) {
        if (!isVouchedFor(ledger, motion) && !isByWordsOfAnother(motion)) continue;
        const left = seen(motion.id, now) + NOTICE_SECONDS - now;
        if (left > 0) lookAgainIn(left);
        if (left > 0 || isVetoed(ledger, motion)) held.add(motion.id);
      }
      return held;
    },
    stop: () => cancel?.(),
  };
}
/** A new device in the place of others' old ones, that has the consent it needs from people other than its member. */
function isVouchedFor(ledger: Ledger, motion: Motion): boolean {
  const { act } = motion;
  if (act?.type !== 'replace' || act.request === null || approvalsOf(motion).length === 0) return false;
  const enough = enoughFor(ledger, motion);
  return enough !== undefined && enough.length > 0;
}
/** By one device's words in the place of others too, of which none has said yes. */
function isByWordsOfAnother({ act, answers }: Motion): boolean {
  if (act?.type !== 'replace' || act.request?.as !== 'recover') return false;
  const { inviter } = act.request;
  const others = act.closings.filter(({ device }) => device !== inviter);
  const said = others.map(({ device }) => answers.get(device)?.signature);
  return others.length > 0 && said.every((yes) => yes === undefined || yes === null);
}
/** One of the devices that would be closed says no: it is not lost. */
function isVetoed({ log }: Ledger, { act, answers }: Motion): boolean {
  if (act?.type !== 'replace') return false;
  return act.closings.some(({ device }) => {
    const record = log.devices.get(device);
    return record !== undefined && !isSealed(record) && answers.get(device)?.signature === null;
  });
}
