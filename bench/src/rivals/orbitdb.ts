/** OrbitDB 4 over libp2p on loopback: blocks, heads and keys in memory, everything else as it comes. */
import { createOrbitDB, Identities, KeyStore, MemoryStorage, type OrbitDatabase } from '@orbitdb/core';
import { bitswap } from '@helia/block-brokers';
import { Helia } from '@helia/utils';
import { gossipsub } from '@libp2p/gossipsub';
import { identify } from '@libp2p/identify';
import { noise } from '@libp2p/noise';
import { tcp } from '@libp2p/tcp';
import { yamux } from '@libp2p/yamux';
import { MemoryBlockstore } from 'blockstore-core';
import { MemoryDatastore } from 'datastore-core';
import { createLibp2p } from 'libp2p';
import { answerJob } from '../job.ts';
import { costOf } from '../measure.ts';
import { valueOf, type RivalAnswer, type RivalQuestion } from '../rivalry.ts';

const openNode = async () => {
  const libp2p = await createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: { identify: identify(), pubsub: gossipsub({ allowPublishToZeroTopicPeers: true }) },
  });
  const helia = new Helia({
    libp2p,
    blockstore: new MemoryBlockstore(),
    datastore: new MemoryDatastore(),
    blockBrokers: [bitswap()],
    routers: [],
  });
  await helia.start();
  const keystore = await KeyStore({ storage: await MemoryStorage() });
  const identities = await Identities({ keystore, ipfs: helia });
  return { libp2p, orbit: await createOrbitDB({ ipfs: helia, identities }) };
};
const memory = async () => ({ headsStorage: await MemoryStorage(), indexStorage: await MemoryStorage() });

/** Resolves once the whole log has come. */
const whenWhole = async (db: OrbitDatabase, last: string): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = (): void => void db.log.has(last).then((has) => has && resolve());
  db.events.on('update', look);
  look();
  await promise;
};

answerJob(async ({ entries, valueBytes }: RivalQuestion): Promise<RivalAnswer> => {
  const author = await openNode();
  const reader = await openNode();
  const db = await author.orbit.open('measured', { type: 'events', ...(await memory()) });
  let last = '';
  const append = await costOf(async () => {
    for (let i = 0; i < entries; i++) last = await db.add(valueOf(i, valueBytes));
  });
  await reader.libp2p.dial(author.libp2p.getMultiaddrs());
  const replicate = await costOf(async () => {
    const copy = await reader.orbit.open(db.address, await memory());
    await whenWhole(copy, last);
  });
  const copy = await reader.orbit.open(db.address);
  let arrived = 0;
  for await (const _ of copy.iterator()) arrived++;
  return { append, replicate, arrived };
});
