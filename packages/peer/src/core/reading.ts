/** What a scanned or pasted text turns out to be, checked before anything is believed [P3]. */
import {
  decodeHandOver,
  decodeInvite,
  decodeInvoice,
  fail,
  ok,
  paymentOf,
  prefixOf,
  publicKeyOfSeed,
  feedOf,
  headOf,
  LANE,
  decodeEntry,
  type HandOverResolver,
  type Invite,
  type Result,
  type Sha256,
  type SignedInvoice,
} from '@corridor/ledger';
import { hexToBytes } from '@noble/hashes/utils.js';
import type { Answer, CodeView, InviteView, Refusal, RequestView } from '../view.ts';
import { allow, refuse } from './answers.ts';
import type { Circle } from './circle.ts';
import { lineById } from './lineList.ts';
import { readText } from './codes.ts';

export const inviteView = (invite: Invite): InviteView => ({
  circle: invite.circle,
  circleName: invite.circleName,
  unitName: invite.unitName,
  inviterName: invite.inviterName,
  members: invite.memberCount,
  as: invite.as,
  firstGrant: invite.firstGrant,
  decimals: invite.decimals,
  expiresAt: invite.expiresAt,
  invite: publicKeyOfSeed(hexToBytes(invite.seed)),
});
/** An invite out of a link, a pasted message or a code. */
export function readInviteText(
  text: string,
): Result<{ readonly invite: Invite; readonly bytes: Uint8Array }, Refusal> {
  const read = readText(text);
  if (read.type !== 'code' || read.kind !== 'invite') return fail({ code: 'unreadable-code', values: {} });
  const invite = decodeInvite(read.bytes);
  if (!invite.ok) return fail({ code: 'unreadable-code', values: { field: invite.fault.field } });
  return ok({ invite: invite.value, bytes: read.bytes });
}

function resolverOf(circle: Circle): HandOverResolver {
  const { ledger } = circle.replica;
  return {
    circleOf: (prefix) => (prefixOf(ledger.circle) === prefix ? ledger.circle : undefined),
    deviceOf: (_circle, ordinal) => ledger.log.ordinals[ordinal],
    invoiceOf: (_circle, prefix) => circle.invoices.byPrefix(prefix),
  };
}
/** A request to be paid out of a code, with its signature checked. */
export async function readInvoiceText(
  circle: Circle,
  text: string,
  sha256: Sha256,
): Promise<Result<SignedInvoice, Refusal>> {
  const read = readText(text);
  if (read.type !== 'code' || read.kind !== 'invoice') return fail({ code: 'unreadable-code', values: {} });
  const decoded = decodeInvoice(read.bytes, resolverOf(circle), sha256);
  if (!decoded.ok) {
    const { code } = decoded.fault;
    if (code === 'other-circle') return fail({ code: 'request-other-circle', values: {} });
    return fail({ code: code === 'unknown-device' ? 'not-a-member' : 'unreadable-code', values: {} });
  }
  return (await circle.invoices.check(decoded.value)) ? decoded : fail({ code: 'bad-signature', values: {} });
}

/** What a phone without a circle makes of a text: an invite is for it, everything else belongs to circles. */
export function readCodeOutside(text: string): CodeView {
  const read = readText(text);
  if (read.type !== 'code') return { type: read.type };
  return read.kind === 'invite' ? readInviteCode(read.bytes, text) : { type: 'needs-a-circle' };
}
function readInviteCode(bytes: Uint8Array, text: string): CodeView {
  const invite = decodeInvite(bytes);
  if (!invite.ok) return { type: invite.fault.code === 'newer-version' ? 'newer' : 'unreadable' };
  return { type: 'invite', invite: inviteView(invite.value), link: text.trim() };
}

export async function readCode(circle: Circle, text: string, sha256: Sha256): Promise<Answer<CodeView>> {
  const read = readText(text);
  if (read.type !== 'code') return allow({ type: read.type });
  switch (read.kind) {
    case 'invite':
      return allow(readInviteCode(read.bytes, text));
    case 'invoice': {
      const decoded = decodeInvoice(read.bytes, resolverOf(circle), sha256);
      if (!decoded.ok) return notOurs(decoded.fault.code);
      if (!(await circle.invoices.check(decoded.value))) return refuse('bad-signature');
      return allow({ type: 'request', request: requestView(circle, decoded.value), code: text.trim() });
    }
    case 'hand-over':
      return readHandOver(circle, read.bytes, sha256);
  }
}
function notOurs(code: string): Answer<CodeView> {
  if (code === 'other-circle') return allow({ type: 'other-circle', circleName: null });
  if (code === 'newer-version') return allow({ type: 'newer' });
  return code === 'unknown-device' ? refuse('not-a-member') : allow({ type: 'unreadable' });
}
function requestView(circle: Circle, { invoice, id }: SignedInvoice): RequestView {
  const { ledger } = circle.replica;
  const payee = ledger.log.devices.get(invoice.payee);
  if (payee === undefined) throw new Error('a request is read against the log');
  const feed = feedOf(ledger, circle.record.device, LANE.account);
  const paid = feed && paymentOf(ledger, id, headOf(feed));
  return {
    payee: payee.member,
    payeeName: circle.lineContext().memberName(payee.member),
    payeeDevice: invoice.payee,
    amount: invoice.amount,
    memo: invoice.text?.text ?? '',
    need: invoice.need,
    expiresAt: invoice.expiresAt,
    invoice: id,
    alreadyPaid: paid?.entry.id ?? null,
  };
}
/** A payment shown by the payer: kept at once, wherever its chain may be [P3]. */
async function readHandOver(circle: Circle, bytes: Uint8Array, sha256: Sha256): Promise<Answer<CodeView>> {
  const decoded = decodeHandOver(bytes, resolverOf(circle));
  if (!decoded.ok) return notOurs(decoded.fault.code);
  const taken = await circle.handed.take(decoded.value.bytes, decoded.value.signature);
  switch (taken) {
    case 'bad-signature':
    case 'storage-refused':
      return refuse(taken);
    case 'not-a-payment':
      return allow({ type: 'unreadable' });
    case 'kept':
    case 'known': {
      const entry = decodeEntry(decoded.value.bytes, circle.replica.circle, sha256);
      const line = entry.ok ? lineById(circle, entry.value.id) : undefined;
      return line === undefined
        ? refuse('internal')
        : allow({ type: 'payment', line, news: taken === 'kept' });
    }
  }
}
