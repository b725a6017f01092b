/** Bytes of every kind of entry body: one writer and one reader per kind, positions in the order of entry.ts. */
import { readDecision, writeDecision } from './decisionCodec.ts';
import {
  KIND,
  LANE,
  type Account,
  type Attachment,
  type Body,
  type Claim,
  type Kind,
  type Lane,
  type Need,
  type Receipt,
  type Vote,
} from './entry.ts';
import type { Id, Signature, TextHash } from './ids.ts';
import {
  AMOUNT_END,
  COUNT_END,
  MAX_ATTACHMENT_BYTES,
  MAX_CLAIMS,
  MAX_HAVE,
  MAX_NAME_BYTES,
  MAX_VOTES,
  MAX_WITNESSES,
  NEED_CATEGORY_END,
  TIME_END,
} from './limits.ts';
import {
  readGrant,
  readJoinRequest,
  readPolicy,
  writeGrant,
  writeJoinRequest,
  writePolicy,
} from './policyCodec.ts';
import {
  endArray,
  readArray,
  readHex,
  readRareHex,
  readInt,
  readList,
  readOrNull,
  readText,
  refuse,
  type Reader,
} from './reader.ts';
import {
  writeArray,
  writeHex,
  writeInt,
  writeList,
  writeNull,
  writeOrNull,
  writeText,
  type Writer,
} from './writer.ts';
import { readSaid, writeSaid } from './voiceCodec.ts';

const ACCOUNT = { device: 0, commons: 1, token: 2 } as const;

/** Which lane a kind belongs to; undefined: no kind of this version. */
export function laneOfKind(kind: number): Lane | undefined {
  switch (kind) {
    case KIND.pay:
    case KIND.claim:
      return LANE.account;
    case KIND.have:
    case KIND.joinRequest:
    case KIND.offerKeeping:
    case KIND.motion:
    case KIND.approve:
    case KIND.comment:
    case KIND.bookKeys:
    case KIND.sharedText:
    case KIND.askRoom:
    case KIND.foundAnew:
    case KIND.goAlong:
      return LANE.voice;
    case KIND.votes:
    case KIND.propose:
    case KIND.prevote:
    case KIND.precommit:
    case KIND.stop:
    case KIND.opening:
      return LANE.witness;
    case KIND.found:
      return LANE.founding;
    default:
      return undefined;
  }
}

