/** Text that names people or things is outside the entry, under a salted hash, so that it can be erased [E6]. */
import { concatBytes, toHex, utf8Bytes } from './bytes.ts';
import type { Sha256 } from './entryCodec.ts';
import type { TextHash } from './ids.ts';
import { MAX_TEXT_BYTES, SALT_BYTES } from './limits.ts';
import { createReader, endArray, readArray, readEnd, readHex, readText, type DecodeFault } from './reader.ts';
import { fail, ok, type Result } from './result.ts';
import { bytesOf, DOMAIN } from './statements.ts';
import { createWriter, writeArray, writeHex, writeText, written } from './writer.ts';

export interface TextRecord {
  /** {@link SALT_BYTES} random bytes, hex. */
  readonly salt: string;
  /** NFC, at most {@link MAX_TEXT_BYTES} of UTF-8. */
  readonly text: string;
}
export interface TextFault {
  readonly code: 'text-too-long';
  readonly bytes: number;
  readonly max: number;
}

/** What people typed as it is kept: NFC, within `max` bytes of UTF-8. */
export function boundedText(typed: string, max = MAX_TEXT_BYTES): Result<string, TextFault> {
  // A lone surrogate has no UTF-8: it becomes U+FFFD before anything is hashed.
  const text = typed.toWellFormed().normalize('NFC');
  const bytes = utf8Bytes(text).length;
  return bytes > max ? fail({ code: 'text-too-long', bytes, max }) : ok(text);
}
/** SHA-256(domain ‖ salt ‖ text): what an entry says of it. The salt has a fixed length, so no two pairs meet. */
export function textHash(salt: string, text: string, sha256: Sha256): TextHash {
  return toHex(
    sha256(concatBytes(DOMAIN.text, saltBytes(salt), utf8Bytes(text.normalize('NFC')))),
  ) as TextHash;
}
export const textRecordHash = (record: TextRecord, sha256: Sha256): TextHash =>
  textHash(record.salt, record.text, sha256);

/** [salt, text]. A text beyond the bound is the caller's broken invariant: throws. */
export function encodeTextRecord(record: TextRecord): Uint8Array {
  const w = createWriter();
  writeArray(w, 2);
  saltBytes(record.salt);
  writeHex(w, record.salt);
  const text = boundedText(record.text);
  if (!text.ok) throw new RangeError(`a text of ${text.fault.bytes} bytes`);
  writeText(w, text.value);
  return written(w);
}
/** Total; the caller compares {@link textRecordHash} with what the entry says. */
export function decodeTextRecord(bytes: Uint8Array): Result<TextRecord, DecodeFault> {
  const r = createReader(bytes);
  readArray(r, 'textRecord', 2);
  const salt: string = readHex(r, 'salt', SALT_BYTES);
  const text = readText(r, 'text', MAX_TEXT_BYTES);
  endArray(r);
  const fault = readEnd(r);
  return fault === undefined ? ok({ salt, text }) : fail(fault);
}
function saltBytes(salt: string): Uint8Array {
  const bytes = bytesOf(salt);
  if (bytes.length !== SALT_BYTES) throw new RangeError(`a salt of ${bytes.length} bytes`);
  return bytes;
}
