/** Bytes of the circle log's decisions, acts and join requests [L0]. */
import type { Act, Approval, Decision, Grant, JoinRequest } from './entry.ts';
import type { Id } from './ids.ts';
import { AMOUNT_END, COUNT_END, MAX_APPROVALS, TIME_END } from './limits.ts';
import { endArray, readArray, readHex, readInt, readList, refuse, type Reader } from './reader.ts';
import { writeArray, writeHex, writeInt, writeList, type Writer } from './writer.ts';

const ACT = { admit: 1, keeper: 2 } as const;

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
  writeInt(w, request.as === 'member' ? 0 : 1);
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
    as: readInt(r, 'as', 0, 2) === 0 ? 'member' : 'device',
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

function writeAct(w: Writer, act: Act): void {
  switch (act.type) {
    case 'admit':
      writeArray(w, 3);
      writeInt(w, ACT.admit);
      writeJoinRequest(w, act.request);
      writeGrant(w, act.grant);
      return;
    case 'keeper':
      writeArray(w, 4);
      writeInt(w, ACT.keeper);
      writeHex(w, act.device);
      writeHex(w, act.witness);
      writeHex(w, act.consent);
  }
}
function readAct(r: Reader): Act {
  const start = r.at;
  // The kind decides how long the array is: look one item ahead.
  const kind = r.bytes[start + 1];
  if (kind === ACT.admit) {
    readArray(r, 'act', 3);
    readInt(r, 'actKind', 0, COUNT_END);
    const act: Act = { type: 'admit', request: readJoinRequest(r), grant: readGrant(r) };
    endArray(r);
    return act;
  }
  if (kind !== ACT.keeper) refuse(r, 'unknown-kind', 'act', start);
  readArray(r, 'act', 4);
  readInt(r, 'actKind', 0, COUNT_END);
  const act: Act = {
    type: 'keeper',
    device: readHex(r, 'device'),
    witness: readHex(r, 'witness'),
    consent: readHex(r, 'consent', 64),
  };
  endArray(r);
  return act;
}

/** Height, decision before, act: what approvers sign and what the id covers together with their approvals. */
export function writeDecision(w: Writer, decision: Decision): void {
  writeArray(w, 4);
  writeInt(w, decision.height);
  writeHex(w, decision.prev);
  writeAct(w, decision.act);
  writeList(w, decision.approvals, (inner, approval) => {
    writeArray(inner, 2);
    writeHex(inner, approval.device);
    writeHex(inner, approval.signature);
  });
}
export function readDecision(r: Reader): Decision {
  readArray(r, 'decision', 4);
  const height = readInt(r, 'height', 1, COUNT_END);
  const prev: Id = readHex(r, 'prev');
  const act = readAct(r);
  const approvals = readList(r, 'approvals', MAX_APPROVALS, (inner): Approval => {
    readArray(inner, 'approval', 2);
    const approval: Approval = {
      device: readHex(inner, 'device'),
      signature: readHex(inner, 'signature', 64),
    };
    endArray(inner);
    return approval;
  });
  endArray(r);
  return { height, prev, act, approvals };
}
