/** Clocks put into the pages of a measured phone, before the app's own code. Strings, because they run there. */

/**
 * In each page: every press with its time, main-thread tasks over 50 ms, strict flushes as the worker reports them,
 * and the page's WebRTC connections. Times are Unix milliseconds with fractions, by the page's monotonic clock.
 */
export const PAGE_INSTRUMENT = `{
  const now = () => performance.timeOrigin + performance.now();
  const bench = { now, presses: [], tasks: [], flushes: [], peers: [] };
  globalThis.bench = bench;
  addEventListener('click', () => bench.presses.push(now()), true);
  new PerformanceObserver((list) => {
    for (const task of list.getEntries())
      bench.tasks.push({ began: performance.timeOrigin + task.startTime, ms: task.duration });
  }).observe({ type: 'longtask', buffered: true });
  new BroadcastChannel('bench-flush').addEventListener('message', ({ data }) => bench.flushes.push(data));
  const Native = globalThis.RTCPeerConnection;
  globalThis.RTCPeerConnection = class extends Native {
    constructor(...args) { super(...args); bench.peers.push(this); }
  };
  /** Resolves with the time at which the first element that fits has been painted. */
  bench.painted = (selector, words) => new Promise((resolve) => {
    const fits = () => [...document.querySelectorAll(selector)].some((element) =>
      words.every((word) => element.textContent.includes(word)));
    const look = () => {
      if (!fits()) return false;
      observer.disconnect();
      // The frame that shows it is drawn after this callback; the message comes after that.
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => { port1.close(); resolve(now()); };
        port2.postMessage(null);
      });
      return true;
    };
    const observer = new MutationObserver(look);
    observer.observe(document, { subtree: true, childList: true, characterData: true });
    look();
  });
  /** Resolves once the phone's own view says that it holds so many entries: what a second tab would be told. */
  bench.holds = (count) => new Promise((resolve) => {
    const tabs = new BroadcastChannel('corridor');
    tabs.addEventListener('message', ({ data }) => {
      const circle = data?.type === 'view' && data.view.stage === 'circle' ? data.view.view : undefined;
      if (circle === undefined || circle.entryCount < count) return;
      tabs.close();
      resolve(circle.entryCount);
    });
    tabs.postMessage({ type: 'hello' });
  });
  /** Opens a channel of our own on the app's connection; one side answers, the other counts. */
  bench.wire = () => {
    const peer = bench.peers.find((each) => each.connectionState === 'connected');
    if (peer === undefined) throw new Error('no direct connection');
    bench.channel = peer.createDataChannel('bench', { negotiated: true, id: 1000 });
    return new Promise((resolve) => {
      if (bench.channel.readyState === 'open') resolve();
      else bench.channel.addEventListener('open', () => resolve(), { once: true });
    });
  };
  bench.echo = () => bench.channel.addEventListener('message', ({ data }) => bench.channel.send(data));
  bench.roundTrips = async (count) => {
    const times = [];
    for (let i = 0; i < count; i++) {
      const began = performance.now();
      await new Promise((resolve) => {
        bench.channel.addEventListener('message', resolve, { once: true });
        bench.channel.send('.');
      });
      times.push(performance.now() - began);
    }
    return times;
  };
}`;

/** In the worker, in front of its code: every strict transaction, when it began and when the disk had it. */
export const WORKER_INSTRUMENT = `{
  const said = new BroadcastChannel('bench-flush');
  const now = () => performance.timeOrigin + performance.now();
  const plain = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (...args) {
    const transaction = plain.apply(this, args);
    if (args[1] === 'readwrite' && args[2]?.durability === 'strict') {
      const began = now();
      transaction.addEventListener('complete', () => said.postMessage({ began, ended: now() }));
    }
    return transaction;
  };
}
`;

/** A span of time in a page, Unix milliseconds. */
export interface Flush {
  readonly began: number;
  readonly ended: number;
}
export interface Task {
  readonly began: number;
  readonly ms: number;
}
/** What {@link PAGE_INSTRUMENT} leaves in the page. */
export interface PageBench {
  readonly presses: number[];
  readonly tasks: Task[];
  readonly flushes: Flush[];
  now(): number;
  painted(selector: string, words: readonly string[]): Promise<number>;
  holds(count: number): Promise<number>;
  wire(): Promise<void>;
  echo(): void;
  roundTrips(count: number): Promise<number[]>;
}
declare global {
  var bench: PageBench;
}