function writeAccount(w: Writer, account: Account): void {
  writeArray(w, 2);
  writeInt(w, ACCOUNT[account.type]);
  switch (account.type) {
    case 'device':
      return writeHex(w, account.device);
    case 'commons':
      return writeInt(w, account.commons);
    case 'token':
      return writeHex(w, account.token);
  }
}
function readAccount(r: Reader): Account {
  readArray(r, 'to', 2);
  const type = readInt(r, 'accountType', 0, 3);
  const account: Account =
    type === ACCOUNT.commons
      ? { type: 'commons', commons: readInt(r, 'commons', 0, COUNT_END) }
      : type === ACCOUNT.token
        ? { type: 'token', token: readHex(r, 'token') }
        : { type: 'device', device: readHex(r, 'device') };
  endArray(r);
  return account;
}
export const writeNeed = (w: Writer, need: Need): void => {
  writeArray(w, 2);
  writeInt(w, need.category);
  writeInt(w, need.quantity);
};
export function readNeed(r: Reader): Need {
  readArray(r, 'need', 2);
  const need = {
    category: readInt(r, 'category', 0, NEED_CATEGORY_END),
    quantity: readInt(r, 'quantity', 0, AMOUNT_END),
  };
  endArray(r);
  return need;
}
const writeClaim = (w: Writer, claim: Claim): void => {
  writeArray(w, 2);
  writeHex(w, claim.debit);
  writeInt(w, claim.amount);
};
/** A gift of 0 moves nothing, so nothing can be claimed of it [P4]. */
function readClaim(r: Reader): Claim {
  readArray(r, 'claim', 2);
  const claim: Claim = { debit: readHex(r, 'debit'), amount: readInt(r, 'claimAmount', 1, AMOUNT_END) };
  endArray(r);
  return claim;
}
const writeAttachment = (w: Writer, attachment: Attachment): void => {
  writeArray(w, 3);
  writeHex(w, attachment.hash);
  writeInt(w, attachment.length);
  writeInt(w, attachment.erasable ? 1 : 0);
};
function readAttachment(r: Reader): Attachment {
  readArray(r, 'attachment', 3);
  const hash: Id = readHex(r, 'attachmentHash');
  const length = readInt(r, 'attachmentLength', 0, MAX_ATTACHMENT_BYTES + 1);
  const erasable = readInt(r, 'erasable', 0, 2) === 1;
  endArray(r);
  return { hash, length, erasable };
}
const writeVote = (w: Writer, vote: Vote): void => {
  writeArray(w, 4);
  writeHex(w, vote.device);
  writeInt(w, vote.incarnation);
  writeInt(w, vote.seq);
  writeHex(w, vote.id);
};
function readVote(r: Reader): Vote {
  readArray(r, 'vote', 4);
  const vote: Vote = {
    device: readHex(r, 'device'),
    incarnation: readInt(r, 'incarnation', 0, COUNT_END),
    seq: readInt(r, 'seq', 0, COUNT_END),
    id: readHex(r, 'id'),
  };
  endArray(r);
  return vote;
}
const writeReceipt = (w: Writer, receipt: Receipt): void => {
  writeArray(w, 2);
  writeHex(w, receipt.id);
  writeList(w, receipt.votes, (inner, vote) => {
    writeArray(inner, 2);
    writeInt(inner, vote.witness);
    writeInt(inner, vote.seq);
  });
};
function readCertificateVote(r: Reader): { witness: number; seq: number } {
  readArray(r, 'certificateVote', 2);
  const vote = {
    witness: readInt(r, 'witness', 0, MAX_WITNESSES),
    seq: readInt(r, 'seq', 0, COUNT_END),
  };
  endArray(r);
  return vote;
}
function readReceipt(r: Reader): Receipt {
  readArray(r, 'receipt', 2);
  const id: Id = readHex(r, 'id');
  const votes = readList(r, 'certificate', MAX_WITNESSES, readCertificateVote);
  endArray(r);
  return { id, votes };
}
/** Writes the body's array; its kind stands before it, in the entry. */
export function writeBody(w: Writer, body: Body): void {
  switch (body.kind) {
    case KIND.pay:
      writeArray(w, 11);
      writeList(w, body.claims, writeClaim);
      writeInt(w, body.limitRef);
      writeInt(w, body.logHeight);
      writeInt(w, body.balanceAfter);
      writeInt(w, body.amount);
      writeAccount(w, body.to);
      writeOrNull(w, body.need, writeNeed);
      writeOrNull(w, body.invoice, writeHex);
      writeOrNull(w, body.memo, writeHex);
      writeOrNull(w, body.attachment, writeAttachment);
      return writeInt(w, body.at);
    case KIND.claim:
      writeArray(w, 4);
      writeList(w, body.claims, writeClaim);
      writeInt(w, body.limitRef);
      writeInt(w, body.logHeight);
      return writeInt(w, body.balanceAfter);
    case KIND.have:
      writeArray(w, 1);
      return writeList(w, body.ids, writeHex);
    case KIND.joinRequest:
      writeArray(w, 1);
      return writeJoinRequest(w, body.request);
    case KIND.offerKeeping:
      writeArray(w, 2);
      writeHex(w, body.witness);
      return writeOrNull(w, body.consent, writeHex);
    case KIND.motion:
    case KIND.approve:
    case KIND.comment:
    case KIND.bookKeys:
    case KIND.sharedText:
    case KIND.askRoom:
    case KIND.foundAnew:
    case KIND.goAlong:
    case KIND.stop:
    case KIND.opening:
      return writeSaid(w, body);
    case KIND.votes:
      writeArray(w, 2);
      writeList(w, body.votes, writeVote);
      return writeList(w, body.receipts, writeReceipt);
    case KIND.propose:
      writeArray(w, 2);
      writeInt(w, body.round);
      return writeDecision(w, body.decision);
    case KIND.prevote:
    case KIND.precommit:
      writeArray(w, 3);
      writeInt(w, body.height);
      writeInt(w, body.round);
      return body.decision === null ? writeNull(w) : writeHex(w, body.decision);
    case KIND.found:
      writeArray(w, 10);
      writeHex(w, body.salt);
      writeText(w, body.name);
      writeText(w, body.unit);
      writeInt(w, body.decimals);
      writeHex(w, body.sealing);
      writeHex(w, body.witness);
      writeHex(w, body.memberName);
      writePolicy(w, body.policy);
      writeGrant(w, body.grant);
      return writeInt(w, body.at);
  }
}

