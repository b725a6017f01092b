import type { Cipher, CipherJob, KeyedCipher } from './cipher.ts';
import { plainBytes } from './plainBytes.ts';
import { CIPHERS_IN_FLIGHT } from './storageLimits.ts';

const parameters = (job: CipherJob) => ({
  name: 'AES-GCM',
  iv: plainBytes(job.nonce),
  additionalData: plainBytes(job.context),
});

/** Runs `task` over all jobs, at most {@link CIPHERS_IN_FLIGHT} at once, and keeps their order. */
const inBatches = async <T>(
  jobs: readonly CipherJob[],
  task: (job: CipherJob) => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<readonly T[]> => {
  const results: T[] = [];
  for (let from = 0; from < jobs.length; from += CIPHERS_IN_FLIGHT) {
    signal?.throwIfAborted();
    for (const result of await Promise.all(jobs.slice(from, from + CIPHERS_IN_FLIGHT).map(task)))
      results.push(result);
  }
  return results;
};

/** AES-256-GCM by WebCrypto; the key is not extractable. Works in windows, workers and Node. */
export const createWebCipher = (): Cipher => ({
  async withKey(raw): Promise<KeyedCipher> {
    const key = await crypto.subtle.importKey('raw', plainBytes(raw), 'AES-GCM', false, [
      'encrypt',
      'decrypt',
    ]);
    const sealOne = async (job: CipherJob) =>
      new Uint8Array(await crypto.subtle.encrypt(parameters(job), key, plainBytes(job.bytes)));
    const openOne = (job: CipherJob) =>
      crypto.subtle.decrypt(parameters(job), key, plainBytes(job.bytes)).then(
        (plain) => new Uint8Array(plain),
        // The engine has one error for every ciphertext that does not fit.
        () => undefined,
      );
    return {
      seal: (jobs, signal) => inBatches(jobs, sealOne, signal),
      open: (jobs, signal) => inBatches(jobs, openOne, signal),
    };
  },
});
