/**
 * An invite as it stands in a link or a code [S2]: what the newcomer needs to ask to be let in, and what they should
 * read before they ask. Everything in it that is not signed is checked against the log once there is one.
 */
import { readGrant, writeGrant } from './policyCodec.ts';
import { readCodeHead, writeCodeHead } from './code.ts';
import type { Grant, JoinRequest } from './act.ts';
import type { DeviceKey, Id, Signature } from './ids.ts';
import {
  MAX_INVITE_BYTES,
  MAX_INVITE_RELAYS,
  MAX_NAME_BYTES,
  MAX_RELAY_ADDRESS_BYTES,
  MEMBER_COUNT_END,
  TIME_END,
} from './limits.ts';
import {
  createReader,
  endArray,
  readEnd,
  readHex,
  readInt,
  readList,
  readText,
  type DecodeFault,
} from './reader.ts';
import { fail, ok, type Result } from './result.ts';
import { JOIN_AS } from './statements.ts';
import { createWriter, writeHex, writeInt, writeList, writeText, written } from './writer.ts';

export interface Invite {
  readonly circle: Id;
  /** The newest decision the inviter knew. */
  readonly decision: Id;
  /** The one-time Ed25519 seed: 32 bytes, hex. Whoever holds it can join once. */
  readonly seed: string;
  readonly inviter: DeviceKey;
  readonly inviterSignature: Signature;
  readonly as: JoinRequest['as'];
  /** Unix seconds: the admitters' courtesy, never validity. */
  readonly expiresAt: number;
  readonly circleName: string;
  readonly unitName: string;
  /** Digits after the point, 0 to 4. */
  readonly decimals: number;
  readonly firstGrant: Grant;
  readonly inviterName: string;
  readonly memberCount: number;
  /** Where members meet, besides the page's own relay; at most {@link MAX_INVITE_RELAYS}. */
  readonly relays: readonly string[];
}
const FIELDS = 14;

/** At most {@link MAX_INVITE_BYTES}; names beyond their bound are the caller's broken invariant and throw. */
export function encodeInvite(invite: Invite): Uint8Array {
  const w = createWriter();
  writeCodeHead(w, 'invite', FIELDS);
  writeHex(w, invite.circle);
  writeHex(w, invite.decision);
  writeHex(w, invite.seed);
  writeHex(w, invite.inviter);
  writeHex(w, invite.inviterSignature);
  writeInt(w, JOIN_AS.indexOf(invite.as));
  writeInt(w, invite.expiresAt);
  writeText(w, invite.circleName);
  writeText(w, invite.unitName);
  writeInt(w, invite.decimals);
  writeGrant(w, invite.firstGrant);
  writeText(w, invite.inviterName);
  writeInt(w, invite.memberCount);
  writeList(w, invite.relays, writeText);
  const bytes = written(w);
  const read = decodeInvite(bytes);
  if (!read.ok) throw new RangeError(`an invite with a wrong ${read.fault.field}: ${read.fault.code}`);
  return bytes;
}
/** Total: the fault names the field that is wrong. */
export function decodeInvite(bytes: Uint8Array): Result<Invite, DecodeFault> {
  if (bytes.length > MAX_INVITE_BYTES)
    return fail({ code: 'oversize', at: MAX_INVITE_BYTES, field: 'invite' });
  const r = createReader(bytes);
  readCodeHead(r, 'invite', FIELDS);
  const invite: Invite = {
    circle: readHex(r, 'circle'),
    decision: readHex(r, 'decision'),
    seed: readHex(r, 'seed'),
    inviter: readHex(r, 'inviter'),
    inviterSignature: readHex(r, 'inviterSignature', 64),
    as: JOIN_AS[readInt(r, 'as', 0, JOIN_AS.length)] ?? 'member',
    expiresAt: readInt(r, 'expiresAt', 0, TIME_END),
    circleName: readText(r, 'circleName', MAX_NAME_BYTES),
    unitName: readText(r, 'unitName', MAX_NAME_BYTES),
    decimals: readInt(r, 'decimals', 0, 5),
    firstGrant: readGrant(r),
    inviterName: readText(r, 'inviterName', MAX_NAME_BYTES),
    memberCount: readInt(r, 'memberCount', 1, MEMBER_COUNT_END),
    relays: readList(r, 'relays', MAX_INVITE_RELAYS, (inner) =>
      readText(inner, 'relay', MAX_RELAY_ADDRESS_BYTES),
    ),
  };
  endArray(r);
  const fault = readEnd(r);
  return fault === undefined ? ok(invite) : fail(fault);
}
