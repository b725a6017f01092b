import type { Sha256 } from '@corridor/ledger';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { createSha256 as createBrowserSha256 } from '../src/browser/sha256.ts';
import { portableSha256 } from '../src/hasher.ts';
import { createSha256 as createNodeSha256 } from '../src/node/sha256.ts';

const reference: Sha256 = (bytes) => Uint8Array.from(createHash('sha256').update(bytes).digest());

test.each<[string, () => Promise<Sha256>]>([
  ['node', createNodeSha256],
  ['browser', createBrowserSha256],
  ['portable', async () => portableSha256],
])('[E3] the %s hash is SHA-256 of exactly the bytes given', async (_, create) => {
  const sha256 = await create();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5000 }), fc.nat(10), (bytes, cut) => {
      const view = bytes.subarray(Math.min(cut, bytes.length));
      const digest = sha256(view);
      expect(digest).toEqual(reference(view));
      // A digest that is kept must not change with the next one.
      const kept = digest.slice();
      sha256(Uint8Array.of(cut));
      expect(digest).toEqual(kept);
    }),
    { numRuns: 300 },
  );
  const large = new Uint8Array(2 ** 20).fill(7);
  expect(sha256(large)).toEqual(reference(large));
});

test('[E3] without WebAssembly the browser hashes in JavaScript', async () => {
  const { WebAssembly: engine } = globalThis;
  Reflect.deleteProperty(globalThis, 'WebAssembly');
  try {
    expect(await createBrowserSha256()).toBe(portableSha256);
  } finally {
    Object.defineProperty(globalThis, 'WebAssembly', { value: engine, configurable: true, writable: true });
  }
});
