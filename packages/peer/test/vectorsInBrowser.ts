/**
 * What `browserVectors.test.ts` runs in Chromium, in a page and in a worker: the product's own code over the
 * same vectors. The outcome goes to `corridorOutcome` in a page and to the parent from a worker.
 */
import { isOrdinaryKey, toHex } from '@corridor/ledger';
import { keyVectors, signatureVectors } from '../../testing/src/vectors.ts';
import { createSha256 } from '../src/browser/sha256.ts';
import { portableSha256 } from '../src/hasher.ts';
import type { SignatureVerdict } from '../src/ports.ts';
import { createSignatureChecker } from '../src/signatureChecker.ts';
import { platformAccelerator } from '../src/webCryptoVerify.ts';

export interface BrowserOutcome {
  readonly accelerated: boolean;
  readonly withEngine: readonly SignatureVerdict[];
  readonly alone: readonly SignatureVerdict[];
  /** What the engine itself said, before the reference was asked. */
  readonly engine: readonly boolean[];
  readonly ordinaryKeys: readonly boolean[];
  /** An engine that accepts everything, offered to the checker. */
  readonly faultyAdmitted: boolean;
  /** Whether WebAssembly hashed, and what. */
  readonly wasmHash: boolean;
  readonly hashes: readonly string[];
}

export const HASHED_LENGTHS: readonly number[] = [0, 1, 63, 64, 65, 250, 20_000];

const runVectors = async (): Promise<BrowserOutcome> => {
  const unlimited = { left: Infinity };
  const fast = await createSignatureChecker();
  const slow = await createSignatureChecker({ accelerator: null });
  const faulty = await createSignatureChecker({ accelerator: async () => true });
  const engine = platformAccelerator();
  const sha256 = await createSha256();
  return {
    accelerated: fast.accelerated,
    withEngine: await fast.check(signatureVectors, unlimited),
    alone: await slow.check(signatureVectors, unlimited),
    engine: await Promise.all(
      signatureVectors.map((vector) => engine?.(vector).catch(() => false) ?? Promise.resolve(false)),
    ),
    ordinaryKeys: keyVectors.map(({ key }) => isOrdinaryKey(key)),
    faultyAdmitted: faulty.accelerated,
    wasmHash: sha256 !== portableSha256,
    hashes: HASHED_LENGTHS.map((length) => toHex(sha256(new Uint8Array(length).fill(length & 255)))),
  };
};

declare global {
  var corridorOutcome: Promise<BrowserOutcome> | undefined;
}

if ('DedicatedWorkerGlobalScope' in globalThis)
  void runVectors().then((outcome) => self.postMessage(outcome));
else if ('document' in globalThis) globalThis.corridorOutcome = runVectors();
