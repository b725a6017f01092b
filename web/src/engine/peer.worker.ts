/** The worker that runs the peer: store, keys, verification, decryption and fold live here, away from the screen. */
import {
  createPeer,
  createSignatureChecker,
  createWebCipher,
  type Peer,
  type Transport,
} from '@corridor/peer';
import { createSha256, openIdbStore } from '@corridor/peer/browser';
import { createPortTransport } from '@corridor/peer/transport/port';
import { answerCall, readMessage, type EngineMessage } from './calls.ts';

const post = (message: EngineMessage, transfer: Transferable[] = []): void =>
  self.postMessage(message, { transfer });

const openTransport = (seed: Uint8Array, relays: readonly string[]): Promise<Transport> => {
  const { port1, port2 } = new MessageChannel();
  post({ type: 'network', seed, relays }, [port2]);
  return createPortTransport(port1);
};

async function openPeer(): Promise<Peer> {
  const [store, sha256, checker] = await Promise.all([
    openIdbStore(),
    createSha256(),
    createSignatureChecker(),
  ]);
  return createPeer({
    store,
    sha256,
    checker,
    cipher: createWebCipher(),
    clock: {
      now: () => Date.now(),
      after(ms, task) {
        const timer = setTimeout(task, ms);
        return () => clearTimeout(timer);
      },
    },
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    openTransport,
    appUrl: self.location.origin,
    onView: (view) => post({ type: 'view', view }),
  });
}
const opened = openPeer();
opened.then(
  (peer) => post({ type: 'view', view: peer.view() }),
  (error: unknown) =>
    post({ type: 'failure', reason: error instanceof Error ? error.message : String(error) }),
);

// From the first moment: a newcomer presses a button while the peer still opens, and what nobody hears is lost.
self.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  const message = readMessage(data);
  if (message?.type !== 'call') return;
  void opened
    .then((peer) => answerCall(peer.intents, message))
    .then(
      (answer) => post(answer),
      // It never opened, and that has been told.
      () => undefined,
    );
});
