/** Bytes of what members say about acts, of keys on their way, of shared texts, and of a witness's promise to stop. */
import { readAct, writeAct } from './actCodec.ts';
import {
  KIND,
  type ApproveBody,
  type AskRoomBody,
  type BookKeysBody,
  type CommentBody,
  type FoundAnewBody,
  type GoAlongBody,
  type LaneCut,
  type MotionBody,
  type NextKey,
  type OpeningBody,
  type SharedTextBody,
  type StopBody,
  type StopReport,
} from './entry.ts';
import type { Id, Signature } from './ids.ts';
import {
  AMOUNT_END,
  COUNT_END,
  KEY_ID_BYTES,
  MAX_CUT,
  MAX_FOUNDING_BYTES,
  MAX_OPENING_PART_BYTES,
  MAX_OPENING_PARTS,
  MAX_REPORTS,
  MAX_SEALED_KEYS,
  MAX_STOP_PARTS,
  MAX_UPDATE_BYTES,
  SEALED_KEY_BYTES,
  SHARED_TEXT_END,
  TIME_END,
} from './limits.ts';
import {
  endArray,
  readArray,
  readHex,
  readInt,
  readList,
  readOrNull,
  readSomeHex,
  refuse,
  type Reader,
} from './reader.ts';
import { writeArray, writeHex, writeInt, writeList, writeOrNull, type Writer } from './writer.ts';

export type SaidBody =
  | MotionBody
  | ApproveBody
  | CommentBody
  | BookKeysBody
  | SharedTextBody
  | AskRoomBody
  | FoundAnewBody
  | GoAlongBody
  | StopBody
  | OpeningBody;

export function writeSaid(w: Writer, body: SaidBody): void {
  switch (body.kind) {
    case KIND.motion:
      writeArray(w, 2);
      writeAct(w, body.act);
      return writeInt(w, body.at);
    case KIND.approve:
      writeArray(w, 3);
      writeHex(w, body.motion);
      writeOrNull(w, body.signature, writeHex);
      return writeInt(w, body.at);
    case KIND.comment:
      writeArray(w, 3);
      writeHex(w, body.motion);
      writeHex(w, body.text);
      return writeInt(w, body.at);
    case KIND.bookKeys:
      writeArray(w, 3);
      writeInt(w, body.epoch);
      writeHex(w, body.key);
      return writeList(w, body.sealed, (inner, { ordinal, sealed }) => {
        writeArray(inner, 2);
        writeInt(inner, ordinal);
        writeHex(inner, sealed);
      });
    case KIND.sharedText:
      writeArray(w, 3);
      writeInt(w, body.text);
      writeHex(w, body.update);
      return writeInt(w, body.at);
    case KIND.askRoom:
      writeArray(w, 3);
      writeHex(w, body.of);
      writeInt(w, body.amount);
      return writeInt(w, body.at);
    case KIND.foundAnew:
      writeArray(w, 4);
      writeHex(w, body.founding);
      writeHex(w, body.signature);
      writeHex(w, body.key);
      return writeList(w, body.cut, (inner, { ordinal, seq, id }) => {
        writeArray(inner, 3);
        writeInt(inner, ordinal);
        writeInt(inner, seq);
        writeHex(inner, id);
      });
    case KIND.goAlong:
      writeArray(w, 3);
      writeHex(w, body.circle);
      writeHex(w, body.opening);
      return writeInt(w, body.at);
    case KIND.stop:
      writeArray(w, 3);
      writeList(w, body.reports, writeReport);
      writeInt(w, body.parts);
      return writeOrNull(w, body.next, writeNextKey);
    case KIND.opening:
      writeArray(w, 3);
      writeInt(w, body.part);
      writeInt(w, body.parts);
      return writeHex(w, body.bytes);
  }
}
function writeNextKey(w: Writer, { witness, consent }: NextKey): void {
  writeArray(w, 2);
  writeHex(w, witness);
  writeHex(w, consent);
}
function readNextKey(r: Reader): NextKey {
  readArray(r, 'nextKey', 2);
  const key: NextKey = { witness: readHex(r, 'witness'), consent: readHex(r, 'consent', 64) };
  endArray(r);
  return key;
}
function writeReport(w: Writer, report: StopReport): void {
  writeArray(w, 5);
  writeInt(w, report.ordinal);
  writeInt(w, report.incarnation);
  writeInt(w, report.head === null ? 0 : report.head.seq + 1);
  writeOrNull(w, report.head?.id ?? null, writeHex);
  writeOrNull(w, report.vote, writeHex);
}
/** One form for "none": length zero and no id, or both. */
function readReport(r: Reader): StopReport {
  readArray(r, 'report', 5);
  const ordinal = readInt(r, 'ordinal', 0, COUNT_END);
  const incarnation = readInt(r, 'incarnation', 0, COUNT_END);
  const isEmpty = r.bytes[r.at] === 0;
  const length = readInt(r, 'length', 0, COUNT_END);
  const head = isEmpty ? readNothing(r) : { seq: length - 1, id: readId(r) };
  const vote = readOrNull(r, readId);
  endArray(r);
  return { ordinal, incarnation, head, vote };
}
function readNothing(r: Reader): null {
  const start = r.at;
  if (readOrNull(r, readId) !== null) refuse(r, 'wrong-type', 'head', start);
  return null;
}
const readId = (r: Reader): Id => readHex(r, 'id');
const readSignature = (r: Reader): Signature => readHex(r, 'signature', 64);
function readCut(r: Reader): LaneCut {
  readArray(r, 'lane', 3);
  const cut: LaneCut = {
    ordinal: readInt(r, 'ordinal', 0, COUNT_END),
    seq: readInt(r, 'seq', 0, COUNT_END),
    id: readId(r),
  };
  endArray(r);
  return cut;
}
function readSealedKey(r: Reader): BookKeysBody['sealed'][number] {
  readArray(r, 'sealedKey', 2);
  const key = {
    ordinal: readInt(r, 'ordinal', 0, COUNT_END),
    sealed: readHex<string>(r, 'sealed', SEALED_KEY_BYTES),
  };
  endArray(r);
  return key;
}

