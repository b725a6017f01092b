/** Bytes of acts [L2]: one writer and one reader per type, positions in the order of act.ts. */
import type { Act, Closing, StandingAct, Steward } from './act.ts';
import type { Id, MemberId, TextHash } from './ids.ts';
import {
  AMOUNT_END,
  COMMONS_END,
  COUNT_END,
  KEY_ID_BYTES,
  MAX_CLOSINGS,
  MAX_HELPERS,
  MAX_WITNESSES,
  MOTION_SALT_BYTES,
} from './limits.ts';
import {
  readCirclePolicy,
  readGrant,
  readJoinRequest,
  writeCirclePolicy,
  writeGrant,
  writeJoinRequest,
} from './policyCodec.ts';
import {
  endArray,
  readArray,
  readHex,
  readInt,
  readList,
  readOrNull,
  refuse,
  type Reader,
} from './reader.ts';
import { writeArray, writeHex, writeInt, writeList, writeOrNull, type Writer } from './writer.ts';

/** The act's number on the wire, and how many values its array has. */
const SHAPE = {
  admit: [1, 3],
  keeper: [2, 4],
  limits: [3, 6],
  standing: [4, 7],
  replace: [5, 7],
  stewards: [6, 4],
  policy: [7, 4],
  payout: [8, 6],
  helpers: [9, 6],
  unlock: [10, 2],
  'close-book': [11, 4],
} as const satisfies Readonly<Record<Act['type'], readonly [number, number]>>;
const TYPES = Object.keys(SHAPE) as Act['type'][];
const STANDINGS: readonly StandingAct['standing'][] = ['active', 'suspended', 'expelled'];

function writeClosing(w: Writer, closing: Closing): void {
  writeArray(w, 3);
  writeHex(w, closing.device);
  writeInt(w, closing.incarnation);
  writeList(w, closing.stops, writeHex);
}
const readId = (r: Reader): Id => readHex(r, 'id');
const readStops = (r: Reader): readonly Id[] => readList(r, 'stops', MAX_WITNESSES, readId);
function readClosing(r: Reader): Closing {
  readArray(r, 'closing', 3);
  const closing: Closing = {
    device: readHex(r, 'device'),
    incarnation: readInt(r, 'incarnation', 0, COUNT_END),
    stops: readStops(r),
  };
  endArray(r);
  return closing;
}
function writeSteward(w: Writer, { device, witness, consent }: Steward): void {
  writeArray(w, 3);
  writeHex(w, device);
  writeHex(w, witness);
  writeHex(w, consent);
}
function readSteward(r: Reader): Steward {
  readArray(r, 'steward', 3);
  const steward: Steward = {
    device: readHex(r, 'device'),
    witness: readHex(r, 'witness'),
    consent: readHex(r, 'consent', 64),
  };
  endArray(r);
  return steward;
}
const readMember = (r: Reader): MemberId => readHex(r, 'member');
const readReason = (r: Reader): TextHash => readHex(r, 'reason');
const readKey = (r: Reader): string => readHex(r, 'key', KEY_ID_BYTES);

