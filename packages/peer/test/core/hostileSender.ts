/**
 * Who holds the book key and sends what they like: sealed entries in runs that are not theirs, torn, doubled, unsigned,
 * signed by another's signature, damaged, or of entries that are well formed and unlawful. One life is one replica.
 */
import {
  decodeEntry,
  draftBytes,
  draftNext,
  entryStatement,
  KIND,
  LANE,
  signWithSeed,
  toHex,
  type Entry,
  type EntryDraft,
  type Id,
  type Signature,
} from '@corridor/ledger';
import { createMemoryDisk, openMemoryStore } from '@corridor/peer';
import { createNodeCipher, createSha256 } from '@corridor/peer/node';
import type { FeedName, Run, SealedItem } from '@corridor/sync';
import { admit, found, keepBook, pay, person } from '@corridor/testing';
import { mutateBytes } from '../../../testing/src/fuzz/mutateBytes.ts';
import { createValueMutator, valueCorpus } from '../../../testing/src/fuzz/mutateValue.ts';
import type { Step, Subject } from '../../../testing/src/fuzz/subject.ts';
import { createRng, type Rng } from '../../../testing/src/sim/rng.ts';
import type { CircleRecord } from '../../src/core/circleRecord.ts';
import { OWN_SIGNATURES } from '../../src/core/gate.ts';
import { openReplica, type Replica, type SealedOutcome } from '../../src/core/replica.ts';
import { sealEntries, sealSignatures } from '../../src/sealing.ts';
import { prepareBookKey } from '../../src/sealingKey.ts';

const BOOK_KEY = new Uint8Array(32).fill(7);
/** Batches of one life. */
const MAX_BATCHES = 60;
/** Unlawful entries made once, and put wherever. */
const UNLAWFUL = 1500;
/** What one message has room for. */
const MAX_BATCH_BYTES = 64 * 1024;

const sha256 = await createSha256();
const key = await prepareBookKey(BOOK_KEY, createNodeCipher(), sha256);
const [alice, bob, carol] = [person('Alice'), person('Bob'), person('Carol')];

/** Alice's circle, with voices long enough to have anchors. */
const { founding, ledger } = found(alice);
const honest: Entry[] = [admit(ledger, alice, alice, bob), admit(ledger, alice, bob, carol)];
for (let i = 0; i < 4; i++)
  honest.push(
    ...pay(ledger, bob, carol, 10 * i),
    ...pay(ledger, carol, alice, 5),
    ...keepBook(ledger, alice),
  );
let said: Entry | undefined;
for (let i = 0; i < 70; i++) {
  const draft = draftNext(ledger, bob.device, LANE.voice, { kind: KIND.have, ids: [ledger.circle] }, said);
  const decoded = decodeEntry(draftBytes(draft), ledger.circle, sha256);
  if (!decoded.ok) throw new Error(decoded.fault.code);
  honest.push((said = decoded.value));
}
const rng = createRng(1);
const change = createValueMutator(
  valueCorpus(honest.map(({ bytes: _bytes, id: _id, ...draft }): EntryDraft => draft)),
);
const unlawful: Entry[] = [];
while (unlawful.length < UNLAWFUL)
  try {
    const decoded = decodeEntry(
      draftBytes({ ...change(rng, rng.pick(honest)), circle: ledger.circle }),
      ledger.circle,
      sha256,
    );
    if (decoded.ok) unlawful.push(decoded.value);
  } catch {
    // No writer writes that.
  }

interface Sealed {
  readonly entry: Entry;
  readonly item: Required<SealedItem>;
}
const SIGNATURE = signWithSeed(bob.seed, entryStatement(ledger.circle));
async function sealed(entries: readonly Entry[]): Promise<readonly Sealed[]> {
  const [bodies, signatures] = await Promise.all([
    sealEntries(
      key,
      entries.map(({ bytes }) => bytes),
    ),
    sealSignatures(
      key,
      entries.map(({ id }) => ({ subject: id, value: SIGNATURE })),
    ),
  ]);
  return entries.map((entry, i) => ({
    entry,
    item: { sealed: bodies[i] ?? new Uint8Array(0), signature: signatures[i] ?? null },
  }));
}
const [lawful, others] = [await sealed(honest), await sealed(unlawful)];
const everything = [...lawful, ...others];
const blobs = everything.flatMap(({ item }) => [item.sealed, item.signature ?? item.sealed]);

/** What comes after each in its chain. */
const followers = new Map(
  lawful.map(({ entry: { id, device, lane, seq } }) => [
    id,
    lawful.filter(({ entry }) => entry.device === device && entry.lane === lane && entry.seq > seq),
  ]),
);

/** What hangs on each. */
const after = Map.groupBy(everything, ({ entry }) => entry.prev);