/** Leaves the array open: the caller ends it. */
export function readSaid(r: Reader, kind: SaidBody['kind']): SaidBody {
  switch (kind) {
    case KIND.motion:
      readArray(r, 'motion', 2);
      return { kind, act: readAct(r), at: readInt(r, 'at', 0, TIME_END) };
    case KIND.approve:
      readArray(r, 'approve', 3);
      return {
        kind,
        motion: readHex(r, 'motion'),
        signature: readOrNull(r, readSignature),
        at: readInt(r, 'at', 0, TIME_END),
      };
    case KIND.comment:
      readArray(r, 'comment', 3);
      return {
        kind,
        motion: readHex(r, 'motion'),
        text: readHex(r, 'text'),
        at: readInt(r, 'at', 0, TIME_END),
      };
    case KIND.bookKeys:
      readArray(r, 'bookKeys', 3);
      return {
        kind,
        epoch: readInt(r, 'epoch', 0, COUNT_END),
        key: readHex(r, 'key', KEY_ID_BYTES),
        sealed: readList(r, 'sealed', MAX_SEALED_KEYS, readSealedKey),
      };
    case KIND.sharedText:
      readArray(r, 'sharedText', 3);
      return {
        kind,
        text: readInt(r, 'text', 0, SHARED_TEXT_END),
        update: readSomeHex(r, 'update', MAX_UPDATE_BYTES),
        at: readInt(r, 'at', 0, TIME_END),
      };
    case KIND.askRoom:
      readArray(r, 'askRoom', 3);
      return {
        kind,
        of: readHex(r, 'of'),
        amount: readInt(r, 'amount', 1, AMOUNT_END),
        at: readInt(r, 'at', 0, TIME_END),
      };
    case KIND.foundAnew:
      readArray(r, 'foundAnew', 4);
      return {
        kind,
        founding: readSomeHex(r, 'founding', MAX_FOUNDING_BYTES),
        signature: readSignature(r),
        key: readHex(r, 'key', KEY_ID_BYTES),
        cut: readList(r, 'cut', MAX_CUT, readCut),
      };
    case KIND.goAlong:
      readArray(r, 'goAlong', 3);
      return {
        kind,
        circle: readId(r),
        opening: readId(r),
        at: readInt(r, 'at', 0, TIME_END),
      };
    case KIND.stop:
      readArray(r, 'stop', 3);
      return readStop(r);
    case KIND.opening:
      readArray(r, 'opening', 3);
      return readOpening(r);
  }
}
function readOpening(r: Reader): OpeningBody {
  const start = r.at;
  const part = readInt(r, 'part', 0, MAX_OPENING_PARTS);
  const parts = readInt(r, 'parts', 1, MAX_OPENING_PARTS + 1);
  if (part >= parts) refuse(r, 'out-of-range', 'part', start);
  return { kind: KIND.opening, part, parts, bytes: readSomeHex(r, 'bytes', MAX_OPENING_PART_BYTES) };
}
function readStop(r: Reader): StopBody {
  const reports = readList(r, 'reports', MAX_REPORTS, readReport);
  const parts = readInt(r, 'parts', -MAX_STOP_PARTS, MAX_STOP_PARTS + 1);
  const start = r.at;
  const next = readOrNull(r, readNextKey);
  if (next !== null && parts <= 0) refuse(r, 'wrong-type', 'nextKey', start);
  return { kind: KIND.stop, reports, parts, next };
}
