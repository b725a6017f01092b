/**
 * Keeps a Yjs document on some disk, and notices when the disk refuses. y-indexeddb tells nobody when a
 * write is lost; here a refusal is said once, what was refused stays owed, and the next flush (or the
 * {@link COMPACT_AFTER_UPDATES}th change) pays it from the document itself, so nothing queues up.
 */
import * as Y from 'yjs';
import type { AttachedDoc } from './ports.ts';
import { COMPACT_AFTER_UPDATES } from './storageLimits.ts';

/** What was found when a document was loaded. */
export interface Stored {
  readonly updates: number;
  /** Why some of it could not be read, or undefined. The rest is in the document; peers have what is missing. */
  readonly trouble: string | undefined;
}
/** What a disk is to one document. Each call changes all or nothing; the answer is the reason of a refusal. */
export interface DocDisk {
  /** The origin under which `load` applies what is stored. */
  readonly origin: object;
  load(doc: Y.Doc): Promise<Stored>;
  /** Adds updates. `strict`: answers only when these and all before them would survive a power cut. */
  append(updates: readonly Uint8Array[], strict: boolean): Promise<string | undefined>;
  /** Runs `task` a little later: changes that nobody waits for are written together. Absent: at once. */
  gather?(task: () => void): void;
  /** Puts one update in the place of all that is stored. */
  replace(whole: Uint8Array): Promise<string | undefined>;
  close(): Promise<void>;
}

/** Applies stored updates one by one, so that one damaged row does not cost the others. */
export const applyStored = (doc: Y.Doc, updates: readonly Uint8Array[], origin: object): Stored => {
  let unreadable = 0;
  doc.transact(() => {
    for (const update of updates) {
      try {
        Y.applyUpdate(doc, update, origin);
      } catch {
        unreadable++;
      }
    }
  }, origin);
  const trouble = unreadable > 0 ? `${unreadable} stored changes are unreadable` : undefined;
  return { updates: updates.length, trouble };
};

/** Loads what `disk` has into `doc` and writes every change that is not there yet, before and after. */
export const attachDoc = async (
  doc: Y.Doc,
  disk: DocDisk,
  onRefused: (reason: string) => void,
  signal?: AbortSignal,
): Promise<AttachedDoc> => {
  let pending: Uint8Array[] = [];
  /** State vector of what the disk has; meaningful from the first successful write on. */
  let kept: Uint8Array | undefined;
  let owing = false;
  let owed = 0;
  let updatesSince = 0;
  let bytesSince = 0;
  let wholeBytes = 0;
  /** Whether something was written, or may have been, that a power cut could still take back. */
  let loose = true;
  let last: Promise<boolean> = Promise.resolve(true);
  let scheduled = false;
  let closed = false;

  const compact = async (): Promise<boolean> => {
    const whole = Y.encodeStateAsUpdate(doc);
    const refused = await disk.replace(whole);
    if (refused !== undefined) return false; // what is stored stays whole: it is only longer than it need be
    loose = true;
    updatesSince = 0;
    bytesSince = 0;
    wholeBytes = whole.length;
    return true;
  };

  const write = async (strict: boolean): Promise<boolean> => {
    scheduled = false;
    const reached = Y.encodeStateVector(doc);
    const updates = owing ? [Y.encodeStateAsUpdate(doc, kept)] : pending;
    pending = [];
    if (updates.length === 0 && !(strict && loose)) return true;
    loose = true;
    const reason = await disk.append(updates, strict);
    if (reason !== undefined) {
      if (!owing) onRefused(reason); // once: a screen needs one sentence, not one for each payment
      owing = true;
      return false;
    }
    kept = reached;
    loose = !strict;
    owing = false;
    owed = 0;
    updatesSince += updates.length;
    for (const update of updates) bytesSince += update.length;
    // Only once the tail is long beside the whole: so merging costs a constant part of all writing.
    if (updatesSince >= COMPACT_AFTER_UPDATES && bytesSince * 2 >= wholeBytes) await compact();
    return true;
  };

  const enqueue = (strict: boolean): Promise<boolean> => {
    last = last.then(() => write(strict));
    return last;
  };

  const onUpdate = (update: Uint8Array, origin: unknown): void => {
    if (origin === disk.origin) return;
    if (owing) {
      if (++owed % COMPACT_AFTER_UPDATES === 0) void enqueue(false);
      return;
    }
    pending.push(update);
    if (scheduled) return;
    scheduled = true;
    const writeSoon = (): void => void enqueue(false);
    if (disk.gather === undefined) writeSoon();
    else disk.gather(writeSoon);
  };

  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    doc.off('update', onUpdate);
    await enqueue(true);
    await disk.close();
  };

  // Not yet for every update: for whoever listens to those Yjs writes out all that is loaded once more.
  let isMore = doc.store.clients.size > 0;
  const onTransaction = ({ origin, changed }: Y.Transaction): void => {
    if (origin !== disk.origin && changed.size > 0) isMore = true;
  };
  doc.on('afterTransaction', onTransaction);
  last = disk.load(doc).then((stored) => {
    updatesSince = stored.updates;
    if (stored.trouble !== undefined) onRefused(stored.trouble);
    return true;
  });
  await last;
  doc.off('afterTransaction', onTransaction);
  doc.on('update', onUpdate);
  if (isMore) onUpdate(Y.encodeStateAsUpdate(doc), undefined);
  if (signal?.aborted === true) {
    await close();
    signal.throwIfAborted();
  }
  return {
    close,
    forget() {
      last = last.then(async () => !closed && (await write(true)) && (await compact()) && write(true));
      return last;
    },
    async flush(waiting) {
      waiting?.throwIfAborted();
      return closed ? false : enqueue(true);
    },
  };
};
