/** cojson in memory: one stream, two connected nodes, the second a reader of the group. */
import { cojsonInternals, LocalNode } from 'cojson';
import { answerJob } from '../job.ts';
import { costOf } from '../measure.ts';
import { valueOf, type RivalAnswer, type RivalQuestion } from '../rivalry.ts';

/**
 * Its native crypto, the fastest it has. bench/package.json cuts the builds for other machines than 64-bit Linux on
 * Intel or AMD, because a lockfile is only whole where the registry has them all; there WebAssembly stands in.
 */
const openCrypto = async () => {
  try {
    const { NapiCrypto } = await import('cojson/crypto/NapiCrypto');
    return await NapiCrypto.create();
  } catch {
    const { WasmCrypto } = await import('cojson/crypto/WasmCrypto');
    return WasmCrypto.create();
  }
};

answerJob(async ({ entries, valueBytes, encrypted }: RivalQuestion): Promise<RivalAnswer> => {
  const crypto = await openCrypto();
  const open = (name: string) =>
    LocalNode.withNewlyCreatedAccount({ creationProps: { name }, crypto, peers: [] });
  const author = await open('author');
  const reader = await open('reader');
  const group = author.node.createGroup();
  group.addMember('everyone', 'reader');
  const stream = group.createStream();
  const append = await costOf(() => {
    const privacy = encrypted ? 'private' : 'trusting';
    for (let i = 0; i < entries; i++) stream.push(valueOf(i, valueBytes), privacy);
  });
  const [asPeerOfReader, asPeerOfAuthor] = cojsonInternals.connectedPeers('author', 'reader', {
    peer1role: 'server',
    peer2role: 'client',
  });
  let arrived = 0;
  const replicate = await costOf(async () => {
    reader.node.syncManager.addPeer(asPeerOfReader);
    author.node.syncManager.addPeer(asPeerOfAuthor);
    const { promise, resolve } = Promise.withResolvers<void>();
    const copy = await reader.node.load(stream.id);
    if (copy === 'unavailable') throw new Error('the stream did not come');
    copy.subscribe((now) => {
      arrived = Object.values(now.items).reduce((sum, items) => sum + (items?.length ?? 0), 0);
      if (arrived === entries) resolve();
    });
    await promise;
  });
  return { append, replicate, arrived };
});
