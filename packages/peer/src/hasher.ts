/**
 * SHA-256 for the shell: synchronous, because the ledger is. `node/sha256.ts` and `browser/sha256.ts` pick
 * the fastest engine of their platform; this one is the same everywhere and half as fast.
 */
import type { Sha256 } from '@corridor/ledger';
import { sha256 } from '@noble/hashes/sha2.js';

/** The 32-byte digest of the bytes, in a new array. Pure JavaScript: what is left where WebAssembly may not run. */
export const portableSha256: Sha256 = (bytes) => sha256(bytes);
