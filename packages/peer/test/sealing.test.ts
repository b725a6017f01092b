import type { Id, Signature, TextHash } from '@corridor/ledger';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { createNodeCipher } from '../src/node/nodeCipher.ts';
import { createSha256 } from '../src/node/sha256.ts';
import { paddedLength, unpad, writePadded } from '../src/padding.ts';
import { deriveFromBookKey, prepareBookKey, type BookKey } from '../src/sealingKey.ts';
import {
  keyIdOf,
  openEntries,
  openSealed,
  openSignature,
  openTexts,
  sealEntries,
  sealEntry,
  sealSignature,
  sealTexts,
  type BookKeys,
} from '../src/sealing.ts';
import { MAX_SEALED_BYTES, SEAL_FRAME_BYTES } from '../src/storageLimits.ts';
import { createWebCipher } from '../src/webCipher.ts';
import { RUNS } from './runs.ts';

const RAW = Uint8Array.from({ length: 32 }, (_, at) => at * 7);
const OTHER_RAW = Uint8Array.from({ length: 32 }, (_, at) => at + 100);
const ENTRY = 'ab'.repeat(32) as Id;
const SIGNATURE = '5c'.repeat(64) as Signature;

/** Alice seals on her phone, Bob on a small always-on machine. */
let alice: BookKey;
let bob: BookKey;
let other: BookKey;
let bobsKeys: BookKeys;
beforeAll(async () => {
  alice = await prepareBookKey(RAW, createWebCipher());
  bob = await prepareBookKey(RAW, createNodeCipher(), await createSha256());
  other = await prepareBookKey(OTHER_RAW, createNodeCipher());
  bobsKeys = new Map([
    [bob.id, bob],
    [other.id, other],
  ]);
});

const bytes = (most = 700) => fc.uint8Array({ minLength: 0, maxLength: most });
const runs = { numRuns: RUNS };

