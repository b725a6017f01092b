/** What people consent to: an act without the proofs that are gathered later, and the statement they sign [L3]. */
import { sha256 } from '@noble/hashes/sha2.js';
import type { Act, Closing } from './act.ts';
import { writeAct } from './actCodec.ts';
import { concatBytes, toHex } from './bytes.ts';
import type { Id } from './ids.ts';
import { bytesOf, DOMAIN } from './statements.ts';
import { createWriter, writeInt, written } from './writer.ts';

/** The act as people propose it: whose accounts are closed is theirs to say, how is not. */
export function asProposed(act: Act): Act {
  switch (act.type) {
    case 'limits':
      return { ...act, closing: null };
    case 'standing':
      return { ...act, closings: [], key: null };
    case 'replace':
      return { ...act, closings: act.closings.map(named), key: null };
    default:
      return act;
  }
}
const named = ({ device }: Closing): Closing => ({ device, incarnation: 0, stops: [] });

/**
 * SHA-256(domain ‖ circle ‖ book, the act as proposed): one name for a motion, whoever carries it out and how. A
 * consent counts in the book that it was given in: the next one does not know which motions were carried out before.
 */
export function motionId(circle: Id, book: number, act: Act): Id {
  const w = createWriter();
  writeInt(w, book);
  writeAct(w, asProposed(act));
  return toHex(sha256(concatBytes(DOMAIN.motion, bytesOf(circle), written(w)))) as Id;
}
/** What somebody signs who consents. */
export const approvalStatement = (motion: Id): Uint8Array => concatBytes(DOMAIN.approve, bytesOf(motion));
