/**
 * JOIN: the only thing that runs before membership [S2]. A newcomer with an invite asks any member (the door).
 *
 *   newcomer  ASK      version, the invite's public key
 *   door      NONCE    16 random bytes that the request must sign
 *   newcomer  REQUEST  the signed request, and the name it commits to with its salt
 *   door      ANSWER   carried (on its way to who decides) | refused | admitted, with the book keys sealed to the
 *                      newcomer; after `carried` the final answer may follow on the same link
 *
 * After `refused` the newcomer may ask again on the same link, a few times. A device that is admitted already
 * and comes back gets its keys again: that is the host's to see.
 */
import { fail, fromHex, JOIN_AS, ok, TIME_END, toHex, utf8Bytes, utf8Text } from '@corridor/ledger';
import type { DeviceKey, Id, JoinRequest, PublicKey, Result, Signature, TextHash } from '@corridor/ledger';
import {
  JOIN_VERSION,
  MAX_JOIN_ASK_BYTES,
  MAX_JOIN_KEYS,
  MAX_JOIN_MESSAGE_BYTES,
  MAX_JOIN_NAME_BYTES,
  MAX_SEALED_KEY_BYTES,
} from './limits.ts';
import type { DecodeFault } from './messageCodec.ts';
import { createReader, createWriter } from './wire.ts';
import type { ByteReader, ByteWriter } from './wire.ts';

export const JOIN_MESSAGE = { ask: 65, nonce: 66, request: 67, answer: 68 } as const;

/** Why a door or those who decide say no; the screen has a sentence for each. */
export const JOIN_REFUSALS = [
  'invite-unknown',
  'invite-used',
  'invite-expired',
  'bad-signature',
  'name-refused',
  'circle-full',
  'busy',
  'not-now',
] as const;
export type JoinRefusal = (typeof JOIN_REFUSALS)[number];

/** One epoch's book key, sealed to the newcomer's X25519 key. */
export interface SealedBookKey {
  readonly epoch: number;
  readonly sealed: Uint8Array;
}
export interface JoinAdmission {
  readonly decision: Id;
  readonly height: number;
  /** Strictly ascending epochs. */
  readonly keys: readonly SealedBookKey[];
}
export type JoinAnswer =
  | { readonly result: 'carried' }
  | { readonly result: 'refused'; readonly reason: JoinRefusal }
  | { readonly result: 'admitted'; readonly admission: JoinAdmission };

/** A request with the name that it commits to. */
export interface NamedRequest {
  readonly request: JoinRequest;
  readonly name: string;
  /** 16 bytes: the name's salt [E6]. */
  readonly salt: Uint8Array;
}
export type JoinMessage =
  | { readonly type: 'ask'; readonly version: number; readonly invite: PublicKey }
  | { readonly type: 'nonce'; readonly nonce: Uint8Array }
  | ({ readonly type: 'request' } & NamedRequest)
  | { readonly type: 'answer'; readonly answer: JoinAnswer };

export const JOIN_NONCE_BYTES = 16;
const SALT_BYTES = 16;
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const MAX_VERSION = 65_535;
const MAX_HEIGHT = 2 ** 32 - 1;
const MAX_EPOCH = 2 ** 32 - 1;
const RESULTS = ['carried', 'refused', 'admitted'] as const;

const writeHex = (writer: ByteWriter, hex: string, length: number): void => {
  const bytes = fromHex(hex);
  if (bytes === undefined || bytes.length !== length) throw new Error(`not ${length} bytes in hex`);
  writer.raw(bytes);
};
const readKey = <Name extends string>(reader: ByteReader): Name => toHex(reader.raw(KEY_BYTES)) as Name;
const readSignature = (reader: ByteReader): Signature => toHex(reader.raw(SIGNATURE_BYTES)) as Signature;

const writeRequest = (writer: ByteWriter, { request, name, salt }: NamedRequest): void => {
  const { device, sealing, invite, inviter, decision } = request;
  for (const key of [device, sealing, request.name, invite, inviter, decision])
    writeHex(writer, key, KEY_BYTES);
  writer.u8(JOIN_AS.indexOf(request.as));
  writer.varint(request.expiresAt);
  writeHex(writer, request.nonce, JOIN_NONCE_BYTES);
  for (const signature of [request.inviterSignature, request.inviteProof, request.deviceProof])
    writeHex(writer, signature, SIGNATURE_BYTES);
  if (salt.length !== SALT_BYTES) throw new Error('a salt has 16 bytes');
  writer.raw(salt);
  writer.counted(utf8Bytes(name));
};
const readRequest = (reader: ByteReader): JoinMessage => {
  const device = readKey<DeviceKey>(reader);
  const sealing = readKey<PublicKey>(reader);
  const nameHash = readKey<TextHash>(reader);
  const invite = readKey<PublicKey>(reader);
  const inviter = readKey<DeviceKey>(reader);
  const decision = readKey<Id>(reader);
  const as = reader.u8();
  const expiresAt = reader.varint(TIME_END - 1);
  const nonce = toHex(reader.raw(JOIN_NONCE_BYTES));
  const inviterSignature = readSignature(reader);
  const inviteProof = readSignature(reader);
  const deviceProof = readSignature(reader);
  const salt = reader.raw(SALT_BYTES);
  const name = utf8Text(reader.counted(MAX_JOIN_NAME_BYTES));
  if (as >= JOIN_AS.length || name === undefined) reader.refuse();
  const request: JoinRequest = {
    device,
    sealing,
    name: nameHash,
    as: JOIN_AS[as] ?? 'member',
    invite,
    inviter,
    decision,
    expiresAt,
    nonce,
    inviterSignature,
    inviteProof,
    deviceProof,
  };
  return { type: 'request', request, name: name ?? '', salt };
};

