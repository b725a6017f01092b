import type { Result } from '@corridor/ledger';

const VERSION = 1;
const EPOCH_BYTES = 8;
const GREETING_BYTES = 1 + EPOCH_BYTES + 4;

/**
 * The first message of both sides on every stream. It lets two that dial each other at once, or one that came
 * back after a restart, agree on which stream is the link (see linkTable.ts).
 */
export interface Greeting {
  /** Random for each start of a transport, as hex. */
  readonly epoch: string;
  /** How many streams this side had opened when it wrote this, this one included if it opened it. */
  readonly opened: number;
}

/** Writes a greeting: version, epoch, count. */
export function encodeGreeting(greeting: Greeting): Uint8Array {
  const bytes = new Uint8Array(GREETING_BYTES);
  bytes[0] = VERSION;
  for (let i = 0; i < EPOCH_BYTES; i++) {
    bytes[1 + i] = Number.parseInt(greeting.epoch.slice(2 * i, 2 * i + 2), 16);
  }
  new DataView(bytes.buffer).setUint32(1 + EPOCH_BYTES, greeting.opened);
  return bytes;
}

/** Reads a greeting; anything of another length or version is a fault. */
export function decodeGreeting(bytes: Uint8Array): Result<Greeting, { readonly fault: 'greeting' }> {
  if (bytes.length !== GREETING_BYTES || bytes[0] !== VERSION)
    return { ok: false, fault: { fault: 'greeting' } };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const epoch = hex(bytes.subarray(1, 1 + EPOCH_BYTES));
  return { ok: true, value: { epoch, opened: view.getUint32(1 + EPOCH_BYTES) } };
}

/** A new epoch out of 8 random bytes. */
export const epochOf = (random: (length: number) => Uint8Array): string => hex(random(EPOCH_BYTES));

const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
