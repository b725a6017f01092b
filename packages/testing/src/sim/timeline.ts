/** Virtual time: a heap of events in milliseconds. Events of one moment run in the order in which they were planned. */
export interface Timeline {
  now(): number;
  /** Runs `task` after `ms`; the returned function cancels it. */
  after(ms: number, task: () => void): () => void;
  /** Runs the next event if it is due by `until`; false when none is, and then it is `until`. */
  step(until: number): boolean;
}
interface Event {
  readonly at: number;
  readonly order: number;
  task: (() => void) | undefined;
}
const isBefore = (a: Event, b: Event): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

export function createTimeline(): Timeline {
  const heap: Event[] = [];
  let now = 0;
  let planned = 0;

  const rise = (event: Event): void => {
    let at = heap.push(event) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as Event;
      if (!isBefore(event, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = event;
  };
  const takeFirst = (): Event | undefined => {
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Event, heap[child] as Event)) child++;
      const below = heap[child] as Event;
      if (!isBefore(below, last)) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = last;
    return first;
  };
  return {
    now: () => now,
    after(ms, task) {
      const event: Event = { at: now + Math.max(0, ms), order: planned++, task };
      rise(event);
      return () => {
        event.task = undefined;
      };
    },
    step(until) {
      for (let first = heap[0]; first !== undefined && first.at <= until; first = heap[0]) {
        takeFirst();
        if (first.task === undefined) continue;
        now = first.at;
        first.task();
        return true;
      }
      now = Math.max(now, until);
      return false;
    },
  };
}
