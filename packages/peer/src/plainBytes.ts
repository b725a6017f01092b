const isPlain = (bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> => bytes.buffer instanceof ArrayBuffer;

/** The same bytes as the platform's own calls take them: never over shared memory; copied only then. */
export const plainBytes = (bytes: Uint8Array): Uint8Array<ArrayBuffer> =>
  isPlain(bytes) ? bytes : new Uint8Array(bytes);

/** A copy that owns exactly its bytes. Storing a view would store the whole buffer behind it. */
export const ownBytes = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);
