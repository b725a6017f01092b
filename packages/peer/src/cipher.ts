/** AES-256-GCM as a port: WebCrypto where there is nothing better, node:crypto where it is several times faster. */

export interface CipherJob {
  /** 12 bytes, unique for what is sealed under one key. */
  readonly nonce: Uint8Array;
  /** Plaintext to seal, or ciphertext ‖ tag to open. */
  readonly bytes: Uint8Array;
  /** Authenticated beside it, not sealed. */
  readonly context: Uint8Array;
}
/** A cipher that has its key. Results stand in the order of the jobs; how many run at once is its own matter. */
export interface KeyedCipher {
  /** Ciphertext ‖ tag of each job. */
  seal(jobs: readonly CipherJob[], signal?: AbortSignal): Promise<readonly Uint8Array[]>;
  /** Plaintext of each job; undefined where the tag does not fit. */
  open(jobs: readonly CipherJob[], signal?: AbortSignal): Promise<readonly (Uint8Array | undefined)[]>;
}
export interface Cipher {
  /** Takes a raw key of 32 bytes and holds it so that it can't be read back, where the engine can. */
  withKey(key: Uint8Array): Promise<KeyedCipher>;
}
