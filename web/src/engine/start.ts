/**
 * The engine of this tab. One tab of the browser writes (it holds the Web Lock): it runs the worker with the peer
 * and the network. The others follow: they show its view and send it their intents [W1].
 */
import { signal } from '@preact/signals';
import type { PeerView } from '@corridor/peer';
import { becomeWriter } from '@corridor/peer/browser';
import { createRemoteIntents, readMessage, type Call, type EngineMessage } from './calls.ts';
import { openNetwork } from './network.ts';
import type { Engine } from './port.ts';
import { createWiping } from './wiping.ts';

const LOCK = 'corridor-writer';
const CHANNEL = 'corridor';

export function startEngine(): Engine {
  const view = signal<PeerView>({ stage: 'starting' });
  const tab = crypto.randomUUID();
  const channel = new BroadcastChannel(CHANNEL);
  let worker: Worker | undefined;
  let closeNetwork: (() => void) | undefined;
  /** From then on no worker is started here any more. */
  let ended = false;

  const tell = (message: EngineMessage): void => channel.postMessage(message);
  const show = (next: PeerView): void => {
    view.value = next;
  };
  const post = (call: Call): void => {
    if (worker === undefined) tell(call);
    else worker.postMessage(call);
  };
  const remote = createRemoteIntents(tab, post);
  const wiping = createWiping({
    tell,
    view: () => view.peek(),
    show,
    letGo() {
      ended = true;
      worker?.terminate();
      worker = undefined;
      closeNetwork?.();
    },
  });

  channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    const message = readMessage(data);
    if (message === undefined) return;
    if (message.type === 'wipe' || message.type === 'wiped') return wiping.heard(message);
    if (worker !== undefined) {
      if (message.type === 'call') worker.postMessage(message);
      else if (message.type === 'hello') tell({ type: 'view', view: view.peek() });
    } else if (message.type === 'view') show(message.view);
    else if (message.type === 'answer') remote.answered(message);
  });
  tell({ type: 'hello' });

  const write = (): void => {
    if (ended) return;
    const started = new Worker(new URL('./peer.worker.ts', import.meta.url), { type: 'module' });
    worker = started;
    started.addEventListener('message', ({ data, ports }: MessageEvent<unknown>) => {
      const message = readMessage(data);
      // What it still says after it was ended stands for nothing.
      if (worker !== started) return;
      switch (message?.type) {
        case 'view':
          show(message.view);
          return tell(message);
        case 'answer':
          if (message.tab === tab) remote.answered(message);
          else tell(message);
          return;
        case 'network': {
          const [port] = ports;
          closeNetwork?.();
          if (port !== undefined) closeNetwork = openNetwork(message.seed, message.relays, port);
          return;
        }
        case 'failure':
          return show({ stage: 'broken', reason: message.reason });
        default:
          return;
      }
    });
    started.addEventListener('error', (event) => show({ stage: 'broken', reason: event.message }));
    // What this tab asked of the one that wrote before, and was never answered.
    remote.again();
  };
  // Held until this tab closes: two writers could sign two histories.
  becomeWriter(LOCK).then(write, (error: unknown) =>
    show({ stage: 'broken', reason: error instanceof Error ? error.message : String(error) }),
  );
  return { view, intents: { ...remote.intents, wipe: wiping.wipe } };
}
