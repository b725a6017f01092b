/** A founder with a large book who is always there: the product's peer in Node, over the relay. */
import { entryStatement, signWithSeed, toHex } from '@corridor/ledger';
import { createPeer, type Peer } from '@corridor/peer';
import type { CircleRecord } from '../../../packages/peer/src/core/circleRecord.ts';
import { createVault } from '../../../packages/peer/src/core/vault.ts';
import { openMemoryStore } from '../../../packages/peer/src/memoryStore.ts';
import { createNodeCipher } from '../../../packages/peer/src/node/nodeCipher.ts';
import { createSignatureChecker } from '../../../packages/peer/src/signatureChecker.ts';
import { createNodeTransport, fetchRelayList } from '../../../packages/peer/src/transport/node.ts';
import type { Clock } from '../../../packages/peer/src/ports.ts';
import { writeBook } from '../book.ts';
import { BENCH_BOOK_KEY, benchKeys } from '../sealedBook.ts';
import { bookUpdate, diskWith } from '../sealedDisk.ts';

export interface Neighbour {
  readonly peer: Peer;
  readonly entries: number;
  readonly circleName: string;
  /** A link by which one newcomer joins. */
  readonly link: string;
}
const clock: Clock = {
  now: () => Date.now(),
  after(ms, task) {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
};

/** Writes a book of that size and opens it as its founder's peer. `app`: where the relay serves the app. */
export async function openNeighbour(app: string, entries: number, feeds: number): Promise<Neighbour> {
  const book = await writeBook({ entries, feeds });
  const { founding, keeper } = book;
  const disk = diskWith(book, await bookUpdate(book, await benchKeys(book)));
  disk.keys.set(keeper.device, { purpose: 'device', secret: keeper.seed });
  disk.keys.set(keeper.witness, { purpose: 'witness', secret: keeper.witnessSeed });
  // The journal knows the heads of its own chains, though the book covers all their rows.
  for (const { device, lane, seq, id } of book.entries)
    if (device === keeper.device) disk.chains.set(`${founding.id}/${lane}`, { head: { seq, id }, rows: [] });
  const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
  const store = openMemoryStore(disk, random);
  const record: CircleRecord = {
    version: 1,
    circle: founding.id,
    device: keeper.device,
    sealing: await store.keys.createSealing(),
    myName: { salt: '00'.repeat(16), text: keeper.name },
    bookKeys: [{ epoch: 0, key: toHex(BENCH_BOOK_KEY) }],
    founding: {
      bytes: toHex(founding.bytes),
      signature: signWithSeed(keeper.seed, entryStatement(founding.id)),
    },
    networkSeed: toHex(keeper.witnessSeed),
    clientId: 1,
    relays: [],
    joining: null,
  };
  if (!(await createVault(store.records, store.keys).save(record))) throw new Error('no record');
  const peer = await createPeer({
    store,
    clock,
    random,
    sha256: book.sha256,
    cipher: createNodeCipher(),
    checker: await createSignatureChecker(),
    openTransport: (identitySeed, relays) =>
      createNodeTransport({
        identitySeed,
        relays,
        fetchRelays: (signal) => fetchRelayList(app, signal),
        clock,
        random,
      }),
    appUrl: app,
    onView: () => undefined,
  });
  const invite = await peer.intents.createInvite('member');
  if (!invite.ok) throw new Error(`no invite: ${invite.refusal.code}`);
  return { peer, entries: book.entries.length, circleName: founding.body.name, link: invite.value.link };
}
