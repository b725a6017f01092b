/** The first gate, *decode*: bytes to {@link Entry} and back [E1] [E2] [E3]. */
import type { Decision } from './act.ts';
import { laneOfKind, readBody, writeBody } from './bodyCodec.ts';
import { concatBytes, toHex } from './bytes.ts';
import { createNameTable, nameAt, type NameTable } from './names.ts';
import { KIND, LANE, type Body, type Entry, type EntryDraft, type Kind, type Lane } from './entry.ts';
import { writeDecision } from './decisionCodec.ts';
import { ZERO_ID, type Id } from './ids.ts';
import { COUNT_END, MAX_ENTRY_BYTES } from './limits.ts';
import {
  createReader,
  endArray,
  readArray,
  readEnd,
  readHex,
  readInt,
  refuse,
  type DecodeFault,
} from './reader.ts';
import { fail, ok, type Result } from './result.ts';
import { bytesOf, DOMAIN } from './statements.ts';
import { createWriter, writeArray, writeHex, writeInt, written } from './writer.ts';

/** A synchronous SHA-256: the shell brings the fastest one it has. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

export const FORMAT_VERSION = 1;
const FIELDS = 11;

/** SHA-256(domain ‖ circle ‖ bytes) [E3]. */
export function entryId(circle: Id, bytes: Uint8Array, sha256: Sha256): Id {
  return toHex(sha256(concatBytes(DOMAIN.entry, bytesOf(circle), bytes))) as Id;
}
export function decisionId(circle: Id, decision: Decision, sha256: Sha256): Id {
  const w = createWriter();
  writeDecision(w, decision);
  return toHex(sha256(concatBytes(DOMAIN.decision, bytesOf(circle), written(w)))) as Id;
}

/** The unsigned bytes of a draft [E1]. */
export function draftBytes(draft: EntryDraft): Uint8Array {
  const w = createWriter();
  writeArray(w, FIELDS);
  writeInt(w, FORMAT_VERSION);
  writeHex(w, draft.circle);
  writeInt(w, draft.book);
  writeInt(w, draft.incarnation);
  writeInt(w, draft.epoch);
  writeHex(w, draft.device);
  writeInt(w, draft.lane);
  writeInt(w, draft.seq);
  writeHex(w, draft.prev);
  writeInt(w, draft.body.kind);
  writeBody(w, draft.body);
  return written(w);
}
/** Encodes a draft that this device is about to sign. A draft beyond [E2] is the caller's broken invariant: throws. */
export function encodeEntry<B extends Body>(draft: EntryDraft<B>, sha256: Sha256): Entry<B> {
  const bytes = draftBytes(draft);
  if (bytes.length > MAX_ENTRY_BYTES) throw new RangeError(`an entry of ${bytes.length} bytes`);
  const id = entryId(draft.circle, bytes, sha256);
  const { circle, book, incarnation, epoch, device, lane, seq, prev, body } = draft;
  return { id, bytes, circle, book, incarnation, epoch, device, lane, seq, prev, body };
}

/** What decoding many entries of one circle shares: names met before, and room to hash in. */
export interface Decoder {
  readonly circle: Id;
  readonly sha256: Sha256;
  readonly names: NameTable | undefined;
  /** domain ‖ circle, then room for one entry [E3]. */
  readonly hashed: Uint8Array;
  readonly hashedHead: number;
  /** Views of the first so many bytes of it, made once: entries come in few lengths. */
  readonly views: (Uint8Array | undefined)[];
}
/** `expected`: about how many entries will be decoded with it; more are decoded as well. */
export function createDecoder(circle: Id, sha256: Sha256, expected = 4096): Decoder {
  return decoderWith(circle, sha256, createNameTable(2 * expected), MAX_ENTRY_BYTES);
}
function decoderWith(circle: Id, sha256: Sha256, names: NameTable | undefined, room: number): Decoder {
  const head = concatBytes(DOMAIN.entry, bytesOf(circle));
  const hashed = new Uint8Array(head.length + room);
  hashed.set(head);
  return { circle, sha256, names, hashed, hashedHead: head.length, views: [] };
}
function idWith({ sha256, names, hashed, hashedHead, views }: Decoder, bytes: Uint8Array): Id {
  hashed.set(bytes, hashedHead);
  const end = hashedHead + bytes.length;
  const hash = sha256((views[end] ??= hashed.subarray(0, end)));
  return (names === undefined ? toHex(hash) : nameAt(names, hash, 0)) as Id;
}