describe('sealing', () => {
  test('[S1] what Alice seals Bob opens, and both seal it to the same bytes', () =>
    fc.assert(
      fc.asyncProperty(bytes(), async (plain) => {
        const sealed = await sealEntry(alice, plain);
        expect(await sealEntry(bob, plain)).toEqual(sealed);
        expect(await openSealed(bobsKeys, sealed)).toEqual({ ok: true, value: plain });
        expect(await openSealed(new Map([[alice.id, alice]]), sealed)).toEqual({ ok: true, value: plain });
      }),
      runs,
    ));

  test('[S1] a nonce is the same exactly when what is sealed is the same', () =>
    fc.assert(
      fc.asyncProperty(bytes(60), bytes(60), fc.boolean(), async (one, two, again) => {
        const [a, b] = await sealEntries(bob, [one, again ? one : two]);
        const same = again || bytesToHex(one) === bytesToHex(two);
        expect(bytesToHex(a?.slice(8, 20) ?? RAW) === bytesToHex(b?.slice(8, 20) ?? RAW)).toBe(same);
      }),
      runs,
    ));

  test('[S1] a change of any one bit is refused', () =>
    fc.assert(
      fc.asyncProperty(bytes(120), fc.nat(), fc.integer({ min: 0, max: 7 }), async (plain, where, bit) => {
        const sealed = await sealEntry(bob, plain);
        const at = where % sealed.length;
        sealed[at] = (sealed[at] ?? 0) ^ (1 << bit);
        const opened = await openSealed(bobsKeys, sealed);
        expect(opened).toEqual({ ok: false, fault: at < 8 ? 'unknown-key' : 'bad-seal' });
      }),
      runs,
    ));

  test('[I16] opening garbage never throws and never succeeds', () =>
    fc.assert(
      fc.asyncProperty(bytes(5000), fc.boolean(), async (garbage, named) => {
        if (named) garbage.set(bob.idBytes.subarray(0, garbage.length));
        const opened = await openSealed(bobsKeys, garbage);
        expect(opened.ok).toBe(false);
        const signature = await openSignature(bobsKeys, ENTRY, garbage);
        expect(signature.ok).toBe(false);
        expect(keyIdOf(garbage) === undefined).toBe(garbage.length < 8);
      }),
      runs,
    ));

  test('[S1] each of many values has its own verdict, in order', async () => {
    const plain = Array.from({ length: 1500 }, (_, n) => new Uint8Array(200 + (n % 130)).fill(n));
    const sealed = [...(await sealEntries(alice, plain))];
    sealed[3] = await sealEntry(other, plain[3] ?? RAW);
    sealed[5] = new Uint8Array(100);
    sealed[7] = (sealed[7] ?? RAW).slice(1);
    sealed[9] = (sealed[9] ?? RAW).with(30, 1 ^ (sealed[9]?.[30] ?? 0));
    const opened = await openEntries(bobsKeys, sealed);
    expect(opened.length).toBe(1500);
    opened.forEach((result, n) => {
      if (n === 5) expect(result).toEqual({ ok: false, fault: 'unknown-key' });
      else if (n === 7 || n === 9) expect(result).toEqual({ ok: false, fault: 'bad-seal' });
      else expect(result).toEqual({ ok: true, value: plain[n] });
    });
  });

  test('[S1] a key that we do not hold is named as such', async () => {
    const sealed = await sealEntry(alice, Uint8Array.of(1));
    expect(await openSealed(new Map(), sealed)).toEqual({ ok: false, fault: 'unknown-key' });
    expect(keyIdOf(sealed)).toBe(alice.id);
    expect(alice.id).toBe(bob.id);
    expect(alice.id).not.toBe(other.id);
  });

  test('[S1] another nonce than the demanded one, or other padding, is not canonical', async () => {
    const context = new Uint8Array([...new TextEncoder().encode('corridor/seal/1'), 0]);
    const forge = async (padded: Uint8Array, nonce: Uint8Array): Promise<Uint8Array> => {
      const [body] = await bob.cipher.seal([{ nonce, bytes: padded, context }]);
      return new Uint8Array([...bob.idBytes, ...nonce, ...(body ?? [])]);
    };
    const demanded = (padded: Uint8Array) => bob.nonceFor(new Uint8Array([...context, ...padded]));
    const right = new Uint8Array(32);
    writePadded(right, Uint8Array.of(1, 2, 3));
    const longer = new Uint8Array(64);
    writePadded(longer, Uint8Array.of(1, 2, 3));
    const unmarked = new Uint8Array(32).fill(1, 0, 3);
    const refused = { ok: false, fault: 'not-canonical-seal' };
    expect(await openSealed(bobsKeys, await forge(right, demanded(right)))).toEqual({
      ok: true,
      value: Uint8Array.of(1, 2, 3),
    });
    expect(await openSealed(bobsKeys, await forge(right, new Uint8Array(12)))).toEqual(refused);
    expect(await openSealed(bobsKeys, await forge(longer, demanded(longer)))).toEqual(refused);
    expect(await openSealed(bobsKeys, await forge(unmarked, demanded(unmarked)))).toEqual(refused);
    expect(await openSealed(bobsKeys, await forge(new Uint8Array(32), demanded(new Uint8Array(32))))).toEqual(
      refused,
    );
  });

  test('[S1] a signature is bound to its entry, and stands for neither entry nor text', async () => {
    const sealed = await sealSignature(alice, ENTRY, SIGNATURE);
    expect(await openSignature(bobsKeys, ENTRY, sealed)).toEqual({ ok: true, value: SIGNATURE });
    const bad = { ok: false, fault: 'bad-seal' };
    expect(await openSignature(bobsKeys, 'ac'.repeat(32) as Id, sealed)).toEqual(bad);
    expect(await openSealed(bobsKeys, sealed)).toEqual(bad);
    expect(await openTexts(bobsKeys, [{ subject: ENTRY as string as TextHash, value: sealed }])).toEqual([
      bad,
    ]);
    const elsewhere = await sealSignature(alice, 'ac'.repeat(32) as Id, SIGNATURE);
    expect(elsewhere.slice(8, 20)).not.toEqual(sealed.slice(8, 20));
  });

  test('[S1] 64 bytes or nothing: another length is no signature', async () => {
    const subject = ENTRY as string as TextHash;
    const [text] = await sealTexts(bob, [{ subject, value: new Uint8Array(63) }]);
    expect((await openTexts(bobsKeys, [{ subject, value: text ?? RAW }]))[0]?.ok).toBe(true);
    const short = await sealSignature(bob, ENTRY, '00'.repeat(63) as Signature);
    expect(await openSignature(bobsKeys, ENTRY, short)).toEqual({ ok: false, fault: 'bad-seal' });
  });

  test('[E6] a text is sealed bound to its hash', async () => {
    const subject = 'cd'.repeat(32) as TextHash;
    const value = new TextEncoder().encode('16 bytes of salt two loaves of bread');
    const [sealed] = await sealTexts(alice, [{ subject, value }]);
    expect(await openTexts(bobsKeys, [{ subject, value: sealed ?? RAW }])).toEqual([{ ok: true, value }]);
    const wrong = await openTexts(bobsKeys, [{ subject: 'ce'.repeat(32) as TextHash, value: sealed ?? RAW }]);
    expect(wrong).toEqual([{ ok: false, fault: 'bad-seal' }]);
  });

  test('[E2] an entry of the greatest length is sealed and opened; a longer one throws', async () => {
    const longest = await sealEntry(alice, new Uint8Array(4096).fill(7));
    expect(longest.length).toBe(MAX_SEALED_BYTES);
    expect((await openSealed(bobsKeys, longest)).ok).toBe(true);
    await expect(sealEntry(alice, new Uint8Array(4128))).rejects.toThrow(RangeError);
  });

  test('[S1] a batch that is called off stops', async () => {
    const sealed = await sealEntries(bob, [RAW]);
    await expect(openEntries(bobsKeys, sealed, AbortSignal.abort())).rejects.toThrow(/abort/i);
    await expect(openEntries(new Map([[alice.id, alice]]), sealed, AbortSignal.abort())).rejects.toThrow(
      /abort/i,
    );
  });
});

