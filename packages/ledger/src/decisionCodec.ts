/** Bytes of the circle log's decisions [L0]. */
import type { Approval, Decision } from './act.ts';
import { readAct, writeAct } from './actCodec.ts';
import type { Id } from './ids.ts';
import { COUNT_END, MAX_APPROVALS } from './limits.ts';
import { endArray, readArray, readHex, readInt, readList, type Reader } from './reader.ts';
import { writeArray, writeHex, writeInt, writeList, type Writer } from './writer.ts';

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
