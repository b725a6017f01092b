/** A file of its own so that a bundler makes a chunk of just this: WebAssembly that only a locked app needs. */
export { argon2id } from 'hash-wasm';
