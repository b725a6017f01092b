/**
 * A disk that refuses: what the screen is told of it, and the asking again. Somebody may have made room, and nobody does
 * anything that would find it out [P6].
 */
import type { Clock } from '../ports.ts';
import { DISK_RETRY_MS } from './limits.ts';

export interface DiskTrouble {
  /** Why the disk refuses; null: it takes what is written. */
  current(): string | null;
  /** `part` was refused for this reason; null: it was written. */
  note(part: string, reason: string | null): void;
  /** Work that nobody would ask for again: now, and if the disk refuses it (false) until it takes it. */
  until(part: string, work: () => Promise<boolean>): Promise<void>;
  stop(): void;
}
/** The journal takes no write on trial: what it refused passes when it has refused nothing since the last look. */
const JOURNAL = 'journal';

/** `flush`: whether the disk has the book; it notes that itself. */
export function createDiskTrouble(options: {
  readonly clock: Clock;
  readonly flush: () => Promise<boolean>;
  readonly onChange: () => void;
  readonly failed: (error: unknown) => void;
}): DiskTrouble {
  const { clock, flush, onChange, failed } = options;
  const reasons = new Map<string, string>();
  const owed = new Map<string, () => Promise<boolean>>();
  let journalSince = false;
  let stopped = false;
  let cancel: (() => void) | undefined;

  const note = (part: string, reason: string | null): void => {
    const before = current();
    if (reason === null) reasons.delete(part);
    else reasons.set(part, reason);
    if (reason !== null && part === JOURNAL) journalSince = true;
    if (current() !== before) onChange();
    lookLater();
  };
  const current = (): string | null => [...reasons.values()][0] ?? null;
  const attempt = async (part: string, work: () => Promise<boolean>): Promise<void> => {
    owed.set(part, work);
    const isDone = await work();
    if (isDone && owed.get(part) === work) owed.delete(part);
    note(part, isDone ? null : 'refused');
  };
  const look = async (): Promise<void> => {
    await flush();
    for (const [part, work] of [...owed]) if (!stopped) await attempt(part, work);
    if (!journalSince) note(JOURNAL, null);
    journalSince = false;
  };
  const lookLater = (): void => {
    if (stopped || reasons.size === 0) return;
    cancel ??= clock.after(DISK_RETRY_MS, () => {
      look()
        .catch(failed)
        .finally(() => {
          cancel = undefined;
          lookLater();
        });
    });
  };
  return {
    current,
    note,
    until: attempt,
    stop() {
      stopped = true;
      cancel?.();
    },
  };
}