const writeAnswer = (writer: ByteWriter, answer: JoinAnswer): void => {
  writer.u8(RESULTS.indexOf(answer.result));
  if (answer.result === 'refused') writer.u8(JOIN_REFUSALS.indexOf(answer.reason));
  if (answer.result !== 'admitted') return;
  writeHex(writer, answer.admission.decision, KEY_BYTES);
  writer.varint(answer.admission.height);
  writer.varint(answer.admission.keys.length);
  for (const { epoch, sealed } of answer.admission.keys) {
    writer.varint(epoch);
    writer.counted(sealed);
  }
};
const readAdmission = (reader: ByteReader): JoinAdmission => {
  const decision = readKey<Id>(reader);
  const height = reader.varint(MAX_HEIGHT);
  const keys: SealedBookKey[] = [];
  for (let left = reader.count(MAX_JOIN_KEYS); left > 0 && !reader.failed(); left--) {
    const epoch = reader.varint(MAX_EPOCH);
    if (epoch <= (keys.at(-1)?.epoch ?? -1)) reader.refuse();
    keys.push({ epoch, sealed: reader.counted(MAX_SEALED_KEY_BYTES) });
  }
  return { decision, height, keys };
};
const readAnswer = (reader: ByteReader): JoinMessage | undefined => {
  const result = RESULTS[reader.u8()];
  if (result === undefined) return undefined;
  if (result === 'carried') return { type: 'answer', answer: { result } };
  if (result === 'admitted') return { type: 'answer', answer: { result, admission: readAdmission(reader) } };
  const reason = JOIN_REFUSALS[reader.u8()];
  return reason === undefined ? undefined : { type: 'answer', answer: { result, reason } };
};

/** The bytes of a message. Throws only if the caller broke a bound that it must keep. */
export const encodeJoinMessage = (message: JoinMessage): Uint8Array => {
  const writer = createWriter(1024);
  writer.u8(JOIN_MESSAGE[message.type]);
  switch (message.type) {
    case 'ask':
      writer.varint(message.version);
      writeHex(writer, message.invite, KEY_BYTES);
      break;
    case 'nonce':
      writer.raw(message.nonce);
      break;
    case 'request':
      writeRequest(writer, message);
      break;
    case 'answer':
      writeAnswer(writer, message.answer);
      break;
  }
  return writer.finish();
};

const readBody = (reader: ByteReader, messageType: number): JoinMessage | undefined => {
  switch (messageType) {
    case JOIN_MESSAGE.ask: {
      const version = reader.varint(MAX_VERSION);
      const invite = readKey<PublicKey>(reader);
      if (version > JOIN_VERSION) reader.raw(reader.rest());
      return { type: 'ask', version, invite };
    }
    case JOIN_MESSAGE.nonce:
      return { type: 'nonce', nonce: reader.raw(JOIN_NONCE_BYTES) };
    case JOIN_MESSAGE.request:
      return readRequest(reader);
    default:
      return readAnswer(reader);
  }
};

/** The message in `bytes`; total. A newcomer's messages are held to a tighter length than a door's. */
export const decodeJoinMessage = (bytes: Uint8Array): Result<JoinMessage, DecodeFault> => {
  const reader = createReader(bytes);
  const messageType = reader.u8();
  const longest = messageType === JOIN_MESSAGE.answer ? MAX_JOIN_MESSAGE_BYTES : MAX_JOIN_ASK_BYTES;
  if (bytes.length > longest) return fail({ code: 'oversize', length: bytes.length });
  if (reader.failed()) return fail({ code: 'malformed', at: 0 });
  if (messageType < JOIN_MESSAGE.ask || messageType > JOIN_MESSAGE.answer)
    return fail({ code: 'unknown-type', messageType });
  const message = readBody(reader, messageType);
  return message !== undefined && reader.done() ? ok(message) : fail({ code: 'malformed', at: reader.at() });
};
