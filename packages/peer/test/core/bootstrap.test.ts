import {
  encodeEntry,
  entryStatement,
  LANE,
  signWithSeed,
  type DeviceKey,
  type EntryDraft,
  type FoundBody,
  type PublicKey,
  type Signature,
} from '@corridor/ledger';
import { createSignatureChecker } from '@corridor/peer';
import { createNodeCipher, createSha256 } from '@corridor/peer/node';
import { foundingDraft, person } from '@corridor/testing/village';
import { expect, test } from 'vitest';
import { foundingAmong } from '../../src/core/bootstrap.ts';
import type { CircleRecord } from '../../src/core/circleRecord.ts';
import { sealEntry, sealSignature } from '../../src/sealing.ts';
import { prepareBookKey } from '../../src/sealingKey.ts';

const sha256 = await createSha256();
const ports = { sha256, cipher: createNodeCipher(), checker: await createSignatureChecker() };
const alice = person('Alice');
const BOOK_KEY = 'ab'.repeat(32);
/** The neutral point: under it one signature fits any message. */
const NEUTRAL = `01${'00'.repeat(31)}`;
const FITS_ALL = `${NEUTRAL}${'00'.repeat(32)}` as Signature;

/** What the first peer delivers to a newcomer of the circle that this draft founds. */
async function delivered(draft: EntryDraft<FoundBody>, signature: Signature | null) {
  const entry = encodeEntry(draft, sha256);
  const key = await prepareBookKey(Uint8Array.from(Buffer.from(BOOK_KEY, 'hex')), ports.cipher, sha256);
  const own = signature ?? signWithSeed(alice.seed, entryStatement(entry.id));
  const item = {
    sealed: await sealEntry(key, entry.bytes),
    signature: await sealSignature(key, entry.id, own),
  };
  const feed = { book: 0, ordinal: 0, lane: LANE.founding };
  const record: CircleRecord = {
    version: 1,
    circle: entry.id,
    device: person('Bob').device,
    sealing: person('Bob').witness,
    myName: { salt: '00'.repeat(16), text: 'Bob' },
    bookKeys: [{ epoch: 0, key: BOOK_KEY }],
    founding: null,
    networkSeed: '00'.repeat(32),
    clientId: 1,
    relays: [],
    joining: null,
  };
  return { runs: [{ feed, fromSeq: 0, items: [item] }], record };
}

test('[E5] [L0] nobody enters a circle whose founder’s keys are not ordinary, however well it is signed', async () => {
  const sound = await delivered(foundingDraft(alice), null);
  expect(await foundingAmong(sound.runs, sound.record, ports)).toMatchObject({ bytes: expect.any(String) });

  const draft = foundingDraft(alice);
  const anybody = await delivered({ ...draft, device: NEUTRAL as DeviceKey }, FITS_ALL);
  const anyWitness = await delivered(
    { ...draft, body: { ...draft.body, witness: NEUTRAL as PublicKey } },
    null,
  );
  for (const { runs, record } of [anybody, anyWitness]) {
    expect(await foundingAmong(runs, record, ports)).toBeUndefined();
    // The signature alone would have let it pass.
    const rules = { isOrdinaryKey: () => true };
    expect(await foundingAmong(runs, record, { ...ports, rules })).toBeDefined();
  }
});
