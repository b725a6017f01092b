/**
 * A steward who lies: the whole real peer with its own keys over the real relay, whose witness lane alone is bent. She
 * votes twice in each place, says two things in each round, and reports accounts falsely that are to be closed.
 */
import {
  createMemoryDisk,
  createPeer,
  createSignatureChecker,
  openMemoryStore,
  type CircleView,
  type Peer,
  type PeerView,
} from '../../packages/peer/src/index.ts';
import { createNodeCipher, createSha256 } from '../../packages/peer/src/node/index.ts';
import { bendWitness, type Lie } from '../../packages/testing/src/lyingWitness.ts';
import { clock, newTransport, random, soon } from './nodePhone.ts';

export interface LyingSteward {
  readonly name: string;
  /** Lies that went into her lane so far, by what they were about. */
  readonly lies: Readonly<Record<Lie, number>>;
  offersToKeep(): Promise<void>;
  stop(): Promise<void>;
}
/** Joins by the link as an honest person does, agrees to whatever she is asked, and lies as a witness. */
export async function lyingSteward(link: string, name: string): Promise<LyingSteward> {
  const appUrl = new URL(link).origin;
  const lies: Record<Lie, number> = { vote: 0, round: 0, report: 0, promise: 0, key: 0 };
  const isIn = Promise.withResolvers<void>();
  let peer: Peer | undefined;
  const answered = new Set<string>();
  const agree = ({ governing: { motions, joinWishes } }: CircleView): void => {
    for (const { id, mayAnswer, myAnswer, state } of motions) {
      if (!mayAnswer || myAnswer !== null || state !== 'open' || answered.has(id)) continue;
      answered.add(id);
      void peer?.intents.answer(id, true);
    }
    for (const { device } of joinWishes) {
      if (answered.has(device)) continue;
      answered.add(device);
      void peer?.intents.letIn(device);
    }
  };
  const onView = (view: PeerView): void => {
    if (view.stage !== 'circle') return;
    bendWitness(peer?.circle()?.replica, lies);
    agree(view.view);
    isIn.resolve();
  };
  peer = await createPeer({
    store: openMemoryStore(createMemoryDisk(), random),
    clock,
    random,
    sha256: await createSha256(),
    checker: await createSignatureChecker(),
    cipher: createNodeCipher(),
    openTransport: () => newTransport(appUrl),
    appUrl,
    onView,
  });
  const { intents, stop } = peer;
  const joined = await intents.join(link, name);
  if (!joined.ok) throw new Error(joined.refusal.code);
  await soon(`${name} is let in`, isIn.promise);
  return {
    name,
    lies,
    async offersToKeep() {
      const offered = await intents.offerSteward(true);
      if (!offered.ok) throw new Error(offered.refusal.code);
    },
    stop,
  };
}