/**
 * Decodes the unsigned bytes of an entry of `circle`. Total: rubbish gives a fault that names the field and the
 * offset. The founding entry decodes when its id is `circle` itself.
 */
export function decodeEntry(bytes: Uint8Array, circle: Id, sha256: Sha256): Result<Entry, DecodeFault> {
  if (bytes.length > MAX_ENTRY_BYTES) return fail({ code: 'oversize', at: MAX_ENTRY_BYTES, field: 'entry' });
  return decodeWith(decoderWith(circle, sha256, undefined, bytes.length), bytes);
}
/** {@link decodeEntry} for many entries: the same answer, a few times faster. */
export function decodeWith(decoder: Decoder, bytes: Uint8Array): Result<Entry, DecodeFault> {
  if (bytes.length > MAX_ENTRY_BYTES) return fail({ code: 'oversize', at: MAX_ENTRY_BYTES, field: 'entry' });
  // A later version may have other fields: say so before anything else is judged.
  const version = bytes[1] ?? 0;
  if ((bytes[0] ?? 0) >> 5 === 4 && version > FORMAT_VERSION && version < 0x20)
    return fail({ code: 'newer-version', at: 1, field: 'version' });
  const r = createReader(bytes, decoder.names);
  readArray(r, 'entry', FIELDS);
  readInt(r, 'version', FORMAT_VERSION, FORMAT_VERSION + 1);
  const named: Id = readHex(r, 'circle');
  const book = readInt(r, 'book', 0, COUNT_END);
  const incarnation = readInt(r, 'incarnation', 0, COUNT_END);
  const epoch = readInt(r, 'epoch', 0, COUNT_END);
  const device: Entry['device'] = readHex(r, 'device');
  const lane = readInt(r, 'lane', 0, 4) as Lane;
  const seq = readInt(r, 'seq', 0, COUNT_END);
  const prev: Id = readHex(r, 'prev');
  const kindAt = r.at;
  const kind = readInt(r, 'kind', 0, 256);
  const kindLane = laneOfKind(kind);
  if (kindLane === undefined) refuse(r, 'unknown-kind', 'kind', kindAt);
  else if (kindLane !== lane) refuse(r, 'kind-not-of-lane', 'kind', kindAt);
  if (lane !== LANE.account && incarnation !== 0) refuse(r, 'out-of-range', 'incarnation', kindAt);
  const founding = lane === LANE.founding;
  // The first entry of all has nothing before it: these fields have one value only [E1].
  if (founding && (book !== 0 || epoch !== 0 || seq !== 0 || prev !== ZERO_ID))
    refuse(r, 'out-of-range', 'seq', kindAt);
  const body: Body = r.fault === undefined ? readBody(r, kind as Kind) : NOTHING_READ;
  endArray(r);
  const fault = readEnd(r);
  if (fault !== undefined) return fail(fault);
  const { circle, sha256 } = decoder;
  if (named !== (founding ? ZERO_ID : circle)) return fail({ code: 'wrong-circle', at: 2, field: 'circle' });
  const id = founding ? entryId(ZERO_ID, bytes, sha256) : idWith(decoder, bytes);
  if (founding && id !== circle) return fail({ code: 'wrong-circle', at: 0, field: 'entry' });
  return ok({ id, bytes, circle: named, book, incarnation, epoch, device, lane, seq, prev, body });
}
const NOTHING_READ: Body = { kind: KIND.have, ids: [] };
