import type { Sha256 } from '@corridor/ledger';
import { hash } from 'node:crypto';

const DIGEST_BYTES = 32;

/**
 * SHA-256 by node:crypto. The digest comes as a Latin-1 text: making a Buffer costs more than hashing 300 bytes
 * (2.05 against 1.12 µs). Asynchronous only to be made like the browser's.
 */
export const createSha256 = async (): Promise<Sha256> => (bytes) => {
  const text = hash('sha256', bytes, 'binary');
  const digest = new Uint8Array(DIGEST_BYTES);
  for (let i = 0; i < DIGEST_BYTES; i++) digest[i] = text.charCodeAt(i);
  return digest;
};