export function writeAct(w: Writer, act: Act): void {
  const [number, length] = SHAPE[act.type];
  writeArray(w, length);
  writeInt(w, number);
  switch (act.type) {
    case 'admit':
      writeJoinRequest(w, act.request);
      return writeGrant(w, act.grant);
    case 'keeper':
      writeHex(w, act.device);
      writeHex(w, act.witness);
      return writeHex(w, act.consent);
    case 'unlock':
      return writeClosing(w, act.closing);
    case 'close-book':
      writeList(w, act.stops, writeHex);
      writeHex(w, act.opening);
      return writeHex(w, act.key);
    case 'limits':
    case 'standing':
    case 'replace':
    case 'stewards':
    case 'policy':
    case 'payout':
    case 'helpers':
      writeHex(w, act.salt);
      writeOrNull(w, act.reason, writeHex);
  }
  switch (act.type) {
    case 'limits':
      writeHex(w, act.device);
      writeGrant(w, act.grant);
      return writeOrNull(w, act.closing, writeClosing);
    case 'standing':
      writeHex(w, act.member);
      writeInt(w, STANDINGS.indexOf(act.standing));
      writeList(w, act.closings, writeClosing);
      return writeOrNull(w, act.key, writeHex);
    case 'replace':
      writeOrNull(w, act.request, writeJoinRequest);
      writeHex(w, act.heir);
      writeList(w, act.closings, writeClosing);
      return writeOrNull(w, act.key, writeHex);
    case 'stewards':
      return writeList(w, act.stewards, writeSteward);
    case 'policy':
      return writeCirclePolicy(w, act.policy);
    case 'payout':
      writeInt(w, act.commons);
      writeHex(w, act.to);
      return writeInt(w, act.amount);
    case 'helpers':
      writeHex(w, act.device);
      writeList(w, act.helpers, writeHex);
      return writeInt(w, act.need);
  }
}

/** Reads an act. An unknown number is a fault. */
export function readAct(r: Reader): Act {
  const start = r.at;
  // The number decides how long the array is: look one item ahead.
  const number = r.bytes[start + 1];
  const type = TYPES.find((name) => SHAPE[name][0] === number);
  if (type === undefined) refuse(r, 'unknown-kind', 'act', start);
  const known = type ?? 'keeper';
  readArray(r, 'act', SHAPE[known][1]);
  readInt(r, 'actKind', 0, COUNT_END);
  const act = readActOpen(r, known);
  endArray(r);
  return act;
}
function readActOpen(r: Reader, type: Act['type']): Act {
  switch (type) {
    case 'admit':
      return { type, request: readJoinRequest(r), grant: readGrant(r) };
    case 'keeper':
      return {
        type,
        device: readHex(r, 'device'),
        witness: readHex(r, 'witness'),
        consent: readHex(r, 'consent', 64),
      };
    case 'unlock':
      return { type, closing: readClosing(r) };
    case 'close-book':
      return { type, stops: readStops(r), opening: readHex(r, 'opening'), key: readKey(r) };
    case 'limits':
      return {
        type,
        ...readProposed(r),
        device: readHex(r, 'device'),
        grant: readGrant(r),
        closing: readOrNull(r, readClosing),
      };
    case 'standing':
      return {
        type,
        ...readProposed(r),
        member: readMember(r),
        standing: STANDINGS[readInt(r, 'standing', 0, STANDINGS.length)] ?? 'active',
        closings: readList(r, 'closings', MAX_CLOSINGS, readClosing),
        key: readOrNull(r, readKey),
      };
    case 'replace':
      return {
        type,
        ...readProposed(r),
        request: readOrNull(r, readJoinRequest),
        heir: readHex(r, 'heir'),
        closings: readList(r, 'closings', MAX_CLOSINGS, readClosing),
        key: readOrNull(r, readKey),
      };
    case 'stewards':
      return { type, ...readProposed(r), stewards: readList(r, 'stewards', MAX_WITNESSES, readSteward) };
    case 'policy':
      return { type, ...readProposed(r), policy: readCirclePolicy(r) };
    case 'payout':
      return {
        type,
        ...readProposed(r),
        commons: readInt(r, 'commons', 0, COMMONS_END),
        to: readHex(r, 'to'),
        amount: readInt(r, 'amount', 1, AMOUNT_END),
      };
    case 'helpers':
      return {
        type,
        ...readProposed(r),
        device: readHex(r, 'device'),
        helpers: readList(r, 'helpers', MAX_HELPERS, readMember),
        need: readInt(r, 'need', 0, MAX_HELPERS + 1),
      };
  }
}
const readProposed = (r: Reader) => ({
  salt: readHex(r, 'salt', MOTION_SALT_BYTES),
  reason: readOrNull(r, readReason),
});
