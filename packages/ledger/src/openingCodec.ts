/** Bytes of a book's opening [E1] [B1], its hash, and the check of what came from elsewhere [B2]. */
import type { CloseBookAct, Decision, Standing } from './act.ts';
import { concatBytes, toHex } from './bytes.ts';
import type { Claim, Entry, FoundBody } from './entry.ts';
import type { Sha256 } from './entryCodec.ts';
import type { DeviceKey, Id, MemberId, PublicKey } from './ids.ts';
import {
  AMOUNT_END,
  COMMONS_END,
  COUNT_END,
  KEY_ID_BYTES,
  MAX_ACCOUNT_CREDITS,
  MAX_DEVICES,
  MAX_HELPERS,
  MAX_KNOWN_DECISIONS,
  MAX_OPENING_BYTES,
  MAX_RECOVERIES,
  MAX_WITNESSES,
  SUM_END,
} from './limits.ts';
import type { FirstWitness, Helpers } from './log.ts';
import { createNameTable } from './names.ts';
import { sumOf, type BookOpening, type OpeningDevice } from './opening.ts';
import { readCirclePolicy, readGrant, writeCirclePolicy, writeGrant } from './policyCodec.ts';
import {
  createReader,
  endArray,
  readArray,
  readEnd,
  readHex,
  readInt,
  readList,
  readOrNull,
  refuse,
  type DecodeFault,
  type Reader,
} from './reader.ts';
import { fail, ok, type Result } from './result.ts';
import { bytesOf, DOMAIN } from './statements.ts';
import {
  createWriter,
  writeArray,
  writeHex,
  writeInt,
  writeList,
  writeOrNull,
  written,
  type Writer,
} from './writer.ts';

const OPENING_VERSION = 1;
const FIELDS = 16;
const DEVICE_FIELDS = 10;
const STANDINGS: readonly Standing[] = ['active', 'suspended', 'expelled'];
/** Bits of a device's flags. */
const FLAG = { confirmed: 1, sealed: 2, void: 4 } as const;

/** The bytes of an opening, positions in the order of opening.ts. */
export function encodeOpening(opening: BookOpening): Uint8Array {
  const w = createWriter();
  writeArray(w, FIELDS);
  writeInt(w, OPENING_VERSION);
  writeHex(w, opening.circle);
  writeInt(w, opening.book);
  writeInt(w, opening.height);
  writeHex(w, opening.before);
  writeCirclePolicy(w, opening.policy);
  writeInt(w, opening.epoch);
  writeHex(w, opening.key);
  writeList(w, opening.witnesses, writeWitness);
  writeList(w, opening.devices, writeDevice);
  writeList(w, opening.commons, (inner, [commons, amount]) => {
    writeArray(inner, 2);
    writeInt(inner, commons);
    writeInt(inner, amount);
  });
  writeList(w, opening.standings, (inner, [member, standing]) => {
    writeArray(inner, 2);
    writeHex(inner, member);
    writeInt(inner, STANDINGS.indexOf(standing));
  });
  writeList(w, opening.helpers, (inner, [member, { members, need }]) => {
    writeArray(inner, 3);
    writeHex(inner, member);
    writeList(inner, members, writeHex);
    writeInt(inner, need);
  });
  writeList(w, opening.decisions, writeHex);
  writeList(w, opening.usedInvites, writeHex);
  writeList(w, opening.recoveries, writeHex);
  return written(w);
}
function writeWitness(w: Writer, { device, key }: FirstWitness): void {
  writeArray(w, 2);
  writeHex(w, device);
  writeHex(w, key);
}
function writeDevice(w: Writer, device: OpeningDevice): void {
  writeArray(w, DEVICE_FIELDS);
  writeHex(w, device.device);
  // Most members have one device, which names them.
  writeOrNull(w, (device.member as string) === device.device ? null : device.member, writeHex);
  writeHex(w, device.sealing);
  writeHex(w, device.name);
  writeGrant(w, device.grant);
  writeOrNull(w, device.inviter, writeHex);
  writeOrNull(w, device.heir, writeHex);
  writeInt(
    w,
    (device.confirmed ? FLAG.confirmed : 0) |
      (device.sealed ? FLAG.sealed : 0) |
      (device.isVoid ? FLAG.void : 0),
  );
  writeInt(w, device.opening);
  writeList(w, device.credits, (inner, { debit, amount }) => {
    writeArray(inner, 2);
    writeHex(inner, debit);
    writeInt(inner, amount);
  });
}

