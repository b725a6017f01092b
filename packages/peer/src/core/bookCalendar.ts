/**
 * When the book in use began, and when it is over by itself [B1]: each steward's phone counts by its own clock from when it
 * went on to this book, and believes it only when somebody else's words are labelled as late. Clocks may differ, for they
 * only start a phone's own part: once more have stopped than may lie, the others stop as well.
 */
import type { DeviceKey, Ledger } from '@corridor/ledger';
import type { Clock } from '../ports.ts';
import { CALENDAR_LOOK_MS, CLOCKS_APART_MS } from './limits.ts';
import type { SealedRecords } from './sealedRecords.ts';

const PREFIX = 'began/';
const DAY_MS = 86_400_000;

export interface BookCalendar {
  /** Unix seconds, for the screen; null: this device came later, and nothing in the book says. */
  since(): number | null;
  /** Whether the policy's days are over, by two clocks; never, if the policy closes no book by itself. */
  isOver(): boolean;
  stop(): void;
}
/**
 * `hasCrossed`: this device was in the book before. Who comes later counts from then on, and shows what the book's first
 * words say. `again`: has the keeping look once more.
 */
export async function openBookCalendar(options: {
  readonly ledger: Ledger;
  readonly device: DeviceKey;
  readonly records: SealedRecords;
  readonly clock: Clock;
  readonly hasCrossed: boolean;
  readonly again: () => void;
}): Promise<BookCalendar> {
  const { ledger, device, records, clock, hasCrossed, again } = options;
  const { book, log } = ledger;
  const name = `${PREFIX}${book}`;
  const known = readMoment(await records.get(name));
  const began = known?.at ?? (book === 0 ? log.founding.at * 1000 : clock.now());
  let earliest = known?.earliest ?? began;
  const isExact = book === 0 || (known?.isExact ?? hasCrossed);
  const note = (): void => {
    // Not kept, it is counted anew after the next start: later, never sooner.
    void records.put(name, momentBytes({ at: began, earliest, isExact }));
  };
  if (known === undefined && book > 0) note();
  for (const old of await records.names(PREFIX)) if (old !== name) await records.remove(old);
  const shown = isExact ? null : firstWord(ledger, clock.now());

  /** A clock that was ahead when the book began, or is behind for a while now, must neither hold it up nor hurry it. */
  const startAt = (now: number): number => {
    if (now >= began) return began;
    if (now < earliest) {
      earliest = now;
      note();
    }
    return earliest;
  };
  let heard = 0;
  let latest = 0;
  /** What the latest words of other devices are labelled with, unix milliseconds. */
  const latestWord = (): number => {
    if (heard === ledger.entries.size) return latest;
    heard = ledger.entries.size;
    for (const { entry } of ledger.entries.values())
      if (entry.device !== device && 'at' in entry.body) latest = Math.max(latest, entry.body.at * 1000);
    return latest;
  };
  const isOver = (): boolean => {
    const { bookDays } = log.policy;
    if (bookDays === 0) return false;
    const now = clock.now();
    const due = startAt(now) + bookDays * DAY_MS;
    return now >= due && latestWord() >= due - CLOCKS_APART_MS;
  };
  let cancel: (() => void) | undefined;
  /** Timers of a browser reach no month, and the policy may change: it is looked at every hour, and once it is over. */
  const look = (): void => {
    const now = clock.now();
    const left = startAt(now) + log.policy.bookDays * DAY_MS - now;
    const isNear = log.policy.bookDays > 0 && left > 0 && left < CALENDAR_LOOK_MS;
    cancel = clock.after(isNear ? left : CALENDAR_LOOK_MS, () => {
      look();
      if (isOver()) again();
    });
  };
  look();
  return {
    since: () => (isExact ? Math.floor(began / 1000) : shown),
    isOver,
    stop: () => cancel?.(),
  };
}
/** The earliest time that anything in the book is labelled with, if it can be. Unix seconds. */
function firstWord(ledger: Ledger, now: number): number | null {
  let first = Math.floor(now / 1000);
  let isSaid = false;
  for (const { entry } of ledger.entries.values()) {
    if (!('at' in entry.body) || entry.body.at < ledger.log.founding.at || entry.book !== ledger.book)
      continue;
    isSaid = true;
    first = Math.min(first, entry.body.at);
  }
  return isSaid ? first : null;
}

interface Moment {
  readonly at: number;
  /** What the clock showed when it was furthest behind `at`. */
  readonly earliest: number;
  readonly isExact: boolean;
}
const MOMENT_BYTES = 17;
function momentBytes({ at, earliest, isExact }: Moment): Uint8Array {
  const bytes = new Uint8Array(MOMENT_BYTES);
  const view = new DataView(bytes.buffer);
  view.setFloat64(0, at);
  view.setFloat64(8, earliest);
  bytes[MOMENT_BYTES - 1] = isExact ? 1 : 0;
  return bytes;
}
function readMoment(bytes: Uint8Array | undefined): Moment | undefined {
  if (bytes?.length !== MOMENT_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return {
    at: view.getFloat64(0),
    earliest: view.getFloat64(8),
    isExact: bytes[MOMENT_BYTES - 1] === 1,
  };
}