const record: CircleRecord = {
  version: 1,
  circle: founding.id,
  device: carol.device,
  sealing: carol.witness,
  myName: { salt: '00'.repeat(16), text: 'Carol' },
  bookKeys: [{ epoch: 0, key: toHex(BOOK_KEY) }],
  founding: { bytes: toHex(founding.bytes), signature: 'ab'.repeat(64) as Signature },
  networkSeed: '00'.repeat(32),
  clientId: 1,
  relays: [],
  joining: null,
};
function opened(): Promise<Replica> {
  return openReplica({
    record,
    founding,
    start: null,
    store: openMemoryStore(createMemoryDisk(), (length) => new Uint8Array(length).fill(3)),
    keys: new Map([[key.id, key]]),
    key,
    sha256,
    checker: OWN_SIGNATURES,
    // Asked once for each newcomer, and answered in its own test [E5].
    rules: { isOrdinaryKey: () => true },
    onNews: () => undefined,
    onStorage: () => undefined,
  });
}

const nameOf = ({ device, lane, book }: Entry): FeedName => ({
  book,
  ordinal: Math.max(0, ledger.log.ordinals.indexOf(device)),
  lane,
});
/** Entries that follow each other in a chain, mostly on from what the replica has; sometimes with others among them. */
function hostileRun(from: Rng, held: ReadonlyMap<Id, unknown> | undefined): Run {
  const next = [...(held?.keys() ?? [])]
    .flatMap((id) => after.get(id) ?? [])
    .filter(({ entry }) => held?.has(entry.id) === false);
  const first = from.pick(from.chance(0.85) && next.length > 0 ? next : everything);
  const length = from.chance(0.03) ? 70 : from.pick([0, 0, 1, 3]);
  const chain = [first, ...(followers.get(first.entry.id) ?? []).slice(0, length)];
  if (from.chance(0.1)) chain.splice(from.below(chain.length), from.below(2), from.pick(everything));
  if (from.chance(0.05)) chain.push(from.pick(chain));
  const anchors = from.pick([1, 64, 64, 1000]);
  const items = chain.map(({ entry, item }, i): SealedItem => {
    const isSigned = i === chain.length - 1 || entry.seq % anchors === anchors - 1;
    return { sealed: item.sealed, signature: isSigned && from.chance(0.95) ? item.signature : null };
  });
  if (from.chance(0.15)) items.splice(from.below(items.length), 1, damaged(from, from.pick(items)));
  const feed = nameOf(first.entry);
  const isMisnamed = from.chance(0.05);
  return {
    feed: isMisnamed ? { ...feed, ordinal: from.below(9), lane: from.pick([0, 1, 2, 3]) } : feed,
    fromSeq: Math.max(0, first.entry.seq + (from.chance(0.03) ? from.pick([-1, 1, 40]) : 0)),
    items,
  };
}
function damaged(from: Rng, { sealed: whole, signature }: SealedItem): SealedItem {
  return from.chance(0.5)
    ? { sealed: mutateBytes(from, whole, blobs).slice(0, MAX_BATCH_BYTES), signature }
    : { sealed: whole, signature: mutateBytes(from, signature ?? whole, blobs).slice(0, 160) };
}
function hostileBatch(from: Rng, held: ReadonlyMap<Id, unknown> | undefined): readonly Run[] {
  const runs: Run[] = [];
  let room = MAX_BATCH_BYTES;
  for (let left = from.pick([1, 1, 1, 2]); left > 0; left--) {
    const run = hostileRun(from, held);
    room -= run.items.reduce((sum, item) => sum + item.sealed.length + (item.signature?.length ?? 0), 0);
    if (room < 0) break;
    runs.push(run);
  }
  return runs;
}
const wordOf = (outcome: SealedOutcome): string =>
  outcome.type === 'fault'
    ? (/^\w\d |seal| in /.exec(outcome.reason)?.[0] ?? 'misnamed').trim()
    : outcome.type;

/** A replica, from the sealed bytes to the sealed book, and what it then shows of itself. */
export const hostileSender: Subject = {
  name: 'a replica',
  *episode(from) {
    const replica = opened();
    let held: ReadonlyMap<Id, unknown> | undefined;
    const step = (runs: readonly Run[], source: string): Step => ({
      input: runs,
      feed: async () => {
        const { shelf, takeSealed, ledger: own } = await replica;
        held = own.entries;
        const outcome = await takeSealed(runs, { left: 1000 }, source);
        for (const { feed, fromSeq } of runs) {
          shelf.head(feed);
          shelf.read(feed, fromSeq, 4096);
          shelf.idAt(feed, fromSeq);
          shelf.proofs(feed);
        }
        return wordOf(outcome);
      },
    });
    // The log first, as honest peers send it: most of the rest is about members.
    const log = lawful.filter(({ entry }) => entry.lane === LANE.witness);
    if (from.chance(0.9))
      yield step(
        [
          { feed: nameOf(founding), fromSeq: 0, items: [] },
          ...log
            .slice(0, 2)
            .map(({ entry, item }): Run => ({ feed: nameOf(entry), fromSeq: entry.seq, items: [item] })),
        ],
        'x',
      );
    for (let batches = 0; batches < MAX_BATCHES; batches++)
      yield step(hostileBatch(from, held), from.pick(['x', 'y']));
  },
};