/** SHA-256(domain ‖ circle ‖ bytes): what the closing decision says of the opening. */
export const hashOfOpening = (circle: Id, bytes: Uint8Array, sha256: Sha256): Id =>
  toHex(sha256(concatBytes(DOMAIN.opening, bytesOf(circle), bytes))) as Id;
export const openingHash = (opening: BookOpening, sha256: Sha256): Id =>
  hashOfOpening(opening.circle, encodeOpening(opening), sha256);

/**
 * The decision that closed the book before: nothing in it but what the opening says and whose series it stands on. So
 * who has both can tell that id, which stands before every chain of this book and under the log's next decision.
 */
export function closingDecision(opening: BookOpening, stops: readonly Id[], sha256: Sha256): Decision {
  const { height, before, key } = opening;
  const act: CloseBookAct = { type: 'close-book', stops, opening: openingHash(opening, sha256), key };
  return { height, prev: before, act, approvals: [] };
}

/** Reads an opening. Total: rubbish gives a fault that names the field and the offset. */
export function decodeOpening(bytes: Uint8Array): Result<BookOpening, DecodeFault> {
  if (bytes.length > MAX_OPENING_BYTES)
    return fail({ code: 'oversize', at: MAX_OPENING_BYTES, field: 'opening' });
  const r = createReader(bytes, createNameTable(bytes.length >> 8));
  readArray(r, 'opening', FIELDS);
  readInt(r, 'version', OPENING_VERSION, OPENING_VERSION + 1);
  const opening: BookOpening = {
    circle: readId(r),
    book: readInt(r, 'book', 1, COUNT_END),
    height: readInt(r, 'height', 1, COUNT_END),
    before: readId(r),
    policy: readCirclePolicy(r),
    epoch: readInt(r, 'epoch', 1, COUNT_END),
    key: readHex(r, 'key', KEY_ID_BYTES),
    witnesses: readList(r, 'witnesses', MAX_WITNESSES, readWitness),
    devices: readList(r, 'devices', MAX_DEVICES, readDevice),
    commons: readList(r, 'commons', COMMONS_END, readCommons),
    standings: readList(r, 'standings', MAX_DEVICES, readStanding),
    helpers: readList(r, 'helpers', MAX_DEVICES, readHelpers),
    decisions: readList(r, 'decisions', MAX_KNOWN_DECISIONS, readId),
    usedInvites: readList(r, 'usedInvites', MAX_KNOWN_DECISIONS, readKey),
    recoveries: readList(r, 'recoveries', MAX_RECOVERIES, readKey),
  };
  endArray(r);
  const fault = readEnd(r);
  return fault === undefined ? ok(opening) : fail(fault);
}
const readId = (r: Reader): Id => readHex(r, 'id');
const readKey = (r: Reader): PublicKey => readHex(r, 'key');
const readDeviceKey = (r: Reader): DeviceKey => readHex(r, 'device');
const readMember = (r: Reader): MemberId => readHex(r, 'member');
function readWitness(r: Reader): FirstWitness {
  readArray(r, 'witness', 2);
  const witness: FirstWitness = { device: readDeviceKey(r), key: readKey(r) };
  endArray(r);
  return witness;
}
function readDevice(r: Reader): OpeningDevice {
  readArray(r, 'device', DEVICE_FIELDS);
  const device = readDeviceKey(r);
  const at = r.at;
  const other = readOrNull(r, readMember);
  if ((other as string | null) === device) refuse(r, 'not-shortest', 'member', at);
  const sealing = readKey(r);
  const name: OpeningDevice['name'] = readHex(r, 'name');
  const grant = readGrant(r);
  const inviter = readOrNull(r, readDeviceKey);
  const heir = readOrNull(r, readDeviceKey);
  const flags = readInt(r, 'flags', 0, 8);
  const opening = readInt(r, 'balance', 1 - SUM_END, SUM_END);
  const credits = readList(r, 'credits', MAX_ACCOUNT_CREDITS, readCredit);
  endArray(r);
  return {
    device,
    member: other ?? (device as string as MemberId),
    sealing,
    name,
    grant,
    inviter,
    heir,
    confirmed: (flags & FLAG.confirmed) !== 0,
    sealed: (flags & FLAG.sealed) !== 0,
    isVoid: (flags & FLAG.void) !== 0,
    opening,
    credits,
  };
}
function readCredit(r: Reader): Claim {
  readArray(r, 'credit', 2);
  const credit: Claim = { debit: readId(r), amount: readInt(r, 'creditAmount', 1, AMOUNT_END) };
  endArray(r);
  return credit;
}
function readCommons(r: Reader): BookOpening['commons'][number] {
  readArray(r, 'commons', 2);
  const pair = [readInt(r, 'number', 0, COMMONS_END), readInt(r, 'amount', 1 - SUM_END, SUM_END)] as const;
  endArray(r);
  return pair;
}
function readStanding(r: Reader): BookOpening['standings'][number] {
  readArray(r, 'standing', 2);
  const pair = [readMember(r), STANDINGS[readInt(r, 'standing', 1, STANDINGS.length)] ?? 'expelled'] as const;
  endArray(r);
  return pair;
}
function readHelpers(r: Reader): BookOpening['helpers'][number] {
  readArray(r, 'helpers', 3);
  const member = readMember(r);
  const helpers: Helpers = {
    members: readList(r, 'helper', MAX_HELPERS, readMember),
    need: readInt(r, 'need', 0, MAX_HELPERS + 1),
  };
  endArray(r);
  return [member, helpers];
}

