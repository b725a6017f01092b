/**
 * SHA-256 for the shell: synchronous, because the ledger is. `node/sha256.ts` and `browser/sha256.ts` pick
 * the fastest engine of their platform; this one is the same everywhere and half as fast.
 */
import { sha256 } from '@noble/hashes/sha2.js';

/** The 32-byte digest of `bytes`, in a new array. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

/** Pure JavaScript: what is left where WebAssembly may not run. */
export const portableSha256: Sha256 = (bytes) => sha256(bytes);
