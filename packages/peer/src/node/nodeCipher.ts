import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Cipher, CipherJob, KeyedCipher } from '../cipher.ts';
import { ownBytes } from '../plainBytes.ts';
import { BOOK_KEY_BYTES, CIPHERS_PER_TURN, TAG_BYTES } from '../storageLimits.ts';

const ALGORITHM = 'aes-256-gcm';
const OPTIONS = { authTagLength: TAG_BYTES };

/** What OpenSSL wrote, without Buffer's ways. It is copied only where other bytes lie around it. */
const unwrapped = (bytes: Buffer): Uint8Array =>
  bytes.buffer instanceof ArrayBuffer && bytes.buffer.byteLength === bytes.length
    ? new Uint8Array(bytes.buffer)
    : ownBytes(bytes);

/** Runs `task` over all jobs in one go, and lets other work have its turn now and then. */
const inTurns = async <T>(
  jobs: readonly CipherJob[],
  task: (job: CipherJob) => T,
  signal: AbortSignal | undefined,
): Promise<readonly T[]> => {
  const results: T[] = [];
  for (const job of jobs) {
    if (results.length > 0 && results.length % CIPHERS_PER_TURN === 0) await setImmediate();
    signal?.throwIfAborted();
    results.push(task(job));
  }
  return results;
};

/** AES-256-GCM by node:crypto, synchronously: several times WebCrypto's pace there, same bytes [S1]. */
export const createNodeCipher = (): Cipher => ({
  withKey(raw): Promise<KeyedCipher> {
    if (raw.length !== BOOK_KEY_BYTES) throw new RangeError('an AES-256 key has 32 bytes');
    const key = createSecretKey(raw);
    const sealOne = (job: CipherJob): Uint8Array => {
      const cipher = createCipheriv(ALGORITHM, key, job.nonce, OPTIONS);
      cipher.setAAD(job.context);
      const sealed = new Uint8Array(job.bytes.length + TAG_BYTES);
      sealed.set(cipher.update(job.bytes));
      cipher.final();
      sealed.set(cipher.getAuthTag(), job.bytes.length);
      return sealed;
    };
    const openOne = (job: CipherJob): Uint8Array | undefined => {
      const end = job.bytes.length - TAG_BYTES;
      if (end < 0) return undefined;
      const decipher = createDecipheriv(ALGORITHM, key, job.nonce, OPTIONS);
      decipher.setAAD(job.context);
      decipher.setAuthTag(job.bytes.subarray(end));
      const plain = decipher.update(job.bytes.subarray(0, end));
      try {
        decipher.final();
      } catch {
        return undefined;
      }
      return unwrapped(plain);
    };
    return Promise.resolve({
      seal: (jobs, signal) => inTurns(jobs, sealOne, signal),
      open: (jobs, signal) => inTurns(jobs, openOne, signal),
    });
  },
});
