/**
 * One writer for all tabs of a browser [W1]: the tab that holds the Web Lock runs the worker that holds the
 * keys, the journal and the documents. A lock is never stolen: two writers could sign two histories.
 */

export interface WriterLock {
  /** Lets the next tab write. A closed or crashed tab has released by itself. */
  release(): void;
}

/** Waits until this tab is the writer. Rejects with the signal's reason when it is called off first. */
export const becomeWriter = (name: string, signal?: AbortSignal): Promise<WriterLock> =>
  new Promise((resolve, reject) => {
    const holding = (): Promise<void> => new Promise((release) => resolve({ release }));
    const options: LockOptions = signal === undefined ? { mode: 'exclusive' } : { mode: 'exclusive', signal };
    navigator.locks.request(name, options, holding).catch(reject);
  });

/** Whether some tab (this one included) writes just now, and how many wait for their turn. */
export const whoWrites = async (
  name: string,
): Promise<{ readonly taken: boolean; readonly waiting: number }> => {
  const { held, pending } = await navigator.locks.query();
  return {
    taken: held?.some((lock) => lock.name === name) ?? false,
    waiting: pending?.filter((lock) => lock.name === name).length ?? 0,
  };
};
