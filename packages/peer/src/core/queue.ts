/** One thing at a time: everything that changes a replica goes through one queue, in order of arrival. */
export type Queue = <T>(task: () => Promise<T>) => Promise<T>;

export function createQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const next = last.then(task, task);
    // A failed task must not fail those behind it; whoever asked for it hears of it.
    last = next.catch(() => undefined);
    return next;
  };
}
