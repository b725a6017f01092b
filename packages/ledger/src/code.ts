/**
 * Codes that people scan or paste: each is an array that begins with what it is and its version, so that a reader
 * can tell a request from a payment from an invite before it reads on.
 */
import { createReader, readInt, refuse, type Reader } from './reader.ts';
import { writeArray, writeInt, type Writer } from './writer.ts';

const CODES = { invoice: 1, 'hand-over': 2, invite: 3 } as const;
export type CodeKind = keyof typeof CODES;
const CODE_VERSION = 1;

/** Opens a code with `fields` values after its kind and version. */
export function writeCodeHead(w: Writer, kind: CodeKind, fields: number): void {
  writeArray(w, fields + 2);
  writeInt(w, CODES[kind]);
  writeInt(w, CODE_VERSION);
}
/** The counterpart: a later version may have other fields, so it is told first. */
export function readCodeHead(r: Reader, kind: CodeKind, fields: number): void {
  const head = r.bytes[r.at] ?? 0;
  if (head >> 5 !== 4 || (head & 31) >= 24) return refuse(r, 'wrong-type', 'code');
  r.at++;
  r.depth++;
  readInt(r, 'codeKind', CODES[kind], CODES[kind] + 1);
  const versionAt = r.at;
  const version = readInt(r, 'version', 1, 24);
  if (version > CODE_VERSION) return refuse(r, 'newer-version', 'version', versionAt);
  if ((head & 31) !== fields + 2) refuse(r, 'wrong-length', 'code', 0);
}
/** What a code says it is, whatever its version; undefined: none of ours. */
export function codeKindOf(bytes: Uint8Array): CodeKind | undefined {
  const head = bytes[0] ?? 0;
  if (head >> 5 !== 4 || (head & 31) < 2 || (head & 31) >= 24) return undefined;
  const r = createReader(bytes.subarray(1));
  const kind = readInt(r, 'codeKind', 1, 24);
  if (r.fault !== undefined) return undefined;
  return (Object.keys(CODES) as CodeKind[]).find((name) => CODES[name] === kind);
}