describe('what a seal is made of', () => {
  test('[S1] the nonce is the HMAC of the digest, cut to 96 bits', () =>
    fc.assert(
      fc.property(bytes(300), (text) => {
        const expected = hmac(sha256, deriveFromBookKey(RAW, 'nonce', 32), sha256(text)).slice(0, 12);
        expect(alice.nonceFor(text)).toEqual(expected);
        expect(bob.nonceFor(text)).toEqual(expected);
      }),
      runs,
    ));

  test('[S1] encryption key, nonce key, key id and tag key say nothing of each other', () => {
    const purposes = ['encrypt', 'nonce', 'id', 'tag'].map((one) =>
      bytesToHex(deriveFromBookKey(RAW, one, 8)),
    );
    expect(new Set([...purposes, bytesToHex(RAW.slice(0, 8))]).size).toBe(5);
    expect(() => deriveFromBookKey(RAW.slice(1), 'id', 8)).toThrow(RangeError);
  });

  test('[S1] padding is undone, adds at most 32 bytes, and no other padding is taken for it', () =>
    fc.assert(
      fc.property(bytes(400), fc.nat(), (plain, where) => {
        const length = paddedLength(plain.length);
        expect(length % 32).toBe(0);
        expect(length - plain.length).toBeGreaterThan(0);
        expect(length - plain.length).toBeLessThanOrEqual(32);
        const padded = new Uint8Array(length);
        writePadded(padded, plain);
        expect(unpad(padded)).toEqual(plain);
        const changed = padded.slice();
        const at = plain.length + (where % (length - plain.length));
        changed[at] = (changed[at] ?? 0) ^ 1;
        expect(unpad(changed)).not.toEqual(plain);
      }),
      runs,
    ));

  test('[S1] a payment of 200 to 330 bytes grows by 37 to 68 bytes, about a fifth', async () => {
    const lengths = Array.from({ length: 131 }, (_, n) => 200 + n);
    const sealed = await sealEntries(
      bob,
      lengths.map((length) => new Uint8Array(length)),
    );
    const growth = sealed.map((one, n) => one.length - (lengths[n] ?? 0));
    expect(Math.min(...growth)).toBe(SEAL_FRAME_BYTES + 1);
    expect(Math.max(...growth)).toBe(SEAL_FRAME_BYTES + 32);
    const ratio =
      sealed.reduce((sum, one) => sum + one.length, 0) / lengths.reduce((sum, one) => sum + one, 0);
    expect(ratio).toBeLessThan(1.21);
  });
});