/** Why bytes are not the opening that a closing decision names, or no book can begin with it. */
export type OpeningFault =
  | { readonly rule: 'B2'; readonly code: 'oversize' | 'wrong-hash' }
  | { readonly rule: 'B2'; readonly code: 'not-an-opening'; readonly fault: DecodeFault }
  | { readonly rule: 'B2'; readonly code: 'another-circle' | 'no-founder' | 'no-witness' | 'named-twice' }
  | { readonly rule: 'I4'; readonly code: 'not-balanced'; readonly sum: number };
/**
 * The third gate for a newcomer [B2]: bytes from anybody, against the hash in the closing decision. The hash is looked
 * at first, so what nobody decided costs one hash.
 */
export function checkOpening(
  bytes: Uint8Array,
  expected: Id,
  founding: Pick<Entry<FoundBody>, 'id' | 'device'>,
  sha256: Sha256,
): Result<BookOpening, OpeningFault> {
  if (bytes.length > MAX_OPENING_BYTES) return fail({ rule: 'B2', code: 'oversize' });
  if (hashOfOpening(founding.id, bytes, sha256) !== expected) return fail({ rule: 'B2', code: 'wrong-hash' });
  const decoded = decodeOpening(bytes);
  if (!decoded.ok) return fail({ rule: 'B2', code: 'not-an-opening', fault: decoded.fault });
  const opening = decoded.value;
  const { circle, devices, witnesses } = opening;
  if (circle !== founding.id) return fail({ rule: 'B2', code: 'another-circle' });
  if (devices[0]?.device !== founding.device) return fail({ rule: 'B2', code: 'no-founder' });
  const known = new Set(devices.map(({ device }) => device));
  const debits = new Set(devices.flatMap(({ credits }) => credits.map(({ debit }) => debit)));
  const credits = devices.reduce((sum, device) => sum + device.credits.length, 0);
  if (known.size !== devices.length || debits.size !== credits)
    return fail({ rule: 'B2', code: 'named-twice' });
  if (witnesses.length === 0 || witnesses.some(({ device }) => !known.has(device)))
    return fail({ rule: 'B2', code: 'no-witness' });
  const sum = sumOf(opening);
  return sum === 0 ? ok(opening) : fail({ rule: 'I4', code: 'not-balanced', sum });
}
