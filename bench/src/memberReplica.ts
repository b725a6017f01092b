/** The product's own replica of a measured circle, on a store in memory. */
import {
  signWithSeed,
  entryStatement,
  toHex,
  type ClosingStatement,
  type Entry,
  type Id,
  type Signature,
  type VerifiedEntry,
} from '@corridor/ledger';
import type { CircleRecord } from '../../packages/peer/src/core/circleRecord.ts';
import type { OpenRun } from '../../packages/peer/src/core/opening.ts';
import { openReplica, type Replica } from '../../packages/peer/src/core/replica.ts';
import { createMemoryDisk, type MemoryDisk } from '../../packages/peer/src/memoryDisk.ts';
import { openMemoryStore } from '../../packages/peer/src/memoryStore.ts';
import type { SignatureChecker, Store } from '../../packages/peer/src/ports.ts';
import type { Book } from './book.ts';
import { BENCH_BOOK_KEY, type Keys } from './sealedBook.ts';
import { createSigner } from './signer.ts';

export interface MemberParts {
  /** Its people and founding entry; nothing else of it is used. */
  readonly book: Pick<Book, 'founding' | 'people' | 'sha256'>;
  readonly keys: Keys;
  readonly checker: SignatureChecker;
  /** Whose replica: a place in the circle, 0 the founder. */
  readonly owner: number;
  /** What it finds on its disk; an empty one if left out. */
  readonly disk?: MemoryDisk;
  /** What its book begins with, where that is not the first one. */
  readonly start?: ClosingStatement;
}

/** Opens it, on what the disk holds. Throws if the replica refuses. */
export async function openMemberReplica({
  book,
  keys,
  checker,
  owner,
  disk,
  start,
}: MemberParts): Promise<Replica> {
  const { founding, people, sha256 } = book;
  const [founder] = people;
  const member = people[owner];
  if (founder === undefined || member === undefined) throw new RangeError('nobody there');
  const record: CircleRecord = {
    version: 1,
    circle: founding.id,
    device: member.device,
    sealing: member.witness,
    myName: { salt: '00'.repeat(16), text: member.name },
    bookKeys: [{ epoch: 0, key: toHex(BENCH_BOOK_KEY) }],
    founding: {
      bytes: toHex(founding.bytes),
      signature: signWithSeed(founder.seed, entryStatement(founding.id)),
    },
    networkSeed: '00'.repeat(32),
    clientId: owner + 1,
    relays: [],
    joining: null,
  };
  const sign = createSigner();
  const memory = openMemoryStore(disk ?? createMemoryDisk(), (length) => new Uint8Array(length));
  const store: Store = {
    ...memory,
    // The store in memory signs in JavaScript, for seeded runs; a device signs by its platform's engine.
    keys: { ...memory.keys, sign: (_key, message) => Promise.resolve(sign(member.seed, message)) },
  };
  return openReplica({
    record,
    founding,
    start: start ?? null,
    store,
    keys: keys.keys,
    key: keys.key,
    sha256,
    checker,
    onNews: () => undefined,
    onStorage: (trouble) => {
      if (trouble !== null) throw new Error(trouble);
    },
  });
}

/** Entries with the signature that stands under the newest, as they come by code from hand to hand. */
export const handedOver = (
  entries: readonly VerifiedEntry[],
  sign: (entry: VerifiedEntry) => Signature,
): OpenRun => ({
  entries: entries satisfies readonly Entry[],
  signatures: new Map<Id, Signature>(entries.map((entry) => [entry.id, sign(entry)])),
  sealed: new Map(),
});
