/** Bytes of grants, policies and join requests: what acts and the founding are made of [L0]. */
import {
  CONSENTS,
  type CirclePolicy,
  type CircleRules,
  type Consent,
  type Grant,
  type JoinRequest,
  type Policy,
  type Share,
} from './act.ts';
import {
  AMOUNT_END,
  BOOK_DAYS_END,
  COUNT_END,
  MAX_WITNESSES,
  NEWCOMERS_SHARE_END,
  PERMILLE_END,
  SHARE_END,
  TIME_END,
} from './limits.ts';
import { endArray, readArray, readHex, readInt, refuse, type Reader } from './reader.ts';
import { JOIN_AS } from './statements.ts';
import { writeArray, writeHex, writeInt, type Writer } from './writer.ts';

export function writeGrant(w: Writer, grant: Grant): void {
  writeArray(w, 2);
  writeInt(w, grant.lowestBalance);
  writeInt(w, grant.highestBalance);
}
export function readGrant(r: Reader): Grant {
  readArray(r, 'grant', 2);
  const lowestBalance = readInt(r, 'lowestBalance', 1 - AMOUNT_END, 1);
  const highestBalance = readInt(r, 'highestBalance', 0, AMOUNT_END);
  endArray(r);
  return { lowestBalance, highestBalance };
}

export function writeJoinRequest(w: Writer, request: JoinRequest): void {
  writeArray(w, 12);
  writeHex(w, request.device);
  writeHex(w, request.sealing);
  writeHex(w, request.name);
  writeInt(w, JOIN_AS.indexOf(request.as));
  writeHex(w, request.invite);
  writeHex(w, request.inviter);
  writeHex(w, request.decision);
  writeInt(w, request.expiresAt);
  writeHex(w, request.nonce);
  writeHex(w, request.inviterSignature);
  writeHex(w, request.inviteProof);
  writeHex(w, request.deviceProof);
}
export function readJoinRequest(r: Reader): JoinRequest {
  readArray(r, 'joinRequest', 12);
  const request: JoinRequest = {
    device: readHex(r, 'device'),
    sealing: readHex(r, 'sealing'),
    name: readHex(r, 'name'),
    as: JOIN_AS[readInt(r, 'as', 0, JOIN_AS.length)] ?? 'member',
    invite: readHex(r, 'invite'),
    inviter: readHex(r, 'inviter'),
    decision: readHex(r, 'decision'),
    expiresAt: readInt(r, 'expiresAt', 0, TIME_END),
    nonce: readHex(r, 'nonce', 16),
    inviterSignature: readHex(r, 'inviterSignature', 64),
    inviteProof: readHex(r, 'inviteProof', 64),
    deviceProof: readHex(r, 'deviceProof', 64),
  };
  endArray(r);
  return request;
}

export function writePolicy(w: Writer, policy: Policy): void {
  writeArray(w, 6);
  writeInt(w, policy.admission === 'inviter' ? 0 : 1);
  writeGrant(w, policy.firstGrant);
  writeInt(w, policy.smallAmount);
  writeInt(w, policy.offlineAmount);
  writeInt(w, policy.maxEntries);
  writeInt(w, policy.maxBytes);
}
export function readPolicy(r: Reader): Policy {
  readArray(r, 'policy', 6);
  const policy: Policy = {
    admission: readInt(r, 'admission', 0, 2) === 0 ? 'inviter' : 'stewards',
    firstGrant: readGrant(r),
    smallAmount: readInt(r, 'smallAmount', 0, AMOUNT_END),
    offlineAmount: readInt(r, 'offlineAmount', 0, AMOUNT_END),
    maxEntries: readInt(r, 'maxEntries', 1, COUNT_END),
    maxBytes: readInt(r, 'maxBytes', 1, COUNT_END),
  };
  endArray(r);
  return policy;
}

function writeShare(w: Writer, { least, parts, of }: Share): void {
  writeArray(w, 3);
  writeInt(w, least);
  writeInt(w, parts);
  writeInt(w, of);
}
function readShare(r: Reader): Share {
  const start = r.at;
  readArray(r, 'share', 3);
  const share: Share = {
    least: readInt(r, 'least', 0, MAX_WITNESSES + 1),
    parts: readInt(r, 'parts', 0, SHARE_END),
    of: readInt(r, 'of', 1, SHARE_END),
  };
  endArray(r);
  if (share.parts > share.of) refuse(r, 'out-of-range', 'share', start);
  return share;
}
/** The founding's part and the rest of the rules, which the founding leaves at their defaults. */
export function writeCirclePolicy(w: Writer, policy: CirclePolicy): void {
  writeArray(w, 7);
  writePolicy(w, policy);
  writeArray(w, CONSENTS.length);
  for (const consent of CONSENTS) writeShare(w, policy.consents[consent]);
  writeInt(w, policy.belowLowest === 'refuse' ? 0 : 1);
  writeInt(w, policy.newcomersShare);
  writeInt(w, policy.levyPermille);
  writeInt(w, policy.demurragePermille);
  writeInt(w, policy.bookDays);
}
export function readCirclePolicy(r: Reader): CirclePolicy {
  readArray(r, 'circlePolicy', 7);
  const policy = readPolicy(r);
  readArray(r, 'consents', CONSENTS.length);
  const shares = CONSENTS.map((consent): readonly [Consent, Share] => [consent, readShare(r)]);
  endArray(r);
  const rules: CircleRules = {
    consents: Object.fromEntries(shares) as Record<Consent, Share>,
    belowLowest: readInt(r, 'belowLowest', 0, 2) === 0 ? 'refuse' : 'warn',
    newcomersShare: readInt(r, 'newcomersShare', 0, NEWCOMERS_SHARE_END),
    levyPermille: readInt(r, 'levyPermille', 0, PERMILLE_END),
    demurragePermille: readInt(r, 'demurragePermille', 0, PERMILLE_END),
    bookDays: readInt(r, 'bookDays', 0, BOOK_DAYS_END),
  };
  endArray(r);
  return { ...policy, ...rules };
}
