/**
 * The cryptography of HELLO and MEMBER: HMAC-SHA-256 under a secret that only holders of one epoch's book key
 * can derive. Every input names its purpose, and everything binds both transport peer ids, both nonces, the
 * circle and the roles, so nothing said on one link has a meaning on another.
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, fromHex, toHex, utf8Bytes } from '@corridor/ledger';
import type { DeviceKey, Id, Signature } from '@corridor/ledger';
import { MEMBER_BYTES, TAG_BYTES } from './messageCodec.ts';
import { createWriter } from './wire.ts';

export type Role = 'opener' | 'answerer';

/** What both ends know of a link before the first message. */
export interface LinkNames {
  readonly circle: Id;
  /** Transport peer ids. */
  readonly opener: string;
  readonly answerer: string;
}
/** One side's HELLO as far as the keys depend on it. */
export interface HelloPart {
  readonly version: number;
  readonly nonce: Uint8Array;
}
export interface MemberProof {
  readonly device: DeviceKey;
  readonly signature: Signature;
}

const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const PROOF_BYTES = KEY_BYTES + SIGNATURE_BYTES;

const bytesOf = (hex: string): Uint8Array => {
  const bytes = fromHex(hex);
  if (bytes === undefined) throw new Error('not hex');
  return bytes;
};
const mac = (key: Uint8Array, purpose: string, ...parts: readonly Uint8Array[]): Uint8Array =>
  hmac(sha256, key, concatBytes(utf8Bytes(`corridor/sync/${purpose}/1\0`), ...parts));

/** Whether two MACs agree, in a time that does not tell where they differ. */
const sameMac = (a: Uint8Array, b: Uint8Array): boolean => {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] as number);
  return difference === 0;
};

const namesBytes = (names: LinkNames): Uint8Array => {
  const writer = createWriter();
  writer.raw(bytesOf(names.circle));
  writer.counted(utf8Bytes(names.opener));
  writer.counted(utf8Bytes(names.answerer));
  return writer.finish();
};
const helloBytes = (hello: HelloPart): Uint8Array => {
  const writer = createWriter();
  writer.varint(hello.version);
  writer.counted(hello.nonce);
  return writer.finish();
};

/** What sessions know of a book key (32 bytes in, 32 out): it proves the key and opens nothing. */
export const sessionSecret = (bookKey: Uint8Array): Uint8Array => mac(bookKey, 'secret');

/** The opener's tag under one epoch's secret. It is not fresh, and worth nothing to another peer id. */
export const openerTag = (secret: Uint8Array, names: LinkNames, opener: HelloPart): Uint8Array =>
  mac(secret, 'opener', namesBytes(names), helloBytes(opener)).slice(0, TAG_BYTES);

/** The answerer's tag, over both nonces. */
export const answererTag = (
  secret: Uint8Array,
  names: LinkNames,
  opener: HelloPart,
  answerer: HelloPart,
): Uint8Array =>
  mac(secret, 'answerer', namesBytes(names), helloBytes(opener), helloBytes(answerer)).slice(0, TAG_BYTES);

/** The first of `secrets` under which `tagOf` gives one of `tags`. */
export const findSecret = <Secret>(
  secrets: readonly Secret[],
  tags: readonly Uint8Array[],
  tagOf: (secret: Secret) => Uint8Array,
): Secret | undefined =>
  secrets.find((secret) => {
    const expected = tagOf(secret);
    return tags.some((tag) => sameMac(tag, expected));
  });

/** 32 bytes that only the two ends of this link can derive; all that follows hangs on them. */
export const sessionKey = (
  secret: Uint8Array,
  names: LinkNames,
  opener: HelloPart,
  answerer: HelloPart,
): Uint8Array => mac(secret, 'session', namesBytes(names), helloBytes(opener), helloBytes(answerer));

/** The salt of ROOT and FRONTIER: heads can be compared in this session and recognised in no other. */
export const frontierSalt = (key: Uint8Array): Uint8Array => mac(key, 'frontier');

/**
 * What a device signs to prove that it is on this link in this role. A MAC, not the transcript itself: outside
 * this session the signature says nothing about who met whom.
 */
export const memberMessage = (key: Uint8Array, role: Role, device: DeviceKey): Uint8Array =>
  concatBytes(utf8Bytes('corridor/sync/member/1\0'), mac(key, `member/${role}`, bytesOf(device)));

const keystream = (key: Uint8Array, role: Role): Uint8Array =>
  concatBytes(...[0, 1, 2].map((block) => mac(key, `mask/${role}`, Uint8Array.of(block))));
const masked = (key: Uint8Array, role: Role, bytes: Uint8Array): Uint8Array => {
  const stream = keystream(key, role);
  return bytes.map((byte, i) => byte ^ (stream[i] as number));
};
const proofMac = (key: Uint8Array, role: Role, hidden: Uint8Array): Uint8Array =>
  mac(key, `proof/${role}`, hidden).slice(0, TAG_BYTES);

/** Device key and signature XORed with a keystream that is used once (key and role are), then a MAC. */
export const sealMember = (key: Uint8Array, role: Role, proof: MemberProof): Uint8Array => {
  const hidden = masked(key, role, concatBytes(bytesOf(proof.device), bytesOf(proof.signature)));
  return concatBytes(hidden, proofMac(key, role, hidden));
};

/** The other side's proof; undefined if it was not sealed in this session by that role. */
export const openMember = (key: Uint8Array, role: Role, sealed: Uint8Array): MemberProof | undefined => {
  if (sealed.length !== MEMBER_BYTES) return undefined;
  const hidden = sealed.subarray(0, PROOF_BYTES);
  if (!sameMac(sealed.subarray(PROOF_BYTES), proofMac(key, role, hidden))) return undefined;
  const open = masked(key, role, hidden);
  return {
    device: toHex(open.subarray(0, KEY_BYTES)) as DeviceKey,
    signature: toHex(open.subarray(KEY_BYTES)) as Signature,
  };
};