const readEntryId = (r: Reader): Id => readHex(r, 'id');
const readInvoiceId = (r: Reader): Id => readRareHex(r, 'invoice');
const readMemo = (r: Reader): TextHash => readRareHex(r, 'memo');
const readConsent = (r: Reader): Signature => readHex(r, 'consent', 64);
const readDecisionId = (r: Reader): Id => readHex(r, 'decision');

function readHave(r: Reader): Body {
  readArray(r, 'have', 1);
  return { kind: KIND.have, ids: readList(r, 'ids', MAX_HAVE, readEntryId) };
}
const readClaims = (r: Reader): readonly Claim[] => readList(r, 'claims', MAX_CLAIMS, readClaim);
const readLimitRef = (r: Reader): number => readInt(r, 'limitRef', 0, COUNT_END);
const readLogHeight = (r: Reader): number => readInt(r, 'logHeight', 0, COUNT_END);
const readBalanceAfter = (r: Reader): number => readInt(r, 'balanceAfter', 1 - AMOUNT_END, AMOUNT_END);
function readVotes(r: Reader): Body {
  readArray(r, 'votes', 2);
  const start = r.at;
  const votes = readList(r, 'votes', MAX_VOTES, readVote);
  const receipts = readList(r, 'receipts', MAX_VOTES, readReceipt);
  if (votes.length + receipts.length > MAX_VOTES) refuse(r, 'wrong-length', 'votes', start);
  return { kind: KIND.votes, votes, receipts };
}

/** Reads the body of that kind. An unknown kind is a fault. */
export function readBody(r: Reader, kind: Kind): Body {
  const body = readBodyOpen(r, kind);
  endArray(r);
  return body;
}
function readBodyOpen(r: Reader, kind: Kind): Body {
  switch (kind) {
    case KIND.pay:
      readArray(r, 'pay', 11);
      return {
        kind,
        claims: readClaims(r),
        limitRef: readLimitRef(r),
        logHeight: readLogHeight(r),
        balanceAfter: readBalanceAfter(r),
        amount: readInt(r, 'amount', 0, AMOUNT_END),
        to: readAccount(r),
        need: readOrNull(r, readNeed),
        invoice: readOrNull(r, readInvoiceId),
        memo: readOrNull(r, readMemo),
        attachment: readOrNull(r, readAttachment),
        at: readInt(r, 'at', 0, TIME_END),
      };
    case KIND.claim:
      readArray(r, 'claim', 4);
      return {
        kind,
        claims: readClaims(r),
        limitRef: readLimitRef(r),
        logHeight: readLogHeight(r),
        balanceAfter: readBalanceAfter(r),
      };
    case KIND.have:
      return readHave(r);
    case KIND.joinRequest:
      readArray(r, 'joinRequest', 1);
      return { kind, request: readJoinRequest(r) };
    case KIND.offerKeeping:
      readArray(r, 'offerKeeping', 2);
      return { kind, witness: readHex(r, 'witness'), consent: readOrNull(r, readConsent) };
    case KIND.motion:
    case KIND.approve:
    case KIND.comment:
    case KIND.bookKeys:
    case KIND.sharedText:
    case KIND.askRoom:
    case KIND.foundAnew:
    case KIND.goAlong:
    case KIND.stop:
    case KIND.opening:
      return readSaid(r, kind);
    case KIND.votes:
      return readVotes(r);
    case KIND.propose:
      readArray(r, 'propose', 2);
      return { kind, round: readInt(r, 'round', 0, COUNT_END), decision: readDecision(r) };
    case KIND.prevote:
    case KIND.precommit:
      readArray(r, 'round', 3);
      return {
        kind,
        height: readInt(r, 'height', 1, COUNT_END),
        round: readInt(r, 'round', 0, COUNT_END),
        decision: readOrNull(r, readDecisionId),
      };
    case KIND.found:
      readArray(r, 'found', 10);
      return {
        kind,
        salt: readHex(r, 'salt', 16),
        name: readText(r, 'name', MAX_NAME_BYTES),
        unit: readText(r, 'unit', MAX_NAME_BYTES),
        decimals: readInt(r, 'decimals', 0, 5),
        sealing: readHex(r, 'sealing'),
        witness: readHex(r, 'witness'),
        memberName: readHex(r, 'memberName'),
        policy: readPolicy(r),
        grant: readGrant(r),
        at: readInt(r, 'at', 0, TIME_END),
      };
  }
}
