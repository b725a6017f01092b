import type { Sha256 } from '@corridor/ledger';
import { createSHA256 } from 'hash-wasm';
import { portableSha256 } from '../hasher.ts';

/**
 * SHA-256 by one reused WebAssembly instance, about as fast as node:crypto. Where WebAssembly may not run
 * (an engine in lock-down, a policy without 'wasm-unsafe-eval') it is the portable one. Never rejects.
 */
export const createSha256 = async (): Promise<Sha256> => {
  try {
    const hasher = await createSHA256();
    return (bytes) => hasher.init().update(bytes).digest('binary');
  } catch {
    return portableSha256;
  }
};
